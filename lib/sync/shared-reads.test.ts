/** What the agreements of a run read once for all of them, and when they do not rely on it. */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changes } from '#db/ledger/tables.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { createRun } from '#db/runs/runs.ts'
import { noSubscription } from '#lib/billing/keys.ts'
import type { CatalogItem, CreateCatalogItemChange, Period } from '#lib/billing/types.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { catalogOf } from './shared-catalog.ts'
import { readAgreement } from './shared-reads.ts'
import {
  additionsOf,
  agreementId,
  createMapped,
  detectAndSync,
  program,
  startWorld,
  type World,
  writesTo,
} from './testing/world.ts'

const agreements = 6
const ids = Array.from({ length: agreements }, (_, index) => agreementId + index)

let world: World
let organisationId: string

beforeEach(async () => {
  world = await startWorld({ agreements })
  organisationId = await createMapped(world.db)
  for (const [index, id] of ids.entries())
    await putMapping(world.db, organisationId, program, `tenant-${index + 1}`, {
      companyId: 10,
      agreementId: id,
      syncEnabled: true,
    })
})
afterEach(() => {
  vi.restoreAllMocks()
  return world.close()
})

const newRun = async (of: readonly number[] = ids) => {
  const ctx = await contextOf(world.worker, organisationId, program, 'Ann')
  const items = of.map((id) => ({
    agreementId: id,
    agreementName: '',
    companyId: 10,
    companyName: '',
    tenantIds: [`tenant-${id - agreementId + 1}`],
  }))
  const run = { program, kind: 'customers', trigger: 'hand', actor: 'Ann' } as const
  const { id: runId } = await createRun(world.db, organisationId, run, items)
  asked()
  return { ctx, runId }
}
/** Both what is stored and what this process keeps of it. */
const letRowsAge = async (): Promise<void> => {
  await world.db.execute(sql`UPDATE shared_reads SET read_at = read_at - interval '61 seconds'`)
  const clock = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + 61_000)
}
const invoiceThrough = (next: string): void => {
  const agreement = world.connectWise.store.get('agreements', agreementId)
  world.connectWise.store.put(
    'agreements',
    { ...agreement, id: agreementId, nextInvoiceDate: `${next}T00:00:00Z` },
    'clerk',
  )
}
/** As a sync of another agreement of the organisation leaves it. */
const created = (runId: string, catalogItem: CatalogItem) =>
  world.db.insert(changes).values({
    organisationId,
    program,
    agreementId: secondOfRun,
    runId,
    period: '2026-04' as Period,
    invoiceId: 'i',
    subscriptionId: noSubscription,
    leaseToken: crypto.randomUUID(),
    kind: 'createCatalogItem',
    intent: { kind: 'createCatalogItem', sku: catalogItem.vendorSku } as CreateCatalogItemChange,
    outcome: 'done',
    catalogItem,
    settledAt: new Date(),
  })
const secondOfRun = agreementId + 1

interface Asked {
  readonly all: number
  readonly additions: number
  readonly writes: number
  readonly agreementLists: number
  readonly oneAgreement: number
  readonly catalog: number
}

/** What ConnectWise was asked since the last count. */
const asked = (): Asked => {
  const { requests } = world.connectWise.requests.report()
  world.connectWise.requests.reset()
  const gets = requests.filter(({ method }) => method === 'GET').map(({ path }) => path.split('?')[0] ?? '')
  const ending = (pattern: RegExp) => gets.filter((path) => pattern.test(path)).length
  return {
    all: requests.length,
    additions: ending(/\/additions$/),
    writes: requests.length - gets.length,
    agreementLists: ending(/\/finance\/agreements$/),
    oneAgreement: ending(/\/finance\/agreements\/\d+$/),
    catalog: ending(/\/procurement\/catalog(\/count)?$/),
  }
}
const nextMonth = async (): Promise<void> => {
  await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
}

describe('a run over several agreements', () => {
  it('asks no more than additions, checks and writes of each, and a few requests for all [docs/architecture.md, "Budgets"]', async () => {
    await detectAndSync(world, organisationId)
    await nextMonth()
    asked()
    await detectAndSync(world, organisationId)
    const changing = asked()
    expect(changing).toMatchObject({ additions: 2 * agreements, agreementLists: 1, oneAgreement: 0 })
    expect(changing.writes).toBeGreaterThanOrEqual(agreements)
    const [lists, skus, few] = [1, 1, 5]
    expect(changing.all).toBeLessThanOrEqual(2 * agreements + changing.writes + lists + skus + few)
    expect(changing.catalog).toBeLessThanOrEqual(skus + 1)
    expect(await additionsOf(world, ids.at(-1))).toEqual(
      (await additionsOf(world)).map((each) => each.replace('sub-1', `sub-${agreements}`)),
    )
  })

  it('creates a product that all of them need once [D2][D6]', async () => {
    world.connectWise.store.remove('catalog', 40, 'clerk')
    await detectAndSync(world, organisationId)
    expect(writesTo(world.connectWise).filter((each) => each.endsWith('/procurement/catalog'))).toHaveLength(
      1,
    )
    for (const id of ids) expect(await additionsOf(world, id)).toHaveLength(3)
  })
})

describe('what a run reads of an agreement', () => {
  it('is asked for once by all that begin at the same time', async () => {
    const { ctx, runId } = await newRun()
    const read = await Promise.all(ids.map((id) => readAgreement(ctx, id, runId)))
    expect(read.map(({ id }) => id)).toEqual(ids)
    expect(asked()).toMatchObject({ all: 1, agreementLists: 1 })
  })

  it('is of use for a minute, and for no other run', async () => {
    const { ctx, runId } = await newRun()
    await readAgreement(ctx, agreementId, runId)
    invoiceThrough('2026-07-01')
    expect(await readAgreement(ctx, agreementId, runId)).toMatchObject({ nextInvoiceDate: '2026-04-01' })
    const other = await newRun()
    expect(await readAgreement(other.ctx, agreementId, other.runId)).toMatchObject({
      nextInvoiceDate: '2026-07-01',
    })
    await letRowsAge()
    expect(await readAgreement(ctx, agreementId, runId)).toMatchObject({ nextInvoiceDate: '2026-07-01' })
  })

  it('is no answer for one that ConnectWise does not list: it is asked for by itself', async () => {
    const { ctx, runId } = await newRun()
    world.connectWise.store.remove('agreements', agreementId, 'clerk')
    await expect(readAgreement(ctx, agreementId, runId)).rejects.toMatchObject({ code: 'agreement-gone' })
    expect(asked()).toMatchObject({ agreementLists: 1, oneAgreement: 1 })
  })

  it('is not shared by a run over one agreement', async () => {
    const { ctx, runId } = await newRun([agreementId])
    await readAgreement(ctx, agreementId, runId)
    expect(asked()).toMatchObject({ agreementLists: 0, oneAgreement: 1 })
  })
})

describe('what a run reads of the catalog', () => {
  it('is asked for once, by SKU and by id, and again after a minute', async () => {
    const { ctx, runId } = await newRun()
    const read = async () => {
      const catalog = await catalogOf(ctx, { asWritten: true, runId })
      const { items } = await catalog.byIds([42])
      const { items: found } = await catalog.bySkus([' a', 'c'])
      return [...items, ...found].map(({ id }) => id)
    }
    expect(await read()).toEqual([42, 40, 42])
    const first = asked().all
    await Promise.all([read(), read()])
    expect(asked().all).toBe(0)
    world.connectWise.store.remove('catalog', 40, 'clerk')
    await letRowsAge()
    expect(await read()).toEqual([42, 42])
    expect(asked().all).toBe(first)
  })

  it('has what was created since, which the ledger tells [D6]', async () => {
    const { ctx, runId } = await newRun()
    const catalog = async () => catalogOf(ctx, { runId })
    expect((await (await catalog()).bySkus(['b'])).items).toEqual([])
    await created(runId, { id: 77, identifier: 'B', vendorSku: 'B', inactive: false, taxable: true })
    asked()
    expect((await (await catalog()).bySkus(['b'])).items).toMatchObject([{ id: 77 }])
    expect((await (await catalog()).byIds([77])).items).toMatchObject([{ id: 77 }])
    expect(asked().all).toBe(0)
  })

  it('does not make a sync create what a person has created since [D6]', async () => {
    const { store, requests } = world.connectWise
    const item = store.get('catalog', 40)
    if (item === undefined) throw new Error('The catalog lacks product A')
    store.remove('catalog', 40, 'clerk')
    // Right after the run has read the catalog, so that its rows lack the item.
    const { clients } = world.worker
    world.worker = {
      ...world.worker,
      clients: async (id) => {
        const opened = await clients(id)
        const { catalogByVendorSku } = opened.connectWise
        const read: typeof catalogByVendorSku = async (skus) => {
          const answer = await catalogByVendorSku(skus)
          if (store.get('catalog', 40) === undefined) store.put('catalog', item, 'clerk')
          return answer
        }
        return { ...opened, connectWise: { ...opened.connectWise, catalogByVendorSku: read } }
      },
    }
    requests.reset()
    await detectAndSync(world, organisationId)
    expect(writesTo(world.connectWise).filter((each) => each.endsWith('/procurement/catalog'))).toEqual([])
    for (const id of ids) expect(await additionsOf(world, id)).toHaveLength(3)
  })
})
