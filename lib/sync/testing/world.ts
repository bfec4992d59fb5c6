/**
 * A small world for tests: both stand-ins over HTTP, a database of its own, and organisations that are connected and mapped.
 * One tenant with three subscriptions that between them need every kind of write: a catalog item to create, a step, an
 * addition to adopt and to replace.
 */

import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { type Run, runsOf } from '#db/runs/runs.ts'
import type { FirstSync } from '#lib/billing/types.ts'
import { type Drained, drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { type ItemWithMonths, itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
import { programs } from '#lib/programs/registry.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import type { History } from '#standin/prism/history.ts'
import { createPrism, type Prism } from '#standin/prism/prism.ts'
import { licences, partner, product, quantity, start, tenant } from '#standin/prism/testing.ts'
import { createTestDatabase, type TestDatabase } from '../../../scripts/testing/test-database.ts'
import { type Addresses, clientsOf, workerOf } from './processes.ts'

export const agreementId = 30
export const tenantId = 'tenant-1'
export const program = 'microsoft-csp'

export interface World extends Systems {
  readonly databaseUrl: string
  readonly db: Database
  /** Replace it to change what this process is. */
  worker: Worker
}

/** Three subscriptions of one tenant over the usage months from April 2026. */
const histories: readonly History[] = [
  { ...licences(start(5), quantity(8, '2026-04-16'), quantity(6, '2026-05-11')), subscriptionId: 'sub-1' },
  { ...licences(start(3, '2026-04-12', 'b')), subscriptionId: 'sub-2' },
  { ...licences(start(4, '2025-06-01', 'c'), quantity(2, '2026-04-21')), subscriptionId: 'sub-3' },
]

const catalogItem = (id: number, vendorSku: string) => ({
  ...(tinySeed().records.catalog ?? [])[0],
  id,
  identifier: `ITEM-${vendorSku}`,
  vendorSku,
})

/** The addition of product C that existed before us: open, without serial number, to be adopted (F5). */
const existing = {
  id: 900,
  agreementId,
  product: { id: 42 },
  quantity: 4,
  unitCost: 9.5,
  unitPrice: 11.5,
  lessIncluded: 0,
  billCustomer: 'Billable',
  taxableFlag: true,
  effectiveDate: '2026-01-01T00:00:00Z',
}

const connectWiseSeed = () => {
  const tiny = tinySeed()
  const agreements = (tiny.records.agreements ?? []).map((each) => ({
    ...each,
    nextInvoiceDate: '2026-04-01T00:00:00Z',
  }))
  return {
    ...tiny,
    records: {
      ...tiny.records,
      agreements,
      catalog: [catalogItem(40, 'A'), catalogItem(42, 'C')],
      additions: [existing],
    },
  }
}

const first = ({ subscriptions, agreement = {} }: StartOptions) => {
  const seed = connectWiseSeed()
  const agreements = seed.records.agreements.map((each) => ({ ...each, ...agreement }))
  const additions = subscriptions === undefined ? seed.records.additions : []
  return {
    tenants: [tenant(tenantId)],
    histories: subscriptions ?? histories,
    connectWise: { ...seed, records: { ...seed.records, agreements, additions } },
  }
}

/** A second tenant and agreement whose only subscription has the product that the catalog lacks. */
const second = () => {
  const seed = connectWiseSeed()
  const [agreement] = seed.records.agreements
  return {
    tenants: [tenant(tenantId), tenant('tenant-2', 'Fabrikam', 'fabrikam.example')],
    histories: [
      ...histories,
      { ...licences(start(7, '2025-06-01', 'b')), subscriptionId: 'sub-9', tenantId: 'tenant-2' },
    ],
    connectWise: {
      ...seed,
      records: {
        ...seed.records,
        agreements: [...seed.records.agreements, { ...agreement, id: secondAgreementId, name: 'Second' }],
      },
    },
  }
}
export const secondAgreementId = 31

/** Tenants with an agreement each, from `agreementId` on: tenant 1 on the first one. Each changes its quantity in each month. */
const many = (count: number) => {
  const seed = connectWiseSeed()
  const [agreement] = seed.records.agreements
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return {
    tenants: numbers.map((n) => tenant(`tenant-${n}`, `Customer ${n}`, `customer-${n}.example`)),
    histories: numbers.map((n) => ({
      ...licences(start(5), quantity(8, '2026-04-16'), quantity(6, '2026-05-11')),
      subscriptionId: `sub-${n}`,
      tenantId: `tenant-${n}`,
    })),
    connectWise: {
      ...seed,
      records: {
        ...seed.records,
        additions: [],
        agreements: numbers.map((n) => ({ ...agreement, id: agreementId + n - 1, name: `Agreement ${n}` })),
      },
    },
  }
}

/** A fourth subscription of the first tenant, and an agreement that it can move to. */
const moving = (isInAdvance: boolean) => {
  const { connectWise } = second()
  const agreements = connectWise.records.agreements.map((each) => ({
    ...each,
    periodType: isInAdvance ? 'Future' : 'Current',
  }))
  return {
    tenants: [tenant(tenantId)],
    histories: [
      ...histories,
      {
        ...licences(
          start(7, '2025-06-01', 'a'),
          quantity(9, '2026-05-20'),
          quantity(11, '2026-06-10'),
          quantity(4, '2026-07-05'),
        ),
        subscriptionId: 'sub-4',
      },
    ],
    connectWise: { ...connectWise, records: { ...connectWise.records, agreements } },
  }
}

export interface StartOptions {
  /** A second agreement that the tenant can move to, and a fourth subscription that goes on changing. */
  readonly moving?: { readonly isInAdvance: boolean }
  readonly withSecond?: boolean
  /** So many tenants with an agreement each and one subscription, instead of the one tenant. */
  readonly agreements?: number
  /** The product that is off PRISM's price list since its first invoice. */
  readonly retired?: 'a' | 'b' | 'c'
  /** The tenant's subscriptions instead of the three; nothing is on the agreement before. */
  readonly subscriptions?: readonly History[]
  /** Fields of the agreement. */
  readonly agreement?: Readonly<Record<string, unknown>>
  /** Where a test needs a server of its own. */
  readonly database?: TestDatabase
}

/** What an organisation is connected to. */
export interface Systems {
  readonly prism: Prism
  readonly connectWise: ConnectWise
  readonly addresses: Addresses
  close(): Promise<void>
}

/** Starts both stand-ins; the first invoice (usage of April 2026) is issued. */
export const startSystems = async (options: StartOptions = {}): Promise<Systems> => {
  const { retired } = options
  const more = options.moving
    ? moving(options.moving.isInAdvance)
    : options.agreements !== undefined
      ? many(options.agreements)
      : options.withSecond
        ? second()
        : first(options)
  const seed = {
    partners: [
      partner({
        products: [product('a'), product('b', '7.35', '9'), product('c', '20', '25')].map((each) =>
          each.productId === retired ? { ...each, retiredFrom: '2026-05-01' } : each,
        ),
        tenants: more.tenants,
        histories: more.histories,
      }),
    ],
  }
  const prism = createPrism({ seed, issuedAtStart: 1 })
  const connectWise = createConnectWise({ seed: more.connectWise })
  const addresses = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  return {
    prism,
    connectWise,
    addresses,
    async close() {
      await Promise.all([prism.close(), connectWise.close()])
    },
  }
}

/** Starts everything; nothing has been detected yet. */
export const startWorld = async (options: StartOptions = {}): Promise<World> => {
  const [database, systems] = await Promise.all([
    options.database ?? createTestDatabase(),
    startSystems(options),
  ])
  const opened = openDatabase(database.url)
  return {
    ...systems,
    databaseUrl: database.url,
    db: opened.db,
    worker: workerOf(opened.db, systems.addresses),
    async close() {
      await closeQueue(opened.db)
      await opened.close()
      await systems.close()
      await database.drop()
    },
  }
}

/**
 * An organisation whose tenant is mapped to the agreement and syncs. Its first month is billed also where ConnectWise has
 * invoiced it, as what most tests are about comes after that.
 */
export const createMapped = async (db: Database, firstSync: FirstSync = 'catch-up'): Promise<string> => {
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  const [microsoftCsp] = programs
  if (!microsoftCsp) throw new Error('There is no program')
  await putProgramSettings(db, id, program, { ...microsoftCsp.defaults, enabled: true, firstSync })
  await putMapping(db, id, program, tenantId, { companyId: 10, agreementId, syncEnabled: true })
  return id
}

/** What the scheduled call does for one organisation. */
export const detectAndSync = async ({ worker }: World, organisationId: string): Promise<Drained> => {
  await enqueueDetect(worker.db, { organisationId, program })
  return drain(worker, { budgetMs: 30_000 })
}

/** What ConnectWise bills from: (product, serial, dates, quantity, prices) of each addition, in a fixed order. */
export const additionsOf = async (
  { addresses }: Pick<World, 'addresses'>,
  id = agreementId,
): Promise<string[]> => {
  const { additions } = await clientsOf(addresses).connectWise.additions(id)
  const { connectWise } = clientsOf(addresses)
  const skus = new Map(
    (await connectWise.catalogByIds(additions.map((each) => each.catalogItemId))).items.map((each) => [
      each.id,
      each.vendorSku,
    ]),
  )
  return additions
    .map((each) =>
      [
        skus.get(each.catalogItemId),
        each.serialNumber,
        each.effectiveDate,
        each.cancelledDate ?? 'open',
        each.quantity,
        each.unitCost,
        each.unitPrice,
      ].join(' '),
    )
    .sort()
}

/** The additions after the sync of April, worked out by hand from the histories above. */
export const april: readonly string[] = [
  'A sub-1 2026-04-01 2026-04-30 5 10 12',
  'A sub-1 2026-04-16 2026-04-30 3 10 12',
  'A sub-1 2026-05-01 open 8 10 12',
  'B sub-2 2026-04-12 open 3 7.35 9',
  'C sub-3 2026-01-01 2026-04-30 4 9.5 11.5',
  'C sub-3 2026-04-21 2026-04-30 -2 9.5 11.5',
  'C sub-3 2026-05-01 open 2 20 25',
]

/** The adopted addition had another price than PRISM's, and is replaced at PRISM's (F6). */
export const aprilStatus = 'Warning'

/** What a person's "Sync now" does. */
export const sync = async ({ worker }: World, organisationId: string): Promise<Drained> => {
  await requestSync(worker.db, {
    organisationId,
    program,
    agreementIds: [agreementId],
    trigger: 'hand',
    actor: 'Ann',
  })
  return drain(worker, { budgetMs: 30_000 })
}

/** The newest run of an organisation, and its only item. */
export const lastRun = async (
  { db }: World,
  organisationId: string,
): Promise<{ run: Run; item: ItemWithMonths }> => {
  const [run] = await runsOf(db, organisationId, program, { limit: 1, offset: 0 })
  const [item] = run ? await itemsWithMonths(db, organisationId, run.id) : []
  if (!run || !item) throw new Error('There is no run with an item')
  return { run, item }
}

/** Requests to ConnectWise that were to change something, as `METHOD /path`. */
export const writesTo = ({ requests }: ConnectWise): string[] =>
  requests
    .report()
    .requests.filter((each) => each.method !== 'GET')
    .map((each) => `${each.method} ${each.path}`)
