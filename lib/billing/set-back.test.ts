/** Setting back what somebody edited by hand (docs/billing-rules.md, "Setting back"). September, 5 x 10.00, in arrears. */
import { describe, expect, it } from 'vitest'
import { changesOf } from './plan.ts'
import { moneyOf } from './plan-money.ts'
import { type LeftAddition, planSetBack } from './set-back.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  owned,
  period,
  product,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import { writesOf } from './testing/plan-writes.ts'
import type { Addition, Money, PeriodPlan, Quantity, Situation } from './types.ts'

const id = subscriptionId.toLowerCase() as LeftAddition['subscriptionId']
const ours = addition(5, '2026-06-01')
const left = (...additions: Addition[]): LeftAddition[] =>
  additions.map((after) => ({ subscriptionId: after.serialNumber.toLowerCase() as typeof id, after }))
const synced = (additions: readonly Addition[], over: Partial<Situation> = {}): Situation =>
  situation({
    additions,
    owned: owned(ours),
    usages: [usage([line(5, '2026-09', 1, 30)])],
    good: { [id]: [period('2026-09')] },
    ...over,
  })
const edited = (over: Partial<Addition>): Situation => synced([{ ...ours, ...over }])
const setsOf = (of: PeriodPlan) =>
  changesOf(of).map((change) => (change.kind === 'update' ? change.set : change.kind))
const codesOf = ({ subscriptions }: PeriodPlan) =>
  subscriptions.flatMap(({ findings }) => findings.map(({ code }) => code))

describe('what somebody edited by hand', () => {
  it.each<[string, Partial<Addition>, object]>([
    ['quantity', { quantity: '7' as Quantity }, { quantity: '5' }],
    ['price', { unitPrice: '9' as Money }, { unitPrice: '10' }],
    ['cost', { unitCost: '1' as Money }, { unitCost: '8' }],
    ['first day', { effectiveDate: day('2026-09-10') }, { effectiveDate: '2026-06-01' }],
    ['last day', { cancelledDate: day('2026-09-14') }, { cancelledDate: null }],
    ['serial number', { serialNumber: 'typed over' }, { serialNumber: subscriptionId }],
    ['billing', { billCustomer: 'DoNotBill' }, { billCustomer: 'Billable' }],
    ['quantity not billed', { lessIncluded: '2' as Quantity }, { lessIncluded: '0' }],
  ])('is set back to what the ledger left: %s', (_, over, set) => {
    const now = edited(over)
    const of = planSetBack(now, left(ours))
    expect([setsOf(of), codesOf(of), of.subscriptions[0]?.status]).toEqual([[set], [], 'Success'])
    const after = { ...now, ...simulate(now, changesOf(of)) }
    expect(after.additions).toEqual([ours])
    expect(writesOf(after)).toEqual([])
    expect(planSetBack(after, left(ours)).subscriptions).toEqual([])
  })

  it('is nothing where nothing was edited, spelling aside, or only what is not billed', () => {
    const alike = {
      ...ours,
      serialNumber: ` ${subscriptionId.toLowerCase()}`,
      quantity: '5.00' as Quantity,
      invoiceDescription: 'Hello',
    }
    expect(planSetBack(synced([alike]), left(ours)).subscriptions).toEqual([])
  })

  it('is nothing of an addition that was deleted: a sync creates what is missing', () => {
    expect(planSetBack(synced([]), left(ours)).subscriptions).toEqual([])
  })

  it('stays where a sync has settled it since, as setting it back alone would bill too much or too little', () => {
    const later = { ...ours, effectiveDate: day('2026-09-10') }
    const settled = addition(5, '2026-09-01', '2026-09-30')
    const minus = addition(-5, '2026-09-10', '2026-09-30')
    const now = synced([later, settled, minus], { owned: owned(ours, settled, minus), good: {} })
    const of = planSetBack(now, left(ours, settled, minus))
    expect([setsOf(of), codesOf(of)]).toEqual([[], ['set-back-settled']])
  })

  it('is told where the product was changed, and then nothing of the subscription is set back', () => {
    const other = {
      products: [product(), product('Visio')],
      catalog: [catalogItem(), catalogItem(2, 'Visio')],
    }
    const now = synced([{ ...ours, catalogItemId: 2, quantity: '9' as Quantity }], other)
    expect(codesOf(planSetBack(now, left(ours)))).toEqual(['set-back-product'])
  })

  it('keeps what ConnectWise has invoiced as it was invoiced, and says the money of what comes', () => {
    const at7 = { ...ours, quantity: '7' as Quantity }
    const now = synced([at7], {
      agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
      invoices: [{ through: day('2026-09-30'), additions: [at7] }],
    })
    const of = planSetBack(now, left(ours))
    expect(setsOf(of)).toEqual([{ quantity: '5' }])
    const money = moneyOf(now, { agreementId: 7, periods: [of] }, period('2026-10'))
    expect(money?.months).toEqual([])
    expect(money?.next?.change.price).toBe('-20')
  })

  it('counts in full from the month on that is not invoiced', () => {
    const now = edited({ quantity: '7' as Quantity })
    const money = moneyOf(now, { agreementId: 7, periods: [planSetBack(now, left(ours))] }, period('2026-09'))
    expect(money?.months.map(({ period: month, change }) => [month, change.price])).toEqual([
      ['2026-09', '-20'],
    ])
  })

  it('is of each subscription by itself', () => {
    const other = 'b0000000-0000-4000-8000-000000000002'
    const second = addition(3, '2026-06-01', null, { serialNumber: other })
    const cheap = { ...second, unitPrice: '1' as Money }
    const now = synced([{ ...ours, quantity: '7' as Quantity }, cheap], {
      owned: owned(ours, second),
      usages: [usage([line(5, '2026-09', 1, 30), line(3, '2026-09', 1, 30, { subscriptionId: other })])],
      subscriptions: [subscriptionId, other].map((each) => ({
        id: each,
        tenantId: 'tenant-1',
        productId: 'id-Business Premium',
        productName: 'Business Premium',
        displayTemplate: '',
      })),
    })
    const all = planSetBack(now, left(ours, second))
    expect(all.subscriptions.map((row) => [row.subscriptionId.toLowerCase(), row.changes.length])).toEqual([
      [id, 1],
      [other, 1],
    ])
    expect(setsOf(planSetBack(now, left(second)))).toEqual([{ unitPrice: '10' }])
  })

  it('stays in the plan of the run that has set it back, so that its page shows it', () => {
    const of = planSetBack(synced([ours]), left(ours), [id])
    expect(of.subscriptions.map(({ kind, changes }) => [kind, changes])).toEqual([['subscription', []]])
  })
})
