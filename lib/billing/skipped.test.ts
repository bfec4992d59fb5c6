/**
 * Months that a person skipped or passed over (F12; docs/billing-rules.md, "The proof"): nothing is written for them, and each is a term with
 * its amount. September 2026, 5 x 10.00 (cost 8).
 */
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import {
  addition,
  catalogItem,
  day,
  line,
  owned,
  period,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { InvoiceLine, Money, Situation } from './types.ts'

const id = subscriptionKey(subscriptionId)
const azureA = subscriptionKey('azure-a')
const azureB = subscriptionKey('azure-b')
const september = period('2026-09')
const skipped = { [id]: [september] }
const june = addition(5, '2026-06-01')
const full = line(5, '2026-09', 1, 30)
const world = (over: Partial<Situation> = {}): Situation =>
  situation({ usages: [usage([full])], skipped, ...over })
const totals = (from: Situation) => plan(from).periods[0]?.totals
const kinds = (from: Situation): string[] =>
  plan(from)
    .periods.flatMap(changesOf)
    .flatMap(({ kind }) => (kind === 'keep' ? [] : [kind]))

describe('a skipped month of a subscription', () => {
  it.each<[string, Partial<Situation>, { billed: string; term: { price: string; cost: string } }]>([
    ['is not billed at all', {}, { billed: '0', term: { price: '50', cost: '40' } }],
    [
      'is billed in part by what its addition has now',
      { additions: [addition(3, '2026-06-01', null, { id: 71 })] },
      { billed: '30', term: { price: '20', cost: '16' } },
    ],
    [
      'is on no line any more, and its addition goes on',
      {
        additions: [june],
        owned: owned(june),
        usages: [usage([])],
        latest: { [id]: line(5, '2026-08', 1, 31) },
      },
      { billed: '50', term: { price: '-50', cost: '-40' } },
    ],
  ])('%s: the term says by how much, and nothing is written', (_, over, { billed, term }) => {
    const from = world(over)
    expect(kinds(from)).toEqual([])
    expect(totals(from)).toMatchObject({
      billed: { price: billed },
      failed: { price: '0', cost: '0' },
      unexplained: { price: '0', cost: '0' },
      terms: { skipped: term },
    })
    const [row] = plan(from).periods[0]?.subscriptions ?? []
    expect([row?.status, row?.findings.map(({ message }) => message)]).toEqual([
      'No Change',
      ['September 2026 of this subscription is skipped, as a person said'],
    ])
  })

  it('is no term where it is taken back: it is planned', () => {
    const from = world({ skipped: {} })
    expect(kinds(from)).toEqual(['create'])
    expect(totals(from)?.terms).toBeUndefined()
  })

  it('leaves the others of the month as they are', () => {
    const other = product('Exchange Online (Plan 1)')
    const beside = line(2, '2026-09', 1, 30, {
      subscriptionId: 'other',
      offerName: `${other.name} (NCE Product)`,
    })
    const from = world({
      usages: [usage([full, beside])],
      products: [product(), other],
      catalog: [catalogItem(), catalogItem(2, other.name)],
    })
    expect(kinds(from)).toEqual(['create'])
    expect(totals(from)).toMatchObject({
      invoiced: { price: '70' },
      billed: { price: '20' },
      unexplained: { price: '0' },
      terms: { skipped: { price: '50' } },
    })
  })

  it('is not good by that: a month before it is not late, and ends nowhere', () => {
    const from = world({
      skipped: { [id]: [september] },
      usages: [usage([full]), usage([line(8, '2026-10', 1, 31)], '2026-10')],
      agreement: { ...situation().agreement, nextInvoiceDate: day('2026-08-01') },
    })
    const [, october] = plan(from).periods
    expect(october?.subscriptions[0]).toMatchObject({ status: 'Success' })
    expect(october?.subscriptions[0]?.late).toBeUndefined()
    const reversed = { ...from, skipped: { [id]: [period('2026-10')] } }
    expect(plan(reversed).periods.map(({ subscriptions }) => subscriptions[0]?.late)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('does not make an addition of its product a question that holds the subscription', () => {
    const two = [addition(3, '2026-06-01', null, { id: 81, serialNumber: '' })]
    const both = [full, line(3, '2026-09', 1, 30, { subscriptionId: 'other' })]
    expect(kinds(world({ additions: two, usages: [usage(both)] }))).toEqual(['update'])
  })
})

describe('a skipped month of an Azure subscription', () => {
  const ids = ['azure-a', 'azure-b']
  const azure = (of: string, price: number): InvoiceLine => ({
    ...line(1, '2026-09', 1, 30, { subscriptionId: of, offerName: 'Azure plan' }),
    cost: `${price - 1}` as Money,
    price: `${price}` as Money,
  })
  const from = (months: Situation['skipped'], over: Partial<Situation> = {}): Situation =>
    situation({
      usages: [usage([azure('azure-a', 120), azure('azure-b', 80)])],
      subscriptions: ids.map((each) => ({
        id: each,
        tenantId,
        productId: 'id-Azure plan',
        productName: 'Azure plan',
        displayTemplate: 'Azure',
      })),
      products: [product('Azure plan')],
      catalog: [catalogItem(3, 'Azure plan')],
      ...(months ? { skipped: months } : {}),
      ...over,
    })
  const prices = (of: Situation): string[] =>
    plan(of)
      .periods.flatMap(changesOf)
      .flatMap((change) => (change.kind === 'create' ? [change.addition.unitPrice] : []))

  it.each<[string, Situation['skipped'], string[], string | undefined]>([
    ['of one of two', { [azureB]: [september] }, ['120'], '80'],
    ['of both', { [azureA]: [september], [azureB]: [september] }, [], '200'],
    ['of another month', { [azureB]: [period('2026-08')] }, ['200'], undefined],
  ])('%s is not in the sum of the month', (_, months, created, term) => {
    expect(prices(from(months))).toEqual(created)
    expect(totals(from(months))?.terms?.skipped?.price).toBe(term)
    expect(totals(from(months))).toMatchObject({
      invoiced: { price: '200', cost: '198' },
      unexplained: { price: '0', cost: '0' },
    })
  })

  it('leaves an addition with its id as it is', () => {
    const made = addition(1, '2026-09-01', null, { id: 91, serialNumber: 'azure-b', catalogItemId: 3 })
    const both = from({ [azureB]: [september] }, { additions: [made] })
    expect(prices(both)).toEqual(['120'])
    expect(totals(both)?.terms).toEqual({ skipped: { price: '70', cost: '71' } })
  })
})
