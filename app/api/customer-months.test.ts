/** A customer's usage months and who did what about it, over the API (H1, B6). */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { monthName } from '#lib/billing/format.ts'
import { demoMappings } from '../../standin/data/index.ts'
import {
  customerEventsSchema,
  customerMonthDetailSchema,
  customerMonthsSchema,
} from './schemas/customer-months.ts'
import { mappedCustomerSchema } from './schemas/customers.ts'
import { podContentSchema } from './schemas/pod.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { mapCustomer, startOrganisation, syncMonths, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const [coho, second] = demoMappings()
if (coho === undefined || second === undefined) throw new Error('The demo maps several customers')
const CUSTOMERS = '/api/programs/microsoft-csp/customers'
const COHO = `${CUSTOMERS}/${coho.tenantId}`
const SECOND = `${CUSTOMERS}/${second.tenantId}`

let world: ApiWorld
let api: CallApi

const monthsOf = (customer: string) => readAnswer(api, customerMonthsSchema, 'GET', `${customer}/months`)
const monthOf = (customer: string, month: string) =>
  readAnswer(api, customerMonthDetailSchema, 'GET', `${customer}/months/${month}`)
const eventsOf = async (customer: string) =>
  (await readAnswer(api, customerEventsSchema, 'GET', `${customer}/events`)).events
const cents = (amount: string): number => Math.round(Number(amount) * 100)

beforeAll(async () => {
  ;({ world, api } = await startOrganisation())
  await mapCustomer(api, coho)
  await syncMonths(world, 2)
})
afterAll(() => world.stop())

describe('the months of a customer', () => {
  it('are the newest first, each with what was invoiced and billed, and whether they agree [H1]', async () => {
    const { months, total } = await monthsOf(COHO)
    expect(months.map(({ period }) => period)).toEqual(['2026-05', '2026-04'])
    expect(total).toBe(2)
    for (const { invoiced, billed, verdict, status, agreement, actor } of months) {
      expect(cents(billed.price)).toBe(cents(invoiced.price))
      expect(cents(invoiced.price)).toBeGreaterThan(0)
      expect(verdict).toMatchObject({ tone: 'good', terms: [] })
      expect(['Success', 'No Change']).toContain(status)
      expect({ id: agreement.id, actor }).toEqual({ id: coho.agreementId, actor: 'Scheduled' })
    }
  })

  it('are a file, CSV or JSON, with all of them [J9]', async () => {
    const path = `${COHO}/months/csv`
    const csv = await (await api('GET', path)).text()
    expect(csv.split('\r\n')[0]).toContain(
      'Usage month,Company,Agreement,Status,PRISM invoiced,Additions bill',
    )
    const rows = (await (await api('GET', `${path}?as=json`)).json()) as Record<string, string>[]
    const { months } = await monthsOf(COHO)
    expect(rows.map((row) => [row['Usage month'], row['Agreement']])).toEqual(
      months.map(({ period, agreement }) => [monthName(period), agreement.name]),
    )
    for (const [at, row] of rows.entries())
      expect([Number(row['PRISM invoiced']), Number(row['Difference'])]).toEqual([
        Number(months[at]?.invoiced.price),
        0,
      ])
    expect((await api('GET', `${CUSTOMERS}/nobody/months/csv`)).status).toBe(404)
  })

  it('are opened with the plan that its sync had, and what became of each change [G3]', async () => {
    const april = await monthOf(COHO, '2026-04')
    expect(april.isShared).toBe(false)
    const applied = april.outcome.subscriptions.flatMap((row) => row.applied)
    expect(applied.map(({ outcome }) => outcome)).toContain('done')
    const content = await readAnswer(
      api,
      podContentSchema,
      'GET',
      `/api/hosted/agreements/${coho.agreementId}`,
    )
    const newest = content.state === 'mapped' ? content.result?.periods[0] : undefined
    expect((await monthOf(COHO, '2026-05')).outcome).toEqual(newest)
  })

  it('say by the newest how many of each product the customer has at its end [D5]', async () => {
    const { newestQuantities } = await import('#app/views/customer-months.ts')
    const { server } = await import('#app/process/process.ts')
    const { organisations } = await import('../../db/schema.ts')
    const [organisation] = await server().db.select().from(organisations)
    if (organisation === undefined) throw new Error('There is one organisation')
    const { outcome } = await monthOf(COHO, '2026-05')
    const rows = outcome.subscriptions.filter(({ steps }) => steps.length > 0)
    const found = await newestQuantities(organisation.id, 'microsoft-csp', coho.tenantId)
    expect(Object.keys(found).sort()).toEqual(
      [...new Set(rows.map(({ product }) => product.sku.toLowerCase()))].sort(),
    )
    for (const { product, steps } of rows)
      expect(Number(found[product.sku.toLowerCase()])).toBeGreaterThanOrEqual(Number(steps.at(-1)?.quantity))
    expect(await newestQuantities(organisation.id, 'microsoft-csp', second.tenantId)).toEqual({})
  })

  it('that were not synced, and those of nobody, are not found', async () => {
    for (const path of [
      `${COHO}/months/2026-03`,
      `${COHO}/months/2026-04?agreementId=999`,
      `${COHO}/months/2026-13`,
    ])
      expect(await refusal(api('GET', path))).toMatchObject({ status: 404 })
    for (const part of ['months', 'months/2026-04', 'events'])
      expect(await refusal(api('GET', `${CUSTOMERS}/nobody/${part}`))).toMatchObject({ status: 404 })
    expect((await monthsOf(SECOND)).months).toEqual([])
  })

  it('are each customer’s own where an agreement bills several, and together all of it [J9]', async () => {
    const place = { companyId: coho.companyId, agreementId: coho.agreementId, syncEnabled: true }
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${SECOND}/mapping`, place)
    await world.issueNextInvoice()
    await work()
    const shared = await Promise.all([monthOf(COHO, '2026-06'), monthOf(SECOND, '2026-06')])
    const content = await readAnswer(
      api,
      podContentSchema,
      'GET',
      `/api/hosted/agreements/${coho.agreementId}`,
    )
    const totals = content.state === 'mapped' ? content.result?.periods[0]?.totals : undefined
    expect(shared.map(({ isShared }) => isShared)).toEqual([true, true])
    for (const { outcome } of shared)
      expect(new Set(outcome.subscriptions.map(({ tenantId }) => tenantId)).size).toBe(1)
    for (const figure of ['invoiced', 'billed'] as const) {
      const own = shared.map((month) => cents(month.outcome.totals[figure].price))
      expect(Math.min(...own)).toBeGreaterThan(0)
      expect((own[0] ?? 0) + (own[1] ?? 0)).toBe(cents(totals?.[figure].price ?? ''))
    }
    // Its months before it was there are not its own.
    expect((await monthsOf(SECOND)).months.map(({ period }) => period)).not.toContain('2026-04')
  })

  it('stay with the agreement that billed them when the customer moves [E5]', async () => {
    await api('DELETE', `${SECOND}/mapping?leave=true`)
    const before = (await monthsOf(COHO)).months
    await api('DELETE', `${COHO}/mapping?end=2026-06`)
    expect((await monthsOf(COHO)).months.map(({ period, agreement }) => [period, agreement.id])).toEqual(
      before.map(({ period, agreement }) => [period, agreement.id]),
    )
  })
})

describe('what was done about a customer', () => {
  it('is told newest first, its syncs among it, each with who and when [B6]', async () => {
    const events = await eventsOf(COHO)
    const at = events.map(({ event }) => event.at)
    expect(at).toEqual([...at].sort().reverse())
    expect(events.flatMap((each) => (each.of === 'audit' ? [each.event.action] : []))).toEqual([
      'unmap-customer',
      'map-customer',
    ])
    const syncs = events.flatMap((each) => (each.of === 'sync' ? [each.event] : []))
    expect(syncs.length).toBeGreaterThan(1)
    expect(syncs.every(({ kind, actor }) => kind === 'sync' && actor === 'Scheduled')).toBe(true)
    expect(events.find(({ of }) => of === 'audit')?.event.actor).toContain('@')
  })

  it('is not told of another customer [I2]', async () => {
    const mine = new Set(
      (await eventsOf(COHO)).flatMap((each) => (each.of === 'audit' ? [each.event.id] : [])),
    )
    const theirs = (await eventsOf(SECOND)).flatMap((each) => (each.of === 'audit' ? [each.event.id] : []))
    expect(theirs.length).toBe(2)
    expect(theirs.filter((id) => mine.has(id))).toEqual([])
  })
})
