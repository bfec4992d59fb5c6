/**
 * Whose an addition is, and what is gone (docs/billing-rules.md, "Each addition", "Matching by product",
 * "One id"): sequences that once billed wrongly. September 2026, 30 days, 5 x 10.00, in arrears.
 */
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import {
  addition,
  catalogItem,
  line,
  owned,
  product,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { Addition, InvoiceLine, PeriodPlan, Quantity, Situation, Subscription } from './types.ts'

const other = 'B0000000-0000-4000-8000-000000000002'
const whole = (quantity = 5, over: Parameters<typeof line>[4] = {}): InvoiceLine =>
  line(quantity, '2026-09', 1, 30, over)
const august = (quantity = 5, over: Parameters<typeof line>[4] = {}): InvoiceLine =>
  line(quantity, '2026-08', 1, 31, over)
const subscription = (id: string, over: Partial<Subscription> = {}): Subscription => ({
  id,
  tenantId,
  productId: 'id-Business Premium',
  productName: 'Business Premium',
  displayTemplate: '',
  ...over,
})
const both = [subscription(subscriptionId), subscription(other)]
const unserialed = (quantity: number, over: Partial<Addition> = {}): Addition =>
  addition(quantity, '2026-06-01', null, { serialNumber: '', ...over })
const known = (...all: InvoiceLine[]): Pick<Situation, 'latest'> => ({
  latest: Object.fromEntries(all.map((each) => [each.subscriptionId.toLowerCase(), each])),
})

const planned = (over: Partial<Situation>): PeriodPlan => {
  const of = plan(situation(over)).periods[0]
  if (!of) throw new Error('a usage gives a period')
  for (const value of Object.values(remainder(of.totals))) expect(Number(value)).toBeCloseTo(0, 6)
  return of
}
const writes = (of: PeriodPlan): string[] =>
  changesOf(of).flatMap((change) => (change.kind === 'keep' ? [] : [change.kind]))
/** Kind, status, first finding and what it bills, of every row. */
const rows = (of: PeriodPlan): string[] =>
  of.subscriptions.map(({ kind, status, findings, billed }) =>
    [kind, status, findings[0]?.code ?? '', billed.price].join(' '),
  )

describe('unknown is never zero [F2][F4]', () => {
  const handMade = addition(3, '2026-06-01', null, { serialNumber: other })

  it('leaves a hand-made addition of a subscription that PRISM lists and no invoice ever had', () => {
    const of = planned({ usages: [usage([whole()])], subscriptions: both, additions: [handMade] })
    expect(rows(of)).toEqual(['subscription Success  50', 'addition Warning addition-unknown 30'])
    expect(of.totals.terms).toEqual({ unknown: { cost: '-24', price: '-30' } })
  })

  it.each([
    ['adopted, which our ledger has', [{ ...owned(handMade)[0], created: false }]],
    ['of a subscription that is listed with another quantity', []],
  ])('leaves one that is %s, and that no invoice ever had [case 28]', (_, ledger) => {
    const listed = [subscription(subscriptionId), subscription(other, { listedQuantity: '9' as Quantity })]
    const of = planned({
      usages: [usage([whole()])],
      subscriptions: listed,
      additions: [handMade],
      owned: ledger as Situation['owned'],
    })
    expect(rows(of)).toEqual(['subscription Success  50', 'addition Warning addition-unknown 30'])
  })

  it('ends one that our ledger created, as its lines were there when it was [case 28]', () => {
    const of = planned({
      usages: [usage([whole()])],
      subscriptions: both,
      additions: [handMade],
      owned: owned(handMade),
    })
    expect(writes(of)).toEqual(['create', 'end'])
  })

  it('never touches one of an annual subscription, however long it is on no invoice', () => {
    const annual = august(3, { subscriptionId: other, termUnit: 'YEARS' })
    const of = planned({ usages: [usage([])], subscriptions: both, additions: [handMade], ...known(annual) })
    expect([writes(of), rows(of)]).toEqual([[], ['addition No Change addition-annual 30']])
  })

  it('nor one that PRISM lists as annual and no invoice says so', () => {
    const listed = [subscription(other, { billingCycle: 'Annual' })]
    const of = planned({ usages: [usage([])], subscriptions: listed, additions: [handMade] })
    expect(rows(of)).toEqual(['addition No Change addition-annual 30'])
  })

  it('nor one whose monthly subscription was extended to an annual term in place', () => {
    const annual = august(5, { termUnit: 'YEARS' })
    const clerk = addition(5, '2026-09-01')
    const of = planned({ usages: [usage([])], additions: [clerk], ...known(annual) })
    expect([writes(of), rows(of)]).toEqual([[], ['addition No Change addition-annual 50']])
  })

  it('ends what was billed by the month and is gone: ours, or active on the last day that was invoiced', () => {
    const ours = addition(5, '2026-06-01')
    expect(
      writes(planned({ usages: [usage([])], additions: [ours], owned: owned(ours), ...known(august()) })),
    ).toEqual(['end'])
    const theirs = addition(5, '2026-06-01')
    expect(writes(planned({ usages: [usage([])], additions: [theirs], ...known(august()) }))).toEqual(['end'])
    const later = addition(5, '2026-09-10')
    const of = planned({ usages: [usage([])], additions: [later], ...known(august()) })
    expect([writes(of), rows(of)]).toEqual([[], ['addition Warning addition-unknown 35']])
  })

  it('names our additions of a subscription that is not taken up any more because the option was switched off', () => {
    const ours = addition(5, '2026-06-01')
    const annual = august(5, { termUnit: 'YEARS' })
    const of = planned({ usages: [usage([])], additions: [ours], owned: owned(ours), ...known(annual) })
    expect([writes(of), rows(of)]).toEqual([[], ['addition Warning addition-annual 50']])
  })
})

describe('a serial number [F5]', () => {
  it('that PRISM never had, of a product on the price list and not on the invoice, is a Warning with its amount', () => {
    const strange = addition(5, '2026-06-01', null, { serialNumber: 'PO-77', catalogItemId: 2 })
    const of = planned({
      usages: [usage([whole()])],
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
      additions: [strange],
    })
    expect(rows(of)).toEqual(['subscription Success  50', 'addition Warning addition-unknown 50'])
  })

  it('does not make a support fee the subscription’s: an item that was never on the price list is not looked at', () => {
    const fee = addition(5, '2026-06-01', null, { catalogItemId: 9, unitPrice: '4' as Addition['unitPrice'] })
    const catalog = [catalogItem(1), catalogItem(9, 'Support fee', { vendorSku: '' })]
    const of = planned({ usages: [usage([whole()])], catalog, additions: [fee] })
    expect([writes(of), rows(of)]).toEqual([['create'], ['subscription Success  50']])
    const gone = planned({ usages: [usage([])], catalog, additions: [fee], ...known(august()) })
    expect([writes(gone), rows(gone)]).toEqual([[], []])
  })

  it('of a line that is contested, refused or on another agreement is left alone, ours that moved away apart', () => {
    const ours = addition(5, '2026-06-01')
    const over = { additions: [ours], owned: owned(ours), ...known(august()) }
    const elsewhere = (where: 'aside' | 'mapped') => [
      { ...usage([]), elsewhere: [{ subscriptionId: subscriptionKey(subscriptionId), where }] },
    ]
    const contested = planned({ ...over, usages: elsewhere('aside') })
    expect([writes(contested), rows(contested)]).toEqual([[], ['addition No Change addition-not-ours 50']])
    expect(writes(planned({ ...over, usages: elsewhere('mapped') }))).toEqual(['end'])
    const theirs = planned({ ...over, owned: [], usages: elsewhere('mapped') })
    expect([writes(theirs), rows(theirs)]).toEqual([[], ['addition Warning addition-moved 50']])
  })

  it.each([
    ['has no serial number and is matched by its product', { serialNumber: '' }, 'addition-not-ours'],
    ['has its id in other letters', { serialNumber: subscriptionId.toLowerCase() }, 'addition-not-ours'],
    ['is of a product that it had before', { catalogItemId: 2 }, 'addition-not-ours'],
  ])('of a line that is taken off its customer is left alone where it %s [6a]', (_, over, code) => {
    const theirs = addition(5, '2026-06-01', null, over)
    const of = planned({
      usages: [
        { ...usage([]), elsewhere: [{ subscriptionId: subscriptionKey(subscriptionId), where: 'aside' }] },
      ],
      subscriptions: [subscription(subscriptionId, { listedQuantity: '5' as Quantity })],
      products: [product(), product('Visio')],
      catalog: [catalogItem(1), catalogItem(2, 'Visio')],
      additions: [theirs],
      ...known(august()),
    })
    expect([writes(of), rows(of)]).toEqual([[], [`addition No Change ${code} 50`]])
    expect(of.totals.terms).toEqual({ aside: { cost: '-40', price: '-50' } })
  })

  it('that is reserved is never a subscription’s, and never gone', () => {
    const credit = addition(1, '2026-09-01', '2026-09-30', {
      serialNumber: 'credit-2026-09',
      unitPrice: '0.02' as Addition['unitPrice'],
    })
    const of = planned({ usages: [usage([whole()])], additions: [credit], owned: owned(credit) })
    expect(rows(of)).toEqual(['subscription Success  50', 'addition No Change addition-not-ours 0.02'])
  })
})

describe('additions without a serial number [F5][F9]', () => {
  it('are the only subscription’s where they make its quantity on some day of the month or the day before it', () => {
    const changed = [line(5, '2026-09', 1, 15), line(8, '2026-09', 16, 30)]
    expect(rows(planned({ usages: [usage(changed)], additions: [unserialed(8)] }))[0]).toContain('Success')
    const previous = usage([august(4)], '2026-08')
    expect(rows(planned({ usages: [usage([whole()])], previous, additions: [unserialed(4)] }))[0]).toContain(
      'Success',
    )
    const [row] = rows(planned({ usages: [usage([whole()])], additions: [unserialed(6)] }))
    expect(row).toBe('subscription Error ambiguous-additions 60')
  })

  it('are asked about where 25 bill an annual term and 5 the monthly one that is on the invoice', () => {
    const [row] = rows(planned({ usages: [usage([whole()])], additions: [unserialed(25), unserialed(5)] }))
    expect(row).toBe('subscription Error ambiguous-additions 300')
  })

  it('pair with an annual subscription only at its quantity; a forgotten monthly one is unknown', () => {
    const annual = whole(25, { subscriptionId: other, termUnit: 'YEARS' })
    const over = { usages: [usage([annual])], subscriptions: [subscription(other)] }
    expect(rows(planned({ ...over, additions: [unserialed(25)] }))).toEqual([
      'addition No Change addition-annual 250',
    ])
    expect(rows(planned({ ...over, additions: [unserialed(5)] }))).toEqual([
      'addition Warning addition-unknown 50',
    ])
  })

  it('follow a subscription that has been good here, whatever a person made of them since', () => {
    const good = { [subscriptionId.toLowerCase()]: ['2026-08' as PeriodPlan['period']] }
    const of = planned({ usages: [usage([whole()])], additions: [unserialed(3), unserialed(9)], good })
    expect(rows(of)[0]).toContain('subscription Success')
  })

  it('are not another distributor’s once that was said, whatever became of the mapping since', () => {
    const ten = unserialed(10)
    const of = planned({
      usages: [usage([whole()])],
      additions: [ten],
      answers: [{ additionId: ten.id, answer: 'nobody' }],
    })
    expect([writes(of), rows(of)]).toEqual([
      ['create'],
      ['subscription Success  50', 'addition No Change addition-not-ours 100'],
    ])
  })

  it('may belong to a subscription that PRISM lists and no invoice has: then quantities must tell', () => {
    const listed = [subscription(subscriptionId), subscription(other, { listedQuantity: '3' as Quantity })]
    const of = planned({
      usages: [usage([whole()])],
      subscriptions: listed,
      additions: [unserialed(5), unserialed(3)],
    })
    expect(rows(of)).toEqual(['subscription Success  50', 'addition Warning addition-unknown 30'])
  })
})

describe('additions without a serial number while an earlier month is not good [F5][F12]', () => {
  const from = '2026-08' as PeriodPlan['period']
  const tenants = [{ id: tenantId, name: 'Coho Winery', syncs: true, from }]
  const three = unserialed(3)
  const months = (later: InvoiceLine[]): Partial<Situation> => ({
    usages: [usage([august(5)], '2026-08'), usage(later)],
    subscriptions: both,
    tenants,
    additions: [three],
  })
  const inBoth = (over: Partial<Situation>): string[][] => plan(situation(over)).periods.map(rows)

  it('are asked about in the later months too, and no other subscription takes them by its quantity', () => {
    const [first, second] = inBoth(months([whole(3, { subscriptionId: other })]))
    expect(first).toEqual(['subscription Error ambiguous-additions 30'])
    expect(second).toEqual(['subscription Error ambiguous-additions 30'])
    const [, without] = inBoth({ ...months([whole(3, { subscriptionId: other })]), additions: [] })
    expect(without).toContain('subscription Success  30')
  })

  it('are not paired with another subscription of the product while the one that waits may have them', () => {
    const lines = [whole(5), whole(3, { subscriptionId: other })]
    const of = inBoth(months(lines))[1]
    expect(of).toEqual([
      'subscription Error ambiguous-additions 30',
      'subscription Error ambiguous-additions 0',
    ])
    const alone = planned({
      usages: [usage(lines)],
      subscriptions: both,
      additions: [three],
    })
    expect(rows(alone).every((row) => row.startsWith('subscription Success'))).toBe(true)
  })

  it('may be those of a subscription that is on no line any more, and of which nothing is good yet', () => {
    const good = { [other.toLowerCase()]: ['2026-08' as PeriodPlan['period']] }
    const over = { usages: [usage([])], subscriptions: both, additions: [three], good, tenants }
    const ended = planned({ ...over, ...known(august(3, { subscriptionId: other })) })
    expect(writes(ended)).toEqual(['update', 'end'])
    const unclear = { ...over, ...known(august(5), august(3, { subscriptionId: other })) }
    expect(writes(planned(unclear))).toEqual([])
    const isBefore = [{ id: tenantId, name: 'Coho Winery', syncs: true, from: '2026-09' as typeof from }]
    expect(writes(planned({ ...unclear, tenants: isBefore }))).toEqual(['update', 'end'])
  })
})

describe('one subscription id [F11]', () => {
  it('is written whole or not at all: an upgrade to a product that is not on the price list ends nothing', () => {
    const ours = addition(5, '2026-06-01')
    const upgraded = [
      line(5, '2026-09', 1, 14),
      line(5, '2026-09', 15, 30, { offerName: 'Copilot Suite', unit: [10, 12.3] }),
    ]
    const of = planned({
      usages: [usage(upgraded)],
      additions: [ours],
      owned: owned(ours),
      ...known(august()),
    })
    expect(writes(of)).toEqual([])
    expect(of.subscriptions.map(({ status, findings }) => [status, findings[0]?.code])).toEqual(
      expect.arrayContaining([
        ['Error', 'product-retired'],
        ['Error', 'other-product-failed'],
      ]),
    )
  })

  it('gets what it moved to before what it moved from is taken back', () => {
    const ours = addition(5, '2026-06-01')
    const of = planned({
      usages: [usage([whole(5, { offerName: 'Advanced (NCE Product)' })])],
      products: [product(), product('Advanced')],
      catalog: [catalogItem(1), catalogItem(2, 'Advanced')],
      additions: [ours],
      owned: owned(ours),
      ...known(august()),
    })
    expect(writes(of)).toEqual(['create', 'end'])
    const reversed = planned({
      usages: [usage([whole(5, { offerName: 'Zeta (NCE Product)' })])],
      products: [product(), product('Zeta')],
      catalog: [catalogItem(1), catalogItem(2, 'Zeta')],
      additions: [ours],
      owned: owned(ours),
      ...known(august()),
    })
    expect(writes(reversed)).toEqual(['create', 'end'])
  })
})

describe('Azure by name [F3]', () => {
  it('is Azure where PRISM gives no template and the offer is called so', () => {
    const stored = [subscription(subscriptionId, { productName: 'Azure plan' })]
    const of = planned({ usages: [usage([whole(1, { offerName: 'Azure plan' })])], subscriptions: stored })
    expect(of.subscriptions.map(({ kind }) => kind)).toEqual(['azure'])
  })
})

describe('whose a line is [docs/billing-rules.md, "Whose line"]', () => {
  const id = subscriptionKey(subscriptionId)
  const ours = addition(5, '2026-06-01')
  const contested = { ...usage([whole(3)]), contested: { [id]: ['Coho Winery', 'Fabrikam'] } }

  it('contested by two customers, it is an Error that names both; nothing is written, and nothing is gone', () => {
    for (const over of [{}, known(august())]) {
      const of = planned({ usages: [contested], additions: [ours], owned: owned(ours), ...over })
      expect([writes(of), rows(of)]).toEqual([[], ['subscription Error line-contested 50']])
      expect(of.subscriptions[0]?.findings[0]?.message).toBe(
        'It is not clear whose this subscription is: Coho Winery or Fabrikam',
      )
      expect(of.subscriptions[0]?.invoiced.price).toBe('30')
    }
  })

  it('stops no other subscription, and holds its own later months', () => {
    const lines = [whole(3), whole(2, { subscriptionId: other })]
    const october = usage([line(3, '2026-10', 1, 31)], '2026-10')
    const all = { subscriptions: both, usages: [{ ...contested, lines }, october] }
    const [of, later] = plan(situation(all)).periods
    expect(of && rows(of)).toEqual(['subscription Error line-contested 0', 'subscription Success  20'])
    expect(later && rows(later)).toEqual(
      expect.arrayContaining(['subscription Error earlier-period-failed 0']),
    )
  })

  it('contested Azure is an Error of the agreement’s Azure row, which stays as it is', () => {
    const azure = whole(1, { offerName: 'Azure plan', subscriptionId: other })
    const billed = addition(1, '2026-09-01', '2026-09-30', { serialNumber: 'azure-2026-09' })
    const of = planned({
      usages: [{ ...usage([azure]), contested: { [other.toLowerCase()]: ['Coho Winery', 'Fabrikam'] } }],
      products: [product('Azure plan')],
      additions: [billed],
      owned: owned(billed),
    })
    expect([writes(of), rows(of)]).toEqual([[], ['azure Error line-contested 10']])
  })

  it('of a domain that only its subscription tells, it is billed with a note', () => {
    const of = planned({ usages: [{ ...usage([whole()]), learnedDomains: { [id]: 'renamed.example' } }] })
    expect([writes(of), rows(of)]).toEqual([['create'], ['subscription Success domain-learned 50']])
  })

  it('of a subscription that PRISM moved away and that is on no line, ours ends; a clerk’s stays', () => {
    const over = { usages: [usage([])], subscriptions: [], movedSubscriptionIds: [id], additions: [ours] }
    const latest = known(august(5, { tenantId: 'tenant-2' }))
    expect(writes(planned({ ...over, owned: owned(ours), ...latest }))).toEqual(['end'])
    expect(writes(planned({ ...over, owned: owned(ours), ...known(august()) }))).toEqual(['end'])
    expect(rows(planned({ ...over, ...latest }))).toEqual(['addition Warning addition-moved 50'])
    const foreign = { ...over, movedSubscriptionIds: [], foreignSubscriptionIds: [id], owned: owned(ours) }
    expect(rows(planned({ ...foreign, ...latest }))).toEqual(['addition No Change addition-not-ours 50'])
  })
})
