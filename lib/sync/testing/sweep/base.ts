/** Where every case begins: April is synced and invoiced, PRISM has issued May, and nothing has been looked at since. */

import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putFormerMapping } from '#db/mappings/former-mappings.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import type { Period } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { programs } from '#lib/programs/registry.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import type { Snapshot } from '#standin/connectwise/store.ts'
import { createPrism } from '#standin/prism/prism.ts'
import { workerOf } from '../processes.ts'
import { program } from '../world.ts'
import { agreementsOf, type Customer, connectWiseSeedOf, prismSeedOf } from './mappings.ts'

export interface Organisation {
  readonly id: string
  readonly customers: readonly Customer[]
  /** ConnectWise's records at the beginning of a case. */
  readonly records: Snapshot
  /** Its PRISM's address; all cases read from the same one. */
  readonly prism: string
}

export interface Base {
  readonly organisations: readonly Organisation[]
  close(): Promise<void>
}

/** Prepares an organisation of each of `groups` in the database, which nobody is connected to afterwards. */
export const prepareBase = async (
  databaseUrl: string,
  groups: readonly (readonly Customer[])[],
): Promise<Base> => {
  const opened = openDatabase(databaseUrl)
  const held = new AsyncDisposableStack()
  const organisations: Organisation[] = []
  for (const customers of groups) organisations.push(await prepare(opened.db, customers, held))
  await closeQueue(opened.db)
  await opened.close()
  return { organisations, close: () => held.disposeAsync() }
}

const prepare = async (
  db: Database,
  customers: readonly Customer[],
  held: AsyncDisposableStack,
): Promise<Organisation> => {
  const prism = createPrism({ seed: prismSeedOf(customers), issuedAtStart: 1 })
  held.defer(() => prism.close())
  const connectWise = createConnectWise({ seed: connectWiseSeedOf(customers) })
  const addresses = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  const [microsoftCsp] = programs
  if (microsoftCsp === undefined) throw new Error('There is no program')
  await putProgramSettings(db, id, program, {
    ...microsoftCsp.defaults,
    enabled: true,
    syncAzure: true,
    firstSync: 'catch-up',
    guards: { endedShare: null, totalShare: null },
  })
  for (const customer of customers) if (!customer.isNew) await map(db, id, customer)
  await enqueueDetect(db, { organisationId: id, program })
  const worker = workerOf(db, addresses)
  const { jobsLeft } = await drain(worker, { budgetMs: 60_000 })
  if (jobsLeft > 0) throw new Error('April could not be synced')

  for (const agreementId of agreementsOf(customers))
    await fetch(`${addresses.connectWise}/control/agreements/${agreementId}/invoice`, { method: 'POST' })
  await fetch(`${addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
  for (const customer of customers) {
    for (const addition of customer.beforeMay) connectWise.store.put('additions', addition, 'GClerk')
    if (customer.isNew) await map(db, id, customer)
    if (customer.movedTo !== null) await move(db, id, customer, customer.movedTo)
  }
  const records = connectWise.store.snapshot()
  await connectWise.close()
  return { id, customers, records, prism: addresses.prism }
}

const company = { companyId: 10, companyName: 'Wingtip Toys' }

const map = (db: Database, organisationId: string, { tenantId, agreementId }: Customer) =>
  putMapping(db, organisationId, program, tenantId, { ...company, agreementId, syncEnabled: true })

/** What a person's answer to the question of the mapping stores: April is the last month on the old agreement. */
const move = async (
  db: Database,
  organisationId: string,
  { tenantId, agreementId }: Customer,
  to: number,
) => {
  await putFormerMapping(db, organisationId, program, {
    ...company,
    tenantId,
    agreementId,
    agreementName: `Agreement ${agreementId}`,
    firstPeriod: '2026-04' as Period,
    lastPeriod: '2026-04' as Period,
    leftBy: 'Ann',
  })
  await putMapping(db, organisationId, program, tenantId, {
    ...company,
    agreementId: to,
    syncEnabled: true,
    firstPeriod: '2026-05' as Period,
  })
}
