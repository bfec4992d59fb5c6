import { Big } from 'big.js'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usageOf } from './azure-usage.ts'
import { type AzureHistory, noTerm, type Product } from './history.ts'
import { startPrism } from './prism.ts'
import { licences, partner, product, start } from './testing.ts'

const azurePlan: Product = { ...product('azure'), name: 'Azure plan', unit: 'Usage-based' }
const azure: AzureHistory = {
  kind: 'azure',
  subscriptionId: 'az-1',
  tenantId: 'tenant-1',
  term: noTerm,
  productId: 'azure',
  startedOn: '2026-03-01',
  usage: { '2026-04': { cost: '1284.37', rrp: '1412.81' }, '2026-06': { cost: '0.01', rrp: '0.02' } },
}
const seed = {
  partners: [partner({ products: [product('a'), azurePlan], histories: [licences(start(5)), azure] })],
}

interface Usage {
  readonly TotalCost: number
  readonly ResourceUsageSummaries?: readonly { readonly Cost: number; readonly UsageDate?: string }[]
  readonly Records: readonly { readonly PartnerCost: number; readonly Rrp: number; readonly Tags: string }[]
}

let prism: Awaited<ReturnType<typeof startPrism>>
let authorization: string
beforeEach(async () => {
  prism = await startPrism({ seed, issuedAtStart: 3 })
  const form = {
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: 'secret',
    scope: 'rhipeapi',
  }
  const body = new URLSearchParams(form)
  const answer = await fetch(`${prism.url}/core/connect/token`, { method: 'POST', body })
  authorization = `Bearer ${((await answer.json()) as { access_token: string }).access_token}`
})
afterEach(() => prism.close())

const april = 'startDate=2026-04-01T00:00:00%2B00:00&endDate=2026-04-30T00:00:00%2B00:00'
const get = (query: string, id = 'az-1') =>
  fetch(`${prism.url}/api/v2/microsoftcsp/azure/usage/summary/${id}?${query}`, { headers: { authorization } })
const summary = async (query: string) => (await (await get(query)).json()) as Usage
const ask = (more: Record<string, unknown> = {}) =>
  fetch(`${prism.url}/api/v2/microsoftcsp/azure/usage/detailed`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify({
      subscriptionId: 'az-1',
      startDate: '2026-04-01T00:00:00+00:00',
      endDate: '2026-04-30T00:00:00+00:00',
      page: 1,
      pageSize: 500,
      ...more,
    }),
  })
const records = async (more: Record<string, unknown> = {}) =>
  ((await (await ask(more)).json()) as Usage).Records
const total = (amounts: readonly number[]) =>
  amounts.reduce((sum, one) => sum.plus(one), new Big(0)).toFixed(2)

describe('Azure usage', () => {
  it('sums to the Azure line of the month’s invoice, cost and RRP, to the cent', async () => {
    const { Records } = (await (
      await fetch(`${prism.url}/api/v2/invoices`, { headers: { authorization } })
    ).json()) as {
      Records: { InvoiceId: number; UsageMonth: number }[]
    }
    const id = Records.find(({ UsageMonth }) => UsageMonth === 4)?.InvoiceId
    const file = await (
      await fetch(`${prism.url}/api/v1/me/invoice/${id}/csv`, { headers: { authorization } })
    ).text()
    const line = file
      .split('\n')
      .find((row) => row.includes('Azure plan'))
      ?.split(',')
    const made = await records()
    expect(total(made.map(({ PartnerCost }) => PartnerCost))).toBe(line?.[11])
    expect(total(made.map(({ Rrp }) => Rrp))).toBe(line?.[12])
    expect(line?.slice(11, 13)).toEqual(['1284.37', '1412.81'])
  })

  it.each([
    ['ByResourceOnly', 4],
    ['ByResourceAndDay', 120],
    ['ByResourceCategoryAndDay', 120],
  ])('is summed up %s', async (aggregation, count) => {
    const { TotalCost, ResourceUsageSummaries = [] } = await summary(`${april}&aggregation=${aggregation}`)
    expect(TotalCost).toBe(1284.37)
    expect(ResourceUsageSummaries).toHaveLength(count)
    expect(total(ResourceUsageSummaries.map(({ Cost }) => Cost))).toBe('1284.37')
  })

  it('leaves the summaries out of a month without usage', async () => {
    const may = await summary('startDate=2026-05-01T00:00:00Z&endDate=2026-05-31T00:00:00Z')
    expect(may).toMatchObject({ TotalCost: 0 })
    expect(may).not.toHaveProperty('ResourceUsageSummaries')
  })

  it('is read page by page until an empty one', async () => {
    const sizes: number[] = []
    for (let page = 1; sizes.at(-1) !== 0; page++) sizes.push((await records({ page, pageSize: 50 })).length)
    expect(sizes).toEqual([50, 50, 20, 0])
    expect([...(await records({ pageSize: 60 })), ...(await records({ page: 2, pageSize: 60 }))]).toEqual(
      await records(),
    )
  })

  it('has tags that are text and not always JSON', async () => {
    const tags = (await records()).map(({ Tags }) => Tags)
    const valid = tags.filter((text) => {
      try {
        return Boolean(JSON.parse(text))
      } catch {
        return false
      }
    })
    expect(tags.every((text) => typeof text === 'string')).toBe(true)
    expect(valid.length).toBeGreaterThan(0)
    expect(valid.length).toBeLessThan(tags.length)
  })

  it('may disagree between total and records while it settles', async () => {
    await fetch(`${prism.url}/control/azure`, { method: 'PUT', body: '{"settling":true}' })
    const { TotalCost, ResourceUsageSummaries = [] } = await summary(april)
    expect(total(ResourceUsageSummaries.map(({ Cost }) => Cost))).toBe('1284.37')
    expect(TotalCost).toBeLessThan(1284.37)
  })

  it('wants dates with an offset, a known aggregation and a subscription that is Azure’s', async () => {
    expect((await get('startDate=2026-04-01&endDate=2026-04-30')).status).toBe(400)
    expect((await get(`${april}&aggregation=ByMood`)).status).toBe(400)
    expect((await get(april, 'sub-1')).status).toBe(404)
    expect((await ask({ page: 0 })).status).toBe(400)
    expect((await ask({ subscriptionId: 'nobody' })).status).toBe(404)
  })

  it('is known up to today only', async () => {
    await fetch(`${prism.url}/control/clock`, { method: 'PUT', body: '{"today":"2026-04-10"}' })
    expect(await records()).toHaveLength(40)
  })

  it('sums to any line, whatever its amounts and days', () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 }).map((count) => new Big(count).div(100).toFixed(2))
    fc.assert(
      fc.property(
        cents,
        cents,
        fc.integer({ min: 1, max: 30 }),
        fc.uuid(),
        (cost, rrp, day, subscriptionId) => {
          const first = `2026-04-${String(day).padStart(2, '0')}`
          const of = { ...azure, subscriptionId, usage: { '2026-04': { cost, rrp, first } } }
          const made = usageOf(of, '2026-04', '2026-04-30')
          expect(made.reduce((sum, one) => sum.plus(one.cost), new Big(0)).eq(cost)).toBe(true)
          expect(made.reduce((sum, one) => sum.plus(one.rrp), new Big(0)).eq(rrp)).toBe(true)
          expect(usageOf(of, '2026-04', '2026-04-30')).toEqual(made)
        },
      ),
      { numRuns: 50 },
    )
  })
})
