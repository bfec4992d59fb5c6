/** A partner with two contract agreements in PRISM: only the picked one's invoices are candidates (F14). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { workerOf } from '#lib/sync/testing/processes.ts'
import { program } from '#lib/sync/testing/world.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createPrism, type Prism } from '#standin/prism/prism.ts'
import { agreementId, licences, partner, start, tenant } from '#standin/prism/testing.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { excludeInvoice } from './pick.ts'

const second = '5f0e0000-0000-4000-8000-00000000a002'

let database: TestDatabase
let db: Database
let prism: Prism
let connectWise: ConnectWise
let url: string
let worker: Worker
let close: () => Promise<void>
beforeEach(async () => {
  database = await createTestDatabase()
  const opened = openDatabase(database.url)
  db = opened.db
  const other = { ...tenant('tenant-2', 'Fabrikam', 'fabrikam.example'), contractAgreementId: second }
  // A customer under both: its line is on either file.
  const both = { ...tenant('tenant-3', 'Litware', 'litware.example'), contractAgreementId: agreementId }
  const alsoThere = { ...both, tenantId: 'tenant-4', contractAgreementId: second }
  const of = (at: number) => ({
    ...licences(start(5)),
    subscriptionId: `sub-${at}`,
    tenantId: `tenant-${at}`,
  })
  prism = createPrism({
    issuedAtStart: 2,
    seed: {
      partners: [
        partner({
          contractAgreements: [
            { id: agreementId, number: '1000001' },
            { id: second, number: '1000002' },
          ],
          tenants: [tenant('tenant-1'), other, both, alsoThere],
          histories: [1, 2, 3, 4].map(of),
        }),
      ],
    },
  })
  connectWise = createConnectWise({ seed: tinySeed() })
  url = await prism.listen(0)
  worker = workerOf(db, { prism: url, connectWise: await connectWise.listen(0) })
  close = async () => {
    await closeQueue(db)
    await opened.close()
    await Promise.all([prism.close(), connectWise.close()])
    await database.drop()
  }
})
afterEach(() => close())

const picked = async (contractAgreementId: string | null, organisationId?: string): Promise<string> => {
  const id = organisationId ?? (await createOrganisation(db, { name: 'Northwind' })).id
  const found = programBySlug(program)
  if (found === undefined) throw new Error('There is no program')
  await putProgramSettings(db, id, program, { ...found.defaults, enabled: true, contractAgreementId })
  return id
}
const look = async (organisationId: string): Promise<void> => {
  await enqueueDetect(db, { organisationId, program })
  await drain(worker, { budgetMs: 30_000 })
}
/** By invoice: month, and its state, or why it is left out. */
const states = async (organisationId: string) =>
  Object.fromEntries(
    (await invoicesOf(db, organisationId, program)).map(({ id, period, state, reasonCode }) => [
      id,
      `${period} ${reasonCode ?? state}`,
    ]),
  )
const ofFirst = { '90001': '2026-04 ready', '90002': '2026-04 other-agreement' }
const ofSecond = { '90001': '2026-04 other-agreement', '90002': '2026-04 ready' }

describe('two contract agreements [F14]', () => {
  it('make the invoices of the one that is picked ready, without a hand, and list the others with the reason', async () => {
    const organisationId = await picked(agreementId)
    await look(organisationId)
    expect(await states(organisationId)).toMatchObject({
      ...ofFirst,
      '90003': '2026-05 ready',
      '90004': '2026-05 other-agreement',
    })
    const [, left] = await invoicesOf(db, organisationId, program)
    expect(left?.reason).toBe('It is of another contract agreement than the one that syncs (number 1000002).')
    await look(organisationId)
    expect(await states(organisationId)).toMatchObject(ofFirst)
  })

  it('stay apart where each of two organisations picks another one', async () => {
    const [ours, theirs] = [await picked(agreementId), await picked(second)]
    await look(ours)
    await look(theirs)
    expect(await states(ours)).toMatchObject(ofFirst)
    expect(await states(theirs)).toMatchObject(ofSecond)
  })

  it('change places with the next look where the other one is picked', async () => {
    const organisationId = await picked(agreementId)
    await look(organisationId)
    await picked(second, organisationId)
    await look(organisationId)
    expect(await states(organisationId)).toMatchObject(ofSecond)
    await picked(agreementId, organisationId)
    await look(organisationId)
    expect(await states(organisationId)).toMatchObject(ofFirst)
  })

  it('leave alone what a person decided about', async () => {
    const organisationId = await picked(agreementId)
    // One file is odd, so that a person is asked about it, and says no.
    const path = `${url}/control/invoices/90001/csv`
    const csv = await (await fetch(path)).text()
    await fetch(path, { method: 'PUT', body: csv.replaceAll(',5,1,', ',-5,1,') })
    await look(organisationId)
    expect(await states(organisationId)).toMatchObject({ '90001': '2026-04 negative-line' })
    const said = { db, organisationId, program, invoiceId: '90001', actor: 'Ann', now: new Date() }
    await excludeInvoice(said)
    await look(organisationId)
    expect((await invoicesOf(db, organisationId, program)).find(({ id }) => id === '90001')?.state).toBe(
      'excluded',
    )
  })

  it('sync nothing while none is picked, and say so', async () => {
    const organisationId = await picked(null)
    await look(organisationId)
    expect(await invoicesOf(db, organisationId, program)).toEqual([])
    expect(await programSettings(db, organisationId, program)).toMatchObject({
      contractAgreementId: null,
      lastCheckError: expect.stringMatching(/^PRISM lists 2 contract agreements .*, and none is picked/),
    })
  })
})
