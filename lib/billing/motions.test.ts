/** What becomes of a subscription's term inside a month, and at its end (J9), on the agreement that is billed by the month. */
import { describe, expect, it } from 'vitest'
import { explainChange } from './explain.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { InvoiceLine, PeriodPlan, Situation } from './types.ts'

const second = 'b0000000-0000-4000-8000-000000000002'
const e3 = 'E3 (NCE Product)'
const annualTerm = { termUnit: 'YEARS' } as const
/** 5 of Business Premium run since June, by our own addition. */
const running = addition(5, '2026-06-01')

const planned = (lines: readonly InvoiceLine[], over: Partial<Situation> = {}): PeriodPlan => {
  const base = situation()
  const [period] = plan({
    ...base,
    agreement: agreement({ nextInvoiceDate: day('2026-09-01') }),
    additions: [running],
    owned: owned(running),
    products: [product(), product('E3', { sku: 'sku-E3' })],
    catalog: [catalogItem(), catalogItem(2, 'E3')],
    subscriptions: [
      ...base.subscriptions,
      { id: second, tenantId, productId: 'id-E3', productName: 'E3', displayTemplate: '' },
    ],
    usages: [usage(lines)],
    options: { ...base.options, annualTermsMonthly: true },
    ...over,
  }).periods
  if (period === undefined) throw new Error('a usage gives a period')
  return period
}
const writes = (of: PeriodPlan): string[] =>
  changesOf(of)
    .filter(({ kind }) => kind !== 'keep')
    .map(explainChange)
const totals = ({ totals: { invoiced, billed } }: PeriodPlan): string[] => [invoiced.price, billed.price]

describe('A term that changes in the middle of a month [J9]', () => {
  it('is one id with another product, where it is upgraded as a whole', () => {
    const of = planned([
      line(5, '2026-09', 1, 15),
      line(5, '2026-09', 16, 30, { offerName: e3, unit: [20, 25] }),
    ])
    expect(writes(of)).toEqual([
      '−5 from 16 Sep 2026 to 30 Sep 2026',
      'the 5 since 1 Jun 2026 ends on 30 Sep 2026',
      '5 from 16 Sep 2026, open',
    ])
    expect(totals(of)).toEqual(['87.5', '87.5'])
  })

  it('is one id that becomes two, where it is upgraded in part', () => {
    const of = planned([
      line(5, '2026-09', 1, 15),
      line(3, '2026-09', 16, 30),
      line(2, '2026-09', 16, 30, { subscriptionId: second, offerName: e3, unit: [20, 25] }),
    ])
    expect(writes(of)).toEqual([
      '−2 from 16 Sep 2026 to 30 Sep 2026',
      'the 5 since 1 Jun 2026 ends on 30 Sep 2026',
      '3 from 1 Oct 2026, open',
      '2 from 16 Sep 2026, open',
    ])
    expect(totals(of)).toEqual(['65', '65'])
  })

  it('is nothing new, where it becomes a longer one by the month at the same price', () => {
    const of = planned([line(5, '2026-09', 1, 15), line(5, '2026-09', 16, 30, annualTerm)])
    expect(writes(of)).toEqual([])
    expect(totals(of)).toEqual(['50', '50'])
  })

  it('is a new id without a day between, where it is renewed so', () => {
    const of = planned([line(5, '2026-09', 1, 15), line(5, '2026-09', 16, 30, { subscriptionId: second })])
    expect(writes(of)).toEqual([
      '−5 from 16 Sep 2026 to 30 Sep 2026',
      'the 5 since 1 Jun 2026 ends on 30 Sep 2026',
      '5 from 16 Sep 2026, open',
    ])
    expect(totals(of)).toEqual(['50', '50'])
  })

  it('ends there, where the rest of it is billed at once', () => {
    const of = planned([line(5, '2026-09', 1, 15)])
    expect(writes(of)).toEqual([
      '−5 from 16 Sep 2026 to 30 Sep 2026',
      'the 5 since 1 Jun 2026 ends on 30 Sep 2026',
    ])
  })
})

describe('A term that is billed at once from a month’s first day on [J9]', () => {
  const base = situation()
  const atOnce: Partial<Situation> = {
    subscriptions: base.subscriptions.map((each) => ({ ...each, billingCycle: 'Annual' })),
    previous: usage([line(5, '2026-08', 1, 31)], '2026-08'),
    good: { [subscriptionKey(subscriptionId)]: [usage([], '2026-08').period] },
  }

  it('is billed by the month no more, where an annual invoice carries it', () => {
    const from = { [subscriptionKey(subscriptionId)]: day('2026-09-01') }
    const of = planned([], { ...atOnce, atOnceFrom: from })
    expect(writes(of)).toEqual(['the 5 since 1 Jun 2026 ends on 31 Aug 2026'])
  })

  it('is left as annual, and named, where none does yet [F4]', () => {
    const of = planned([], atOnce)
    expect(writes(of)).toEqual([])
    expect(of.totals.terms).toMatchObject({ annualAddition: { price: '-50' } })
  })

  it('is left in a month before that one', () => {
    const from = { [subscriptionKey(subscriptionId)]: day('2026-10-01') }
    expect(writes(planned([], { ...atOnce, atOnceFrom: from }))).toEqual([])
  })
})
