import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { cutoverReview, isCutover } from './cutover-review.ts'
import { cutoverReviewSchema } from './cutover-types.ts'
import { addPair, amount, pair, sumPairs } from './decimal.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  catalogItem,
  day,
  line,
  period,
  product,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { Addition, Money, Situation } from './types.ts'

const second = '0F0F0F0F-0000-4000-8000-000000000002'
const gone = '0F0F0F0F-0000-4000-8000-000000000003'
const [first] = situation().subscriptions
const subscriptions = first ? [first, { ...first, id: second }, { ...first, id: gone }] : []
const latest = { [subscriptionKey(gone)]: line(2, '2026-08', 1, 31, { subscriptionId: gone }) }
const five = line(5, '2026-09', 1, 30)
const other = product('Visio')
const catalog = [
  catalogItem(1),
  catalogItem(2, 'Visio'),
  catalogItem(3, 'Support fee'),
  catalogItem(4, 'x', { identifier: 'P1Y:A:sku-Visio', vendorSku: 'P1Y:A:sku-Visio' }),
  catalogItem(5, 'x', { identifier: 'P1M:M sku-Visio', vendorSku: 'P1M:M sku-Visio' }),
  catalogItem(6, 'x', { identifier: 'BUSINESS-PREMIUM', vendorSku: '' }),
]
const begin = (additions: readonly Addition[], over: Partial<Situation> = {}): Situation =>
  situation({ products: [product(), other], catalog, usages: [usage([five])], additions, ...over })
const review = (whole: Situation) => cutoverReview(whole, plan(whole)) ?? expect.unreachable()
const hand = (quantity: number, over: Partial<Addition> = {}) =>
  addition(quantity, '2026-06-01', null, { serialNumber: '', ...over })

describe('The review of a customer before its Sync is switched on (F5, F9)', () => {
  const cases: [string, () => Addition, string, string[]][] = [
    ['the right one without serial number', () => hand(5), 'adopted', ['subscription', 'nobody', 'ends']],
    [
      'the right one with the id',
      () => addition(5, '2026-06-01'),
      'adopted',
      ['subscription', 'nobody', 'ends'],
    ],
    [
      'one with the id and another quantity',
      () => addition(4, '2026-06-01'),
      'replaced',
      ['subscription', 'nobody', 'ends'],
    ],
    [
      'one without serial number and another quantity',
      () => hand(6),
      'blocked',
      ['subscription', 'ends', 'nobody'],
    ],
    [
      'a lump sum of several months',
      () => hand(1, { unitPrice: '150' as Money }),
      'blocked',
      ['subscription', 'ends', 'nobody'],
    ],
    ['one that ended before', () => addition(5, '2026-02-01', '2026-08-31'), 'over', []],
    ['one that starts later', () => addition(5, '2026-12-01'), 'blocked', ['subscription', 'ends', 'nobody']],
    [
      'a support fee with the id',
      () => addition(5, '2026-06-01', null, { catalogItemId: 3 }),
      'other-product',
      ['subscription'],
    ],
    ['a support fee without the id', () => hand(5, { catalogItemId: 3 }), 'other-product', []],
    [
      'one of a product that is not invoiced (F9)',
      () => hand(2, { catalogItemId: 2 }),
      'blocked',
      ['subscription', 'ends', 'nobody'],
    ],
    ['one of an annual item', () => hand(2, { catalogItemId: 4 }), 'left', ['subscription', 'ends']],
    [
      'one with a serial number that nobody knows',
      () => hand(2, { catalogItemId: 5, serialNumber: 'PO-1' }),
      'asked',
      ['subscription', 'ends', 'nobody', 'stays'],
    ],
  ]
  it.each(cases)('says what becomes of %s', (_, make, fate, actions) => {
    const { additions } = review(begin([make()]))
    expect(additions.map((each) => [each.fate, each.actions])).toEqual([[fate, actions]])
  })

  it('tells old and new of what is written, and the bill of both', () => {
    const {
      additions,
      bills,
      totals,
      subscriptions: rows,
    } = review(begin([hand(5), addition(3, '2026-06-01', null, { catalogItemId: 3 })]))
    expect(additions[0]).toMatchObject({
      subscriptionId: subscriptionKey(subscriptionId),
      serialNumber: { before: '', after: subscriptionId },
      bills: { before: { price: '50' }, after: { price: '50' } },
    })
    expect([bills.before.price, bills.after.price, totals.invoiced.price]).toEqual(['80', '80', '50'])
    expect(rows).toMatchObject([
      { state: 'ready', creates: 0, bills: { before: { price: '50' }, after: { price: '50' } } },
    ])
  })

  it('says why a subscription is blocked, and that nothing of it is written', () => {
    const {
      subscriptions: [row],
      bills,
    } = review(begin([hand(6)]))
    expect(row).toMatchObject({ state: 'blocked', creates: 0, reason: { code: 'ambiguous-additions' } })
    expect(bills.after).toEqual(bills.before)
  })

  it('follows what a person says of an addition', () => {
    const extra = hand(6)
    const said = (answer: object) =>
      review(begin([extra], { answers: [{ additionId: extra.id, ...answer } as never] }))
    expect(said({ answer: 'subscription', subscriptionId }).additions[0]?.fate).toBe('replaced')
    expect(said({ answer: 'nobody' }).additions[0]?.fate).toBe('left')
    expect(said({ answer: 'ends', endsOn: day('2026-08-31') })).toMatchObject({
      additions: [{ fate: 'ended', cancelledDate: { before: null, after: '2026-08-31' } }],
      bills: { before: { price: '60' }, after: { price: '50' } },
    })
  })

  it('is of customers of which nothing was synced here', () => {
    expect(isCutover(begin([]))).toBe(true)
    expect(isCutover(begin([], { good: { [subscriptionKey(subscriptionId)]: [period('2026-08')] } }))).toBe(
      false,
    )
    expect(cutoverReview(begin([], { usages: [] }), plan(begin([], { usages: [] })))).toBe(null)
  })
})

describe('Of whatever additions an agreement has', () => {
  const made = fc.record({
    catalogItemId: fc.constantFrom(1, 1, 1, 2, 3, 4, 5, 6),
    serialNumber: fc.constantFrom('', '', subscriptionId, second, gone, 'PO-1', 'azure-2026-08'),
    quantity: fc.integer({ min: 0, max: 6 }),
    from: fc.constantFrom('2026-06-01', '2026-08-10', '2026-09-01', '2026-09-11', '2026-10-01', '2026-11-05'),
    to: fc.constantFrom(null, null, null, '2026-07-31', '2026-09-30', '2026-12-31'),
    unitPrice: fc.constantFrom('10', '9.5', '7.77'),
  })
  const world = fc.record({
    additions: fc.array(made, { maxLength: 6 }),
    quantities: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })),
    steps: fc.boolean(),
  })

  it('the bill that is promised is that of the additions once they are written, nothing is doubled, and each addition is told once', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(world, ({ additions, quantities: [one, two], steps }) => {
        const lines = [
          ...(one > 0 ? [line(one, '2026-09', 1, steps ? 14 : 30)] : []),
          ...(one > 0 && steps ? [line(one + 1, '2026-09', 15, 30)] : []),
          ...(two > 0 ? [line(two, '2026-09', 1, 30, { subscriptionId: second })] : []),
        ]
        const whole = begin(
          additions.map(({ quantity, from, to, unitPrice, ...over }) =>
            addition(quantity, from, to, { ...over, unitPrice: unitPrice as Money }),
          ),
          { subscriptions, latest, usages: [usage(lines)] },
        )
        const made = plan(whole)
        const found = cutoverReviewSchema.parse(cutoverReview(whole, made))
        expect(found.additions.map(({ additionId }) => additionId)).toEqual(
          whole.additions.map(({ id }) => id),
        )
        for (const { fate } of found.additions) seen.set(fate, (seen.get(fate) ?? 0) + 1)

        const after = simulate(whole, made.periods.flatMap(changesOf)).additions
        const billed = bill(after, whole.agreement, found.period)
        expect(found.bills.after).toEqual(billed.total)
        expect(amount(addPair(pair(found.totals.billed), pair(found.apart)))).toEqual(found.bills.after)
        expect(found.totals.unexplained.price).toBe('0')

        for (const row of found.subscriptions) {
          const id = subscriptionKey(row.subscriptionId)
          const apart = new Set(
            found.additions
              .filter(
                ({ fate, isNamesake }) => isNamesake || ['other-product', 'asked', 'left'].includes(fate),
              )
              .map(({ additionId }) => additionId),
          )
          const theirs = after.filter(
            (each) => subscriptionKey(each.serialNumber) === id && !apart.has(each.id),
          )
          const ofIt = sumPairs(
            theirs.map((each) =>
              pair(billed.additions.get(each.id) ?? { cost: '0' as Money, price: '0' as Money }),
            ),
          )
          const rows = found.subscriptions.filter((each) => subscriptionKey(each.subscriptionId) === id)
          if (rows.every(({ state }) => state === 'ready'))
            expect(amount(ofIt)).toEqual(amount(sumPairs(rows.map(({ bills }) => pair(bills.after)))))
          else expect(rows.every(({ creates }) => creates === 0)).toBe(true)
        }
        // What is called as the product, and bills, is never billed beside what is created.
        const isUnlinked = ({ catalogItemId, serialNumber }: Addition): boolean =>
          catalogItemId === 6 && ['', subscriptionKey(subscriptionId)].includes(subscriptionKey(serialNumber))
        const byHand = after.filter(
          (each) => isUnlinked(each) && each.cancelledDate === null && each.quantity !== '0',
        )
        const created = made.periods.flatMap(changesOf).filter((change) => change.kind === 'create')
        const isFirsts = (change: (typeof created)[number]): boolean =>
          change.kind === 'create' &&
          subscriptionKey(change.addition.serialNumber) === subscriptionKey(subscriptionId)
        const had = whole.additions.some((each) => each.catalogItemId !== 6 && each.catalogItemId !== 3)
        if (byHand.length > 0 && !had) expect(created.filter(isFirsts)).toEqual([])
      }),
      { numRuns: 600 },
    )
    expect([...seen.keys()].sort()).toEqual([
      'adopted',
      'asked',
      'blocked',
      'ended',
      'left',
      'other-product',
      'over',
      'replaced',
    ])
  })
})
