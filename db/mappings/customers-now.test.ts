/** How the customers are now, whichever run said so (G1). */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { createRun, updateUnfinishedItem } from '#db/runs/runs.ts'
import type { Status } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from '../client.ts'
import { syncingByStatus } from './customers.ts'
import { putMapping } from './mappings.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let open: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

const organisation = async () => (await createOrganisation(open.db, { name: 'Northwind' })).id
/** A run of agreements with the status that each ended with; `null`: it goes on. */
const run = async (organisationId: string, ended: Readonly<Record<number, Status | null>>) => {
  const items = Object.keys(ended).map((id) => ({
    agreementId: Number(id),
    agreementName: '',
    companyId: 10,
    companyName: '',
    tenantIds: [],
  }))
  const of = { program, kind: 'customers', trigger: 'schedule', actor: 'Scheduled' } as const
  const { id } = await createRun(open.db, organisationId, of, items)
  for (const [agreementId, status] of Object.entries(ended))
    if (status !== null)
      await updateUnfinishedItem(open.db, organisationId, id, Number(agreementId), {
        state: 'finished',
        status,
        finishedAt: new Date(),
      })
}

it('counts each customer that syncs once, by the last sync of its agreement that has ended [G1]', async () => {
  const [ours, theirs] = [await organisation(), await organisation()]
  const map = (tenantId: string, agreementId: number, syncEnabled = true) =>
    putMapping(open.db, ours, program, tenantId, { companyId: 10, agreementId, syncEnabled })
  await map('coho', 1)
  await map('fabrikam', 1)
  await map('litware', 2)
  await map('new', 3)
  await map('off', 2, false)
  await run(ours, { 1: 'Error', 2: 'Success' })
  await run(ours, { 1: 'No Change' })
  await run(ours, { 1: null, 2: 'Warning' })
  await run(theirs, { 1: 'Error' })
  expect(await syncingByStatus(open.db, ours, program)).toEqual(
    new Map([
      ['No Change', 2],
      ['Warning', 1],
      [null, 1],
    ]),
  )
  expect(await syncingByStatus(open.db, theirs, program)).toEqual(new Map())
})
