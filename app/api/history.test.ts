/** What syncs found, over the API: causes of a run, search over all runs, tables to keep, and two months compared (G2, G3, J5). */
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { amount, pair, subtractPair, sumPairs } from '#lib/billing/decimal.ts'
import { tenantId } from '../../standin/data/index.ts'
import { type ReconciledRow, reconciliationSchema } from './schemas/reconciliation.ts'
import { foundRunsSchema, runSchema, runsSchema } from './schemas/runs.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { customer, inboxWorld, type PrismWorld, prismWorld } from './testing/inbox-world.ts'
import { connect, switchSyncOn, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const APRIL = `${P}/months/2026-04/reconciliation`
const MAY = `${P}/months/2026-05/reconciliation`
let world: ApiWorld
let api: CallApi
let prism: PrismWorld

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await connect(world, api)
  const of = inboxWorld({ api, connectWise: world.connectWise, settled, work })
  prism = prismWorld(world.prism)
  await switchSyncOn(api)
  await prism.issue()
  await work()
  for (const key of ['coho', 'trey', 'messenger', 'phone', 'contoso'] as const) await of.map(key)
  await work()
  await prism.issue()
  await work()
})
afterAll(() => world.stop())

const database = async () => (await import('#app/process/process.ts')).server().db
const newestRun = async () => {
  const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')
  return readAnswer(api, runSchema, 'GET', `/api/runs/${runs[0]?.id}?detail=headings`)
}
const table = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await api('GET', path)).text(), { columns: true })
const compared = (path: string) => readAnswer(api, reconciliationSchema, 'GET', path)
const found = (search: string, more = '') =>
  readAnswer(api, foundRunsSchema, 'GET', `/api/runs/found?search=${encodeURIComponent(search)}${more}`)

describe('a run [G3]', () => {
  it('says each cause once, with all its months and their money, errors first', async () => {
    const { causes, customers } = await newestRun()
    const wrong = customers.filter(({ status }) => status === 'Error').map(({ agreementId }) => agreementId)
    expect(wrong.length).toBeGreaterThan(1)
    const severities = causes.map(({ severity }) => severity)
    expect(severities).toEqual(severities.toSorted())
    expect(new Set(causes.map(({ severity, message }) => severity + message)).size).toBe(causes.length)
    const points = causes.filter(({ severity }) => severity === 'error').flatMap((cause) => cause.points)
    expect(new Set(points.map(({ agreementId }) => agreementId))).toEqual(new Set(wrong))
    const backlog = points.find(({ months }) => months.length > 1)
    expect(backlog?.months.map(({ period }) => period)).toEqual(['2026-04', '2026-05'])
    for (const { points: of, amount: total } of causes.filter(({ amount: value }) => value !== null))
      expect(Number(total)).toBeCloseTo(
        of.reduce((sum, each) => sum + Number(each.amount ?? 0), 0),
        6,
      )
  })

  it('says the same where an earlier version of the product stored nothing of it', async () => {
    const before = await newestRun()
    await (await database()).execute(sql`UPDATE run_items SET points = NULL, words = NULL`)
    expect((await newestRun()).causes).toEqual(before.causes)
    await (await database()).execute(sql`UPDATE run_items SET points = '[{"severity": "odd"}]'`)
    expect((await newestRun()).causes).toEqual(before.causes)
  })

  it('is a table in people’s words, CSV and JSON alike, a row for each subscription and month', async () => {
    const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')
    const all = await Promise.all(
      runs.map((each) => readAnswer(api, runSchema, 'GET', `/api/runs/${each.id}?detail=headings`)),
    )
    const first = all.findLast(({ customers: of }) => of.some(({ status }) => status === 'Error'))
    if (first === undefined) throw new Error('One of them fails')
    const { id, customers } = first
    const rows = await table(`/api/runs/${id}/csv`)
    expect(new Set(rows.map((row) => row['Company']))).toEqual(
      new Set(customers.map(({ companyName }) => companyName)),
    )
    const written = rows.filter((row) => row['Written'] !== '')
    expect(written.length).toBeGreaterThan(0)
    for (const row of rows.filter((each) => each['PRISM invoiced'] !== '')) {
      expect(row['PRISM invoiced']).toMatch(/^-?\d+\.\d{2,}$/)
      expect(row['Difference']).toMatch(/^-?\d+\.\d{2,}$/)
      expect(row['Usage month']).toMatch(/^(April|May) 2026$/)
    }
    expect(rows.some((row) => row['Status'] === 'Error' && row['What is wrong'] !== '')).toBe(true)
    const answer = await api('GET', `/api/runs/${id}/csv?as=json`)
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="prism-pod-sync.json"')
    expect(await answer.json()).toEqual(rows)
  })

  it('that nobody has is no table', async () => {
    const none = `/api/runs/00000000-0000-4000-8000-000000000000/csv`
    expect((await refusal(api('GET', none))).code).toBe('not-found')
  })
})

describe('search over all runs [G2]', () => {
  it('finds a customer’s part of each run, the newest first', async () => {
    const { found: all } = await found('coho winery')
    expect(all.length).toBeGreaterThan(1)
    expect(new Set(all.map(({ agreementId }) => agreementId))).toEqual(
      new Set([customer('coho').place.agreementId]),
    )
    const times = all.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().reverse())
  })

  it('finds subscription ids in any case, SKUs and messages, with what was said', async () => {
    const { causes } = await newestRun()
    const point = causes
      .flatMap((cause) => cause.points)
      .find(({ subscriptionId, sku }) => subscriptionId && sku)
    if (point === undefined) throw new Error('The demo has a subscription that fails')
    for (const search of [point.subscriptionId.toUpperCase(), point.subscriptionId.slice(3, 20), point.sku]) {
      const { found: all } = await found(search)
      expect(all.map(({ agreementId }) => agreementId)).toContain(point.agreementId)
    }
    const { found: said } = await found(point.message.slice(0, 60))
    expect(said.some(({ message }) => message === point.message)).toBe(true)
  })

  it('finds nothing else, and takes signs as they are', async () => {
    for (const search of ['no such customer', '%%%', '___', '\\'])
      expect((await found(search)).found).toEqual([])
    expect((await found('')).found).toEqual([])
    expect((await found('coho', '&page=50')).found).toEqual([])
  })

  it('finds what an earlier version of the product synced, once that is read in', async () => {
    const before = (await found('coho')).found
    await (await database()).execute(sql`UPDATE run_items SET points = NULL, words = NULL`)
    vi.resetModules()
    const { storeOlderFound } = await import('#lib/sync/found-in-runs.ts')
    const { rows } = await (await database()).execute<{ id: string }>(
      sql`SELECT DISTINCT organisation_id AS id FROM run_items`,
    )
    for (const { id } of rows)
      while (await storeOlderFound(await database(), id, 'microsoft-csp', 2)) expect(id).toBeTruthy()
    expect((await found('coho')).found).toEqual(before)
  })

  it('is a table, as History is', async () => {
    const rows = await table('/api/runs/found/csv?search=coho')
    expect(rows).toHaveLength((await found('coho')).found.length)
    const history = await table('/api/runs/csv?kind=customers')
    expect(history[0]).toMatchObject({ What: 'Customers', Status: 'Error' })
    expect(await (await api('GET', '/api/runs/csv?kind=customers&as=json')).json()).toEqual(history)
  })
})

const isExact = ({ difference, earlier, later, parts }: ReconciledRow): void => {
  expect(amount(sumPairs(parts.map((part) => pair(part.amount))))).toEqual(difference)
  expect(amount(subtractPair(pair(later), pair(earlier)))).toEqual(difference)
}

describe('two months compared [J5]', () => {
  it('are the whole file by customer: every difference to the cent, and their sum', async () => {
    const all = await compared(MAY)
    expect([all.earlier, all.later]).toEqual(['2026-04', '2026-05'])
    for (const row of all.rows) isExact(row)
    const changes = all.rows.map((row) => Math.abs(Number(row.difference.price)))
    expect(changes).toEqual(changes.toSorted((a, b) => b - a))
    const same = all.rows.filter((row) => Number(row.difference.price) === 0)
    const prices = same.map((row) => Number(row.later.price))
    expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    expect(all.rows).toHaveLength(all.count)
    expect(amount(sumPairs(all.rows.map((row) => pair(row.difference))))).toEqual(all.total.difference)
    const { rows } = await (await database()).execute<{ price: string }>(sql`
      SELECT trim_scale(sum(total_price))::text AS price FROM invoices WHERE state = 'ready' AND period = '2026-05'`)
    expect(all.total.later.price).toBe(rows[0]?.price)
    expect(
      all.rows.some(({ parts }) => parts.some(({ reason }) => reason === 'more' || reason === 'new')),
    ).toBe(true)
  })

  it('come to the same by product, and by the subscriptions of each customer and product', async () => {
    const byCustomer = await compared(MAY)
    const byProduct = await compared(`${MAY}?by=product`)
    expect(byProduct.total).toEqual(byCustomer.total)
    for (const row of byProduct.rows) isExact(row)
    for (const row of byCustomer.rows.filter(({ key }) => key !== '').slice(0, 8)) {
      const own = await compared(`${MAY}?customer=${row.key}`)
      for (const each of own.rows) isExact(each)
      expect(own.total.difference).toEqual(row.difference)
      expect(own.customer?.name).toBe(row.customer)
    }
    const [product] = byProduct.rows
    const own = await compared(`${MAY}?product=${encodeURIComponent(product?.key ?? '')}`)
    expect(own.total.difference).toEqual(product?.difference)
  })

  it('say what ConnectWise bills of each subscription that was synced', async () => {
    const { rows } = await compared(`${MAY}?customer=${tenantId('coho')}`)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.billed).toBe(row.later.price)
  })

  it('come in their order, whichever is asked for, and only with a month that there is', async () => {
    expect(await compared(`${APRIL}?against=2026-05`)).toMatchObject({ earlier: '2026-04', later: '2026-05' })
    expect(await compared(APRIL)).toMatchObject({ earlier: '2026-04', later: '2026-05' })
    for (const path of [
      `${MAY}?against=2026-05`,
      `${MAY}?against=2020-01`,
      `${P}/months/2020-01/reconciliation`,
    ])
      expect((await refusal(api('GET', path))).code).toBe('not-found')
    expect((await refusal(api('GET', `${MAY}?against=soon`))).code).toBe('request-invalid')
  })

  it('are searched, paged and kept as a table', async () => {
    const one = await compared(`${MAY}?search=coho`)
    expect(one.rows.map(({ customer: name }) => name)).toEqual(['Coho Winery'])
    expect((await compared(`${MAY}?page=9`)).rows).toEqual([])
    const rows = await table(`${MAY}/csv?customer=${tenantId('coho')}`)
    expect(rows[0]).toHaveProperty('Price April 2026')
    expect(rows[0]?.['Customer']).toBe('Coho Winery')
    const all = await table(`${MAY}/csv`)
    expect(all).toHaveLength((await compared(MAY)).count)
  })
})
