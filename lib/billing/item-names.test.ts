/** Items and additions that PRISM Connect or a clerk made before the product (F5; docs/billing-rules.md, "Products"). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { motionOf, namedProduct } from './item-names.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { simulate } from './simulate.ts'
import {
  addition,
  agreement,
  catalogItem,
  day,
  line,
  period,
  product,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import type { Addition, CatalogItem, Situation } from './types.ts'

const sku = 'sku-Business Premium'
const plain = catalogItem()
const monthly = catalogItem(11, 'x', { identifier: `P1M:M:${sku}`, vendorSku: `P1M:M:${sku}` })
const longTerm = catalogItem(12, 'x', { identifier: `P1Y:M ${sku}`, vendorSku: `P1Y:M ${sku}` })
const annual = catalogItem(13, 'x', { identifier: `P1Y:A-${sku}`, vendorSku: `P1Y:A-${sku}` })
const five = line(5, '2026-09', 1, 30)
const year = { termDuration: '1', termUnit: 'YEARS' }
const second = '0F0F0F0F-0000-4000-8000-000000000002'
const firstSubscription = situation().subscriptions[0] ?? expect.unreachable()
const both = [firstSubscription, { ...firstSubscription, id: second }]

const planned = (over: Partial<Situation>) => {
  const whole = situation({ usages: [usage([five])], ...over })
  const made = plan(whole)
  const [month] = made.periods
  if (month === undefined) return expect.unreachable()
  const after = simulate(whole, changesOf(month)).additions
  return {
    rows: month.subscriptions,
    kinds: month.subscriptions.flatMap(({ changes }) =>
      changes.map(({ kind, reason }) => `${kind} ${reason.rule}`),
    ),
    found: month.subscriptions.flatMap(({ findings }) => findings.map(({ code }) => code)),
    bill: bill(after, whole.agreement, period('2026-09')).total.price,
    items: month.catalogItems,
  }
}
const on = (item: CatalogItem, over: Partial<Addition> = {}, quantity = 5): Addition =>
  addition(quantity, '2026-06-01', null, { catalogItemId: item.id, ...over })

describe('What a catalog item names', () => {
  it.each(['', ':', ' ', '-', '_', ' | ', '::', '/'])(
    'is the product, whatever stands after the motion: “%s”',
    (between) => {
      expect(namedProduct({ vendorSku: `p1y:m${between}ABC-1`, identifier: 'x' })).toEqual({
        sku: 'abc-1',
        motion: 'long-term',
      })
    },
  )

  it('is told by the Product ID where there is no Vendor SKU, and the motion also where there is one', () => {
    expect(namedProduct({ vendorSku: ' ', identifier: 'P1Y:A:ABC' })).toEqual({
      sku: 'abc',
      motion: 'annual',
    })
    expect(namedProduct({ vendorSku: 'ABC', identifier: 'P1M:M:ABC' })).toEqual({
      sku: 'abc',
      motion: 'monthly',
    })
    expect(namedProduct({ vendorSku: 'ABC', identifier: 'Premium' })).toEqual({ sku: 'abc', motion: null })
  })

  it('is no motion where the text only looks like one', () => {
    for (const vendorSku of ['P1Y', 'P1Y:M', 'PROJECT:MAX', 'P1Y:X:ABC', 'XP1Y:M:ABC'])
      expect(namedProduct({ vendorSku, identifier: '' }).motion).toBe(null)
  })

  it('fits the cycle and term of a line', () => {
    expect(motionOf(five)).toBe('monthly')
    expect(motionOf({ ...five, ...year })).toBe('long-term')
    expect(motionOf({ ...five, termDuration: '36' })).toBe('long-term')
    expect(motionOf({ ...five, billingCycle: 'Annual', ...year })).toBe('annual')
    expect(motionOf({ ...five, billingCycle: null, termDuration: null, termUnit: null })).toBe(null)
  })
})

describe('Additions of PRISM Connect’s items', () => {
  const options = { ...situation().options, annualTermsMonthly: true }

  it.each([
    ['with the subscription’s id', monthly, {}, 'keep adopt'],
    ['without serial number', monthly, { serialNumber: '' }, 'update adopt'],
    [
      'with an item that only its Product ID names',
      catalogItem(14, 'x', { identifier: sku, vendorSku: '' }),
      {},
      'keep adopt',
    ],
  ])('are adopted and not created beside, %s', (_, item, over, change) => {
    for (const catalog of [[item], [plain, item]]) {
      const { kinds, bill, items } = planned({ catalog, additions: [on(item, over)] })
      expect([kinds, bill, items]).toEqual([[change], '50', []])
    }
  })

  it('of terms of a year are told from those of a month by their items, at equal quantities', () => {
    const { kinds, found, bill } = planned({
      options,
      subscriptions: both,
      usages: [usage([five, line(5, '2026-09', 1, 30, { ...year, subscriptionId: second })])],
      catalog: [plain, longTerm],
      additions: [on(plain, { serialNumber: '' }), on(longTerm, { serialNumber: '' })],
    })
    expect([kinds, found, bill]).toEqual([['update adopt', 'update adopt'], [], '100'])
  })

  it('that bill a year at once are left alone, and are no left-overs', () => {
    for (const serialNumber of ['', 'PO-7']) {
      const { rows, bill } = planned({
        catalog: [plain, annual],
        additions: [on(plain), on(annual, { serialNumber })],
      })
      expect(rows.map(({ kind, status }) => [kind, status])).toEqual([
        ['subscription', 'No Change'],
        ['addition', 'No Change'],
      ])
      expect([Object.keys(rows[1]?.reconciliation.terms ?? {}), bill]).toEqual([['annualAddition'], '100'])
    }
  })

  it('with a serial number that nobody knows stop the product’s subscriptions, as those of its own item do', () => {
    for (const item of [plain, monthly]) {
      const { kinds, found } = planned({
        catalog: [plain, monthly],
        additions: [on(item, { serialNumber: 'PO-7' })],
      })
      expect([kinds, found]).toEqual([[], ['unknown-serial-number']])
    }
  })

  it('without serial number, of a product that is on no line, are left over', () => {
    const other = product('Visio')
    const item = catalogItem(15, 'x', { vendorSku: `P1M:M:${other.sku}` })
    const { rows } = planned({
      products: [product(), other],
      catalog: [plain, item],
      additions: [on(plain), on(item, { serialNumber: '' })],
    })
    expect(rows.map(({ kind, product: { sku } }) => [kind, sku])).toEqual([
      ['subscription', sku],
      ['leftover', other.sku],
    ])
  })

  it('that bill a year at once are asked about where nothing else bills a subscription of the product', () => {
    const { kinds, found } = planned({
      catalog: [plain, annual],
      additions: [on(annual, { serialNumber: '' })],
    })
    expect([kinds, new Set(found)]).toEqual([[], new Set(['ambiguous-additions'])])
  })

  it('leave what is ours with the item that it has', () => {
    const ours = on(plain)
    const owned = [{ additionId: ours.id, created: true, lots: [] }]
    const { kinds, found } = planned({
      catalog: [plain, monthly],
      owned,
      additions: [ours, on(monthly, { serialNumber: '' })],
    })
    expect([kinds, new Set(found)]).toEqual([[], new Set(['ambiguous-additions'])])
  })
})

describe('Several items of one Vendor SKU', () => {
  const asMonthly = catalogItem(21, 'x', { identifier: sku, vendorSku: sku })
  const asLong = catalogItem(22, 'x', { identifier: `P1Y:M:${sku}`, vendorSku: sku })

  it('are told apart by the motion in their Product IDs', () => {
    const { kinds } = planned({ catalog: [asMonthly, asLong], additions: [on(asMonthly)] })
    expect(kinds).toEqual(['keep adopt'])
  })

  it('stay an Error where nothing tells them apart (D6)', () => {
    for (const catalog of [
      [asMonthly, { ...asMonthly, id: 23 }],
      [asLong, { ...asLong, id: 24 }],
    ])
      expect(planned({ catalog }).found).toEqual(['multiple-products'])
  })
})

describe('Azure usage that somebody billed by hand (F3)', () => {
  const azure = {
    id: 'az-1',
    tenantId: 'tenant-1',
    productId: 'id-Azure plan',
    productName: 'Azure plan',
    displayTemplate: 'Azure',
  }
  const usageLine = line(1, '2026-09', 1, 30, {
    subscriptionId: 'az-1',
    offerName: 'Azure plan',
    unit: [80, 100],
  })
  const item = catalogItem(2, 'Azure plan')
  const azurePlan = (additions: readonly Addition[], over: Partial<Situation> = {}) =>
    planned({
      products: [product(), product('Azure plan')],
      catalog: [plain, item],
      subscriptions: [firstSubscription, azure],
      usages: [usage([usageLine])],
      additions,
      ...over,
    })
  const ofMonth = (serialNumber: string) =>
    addition(1, '2026-09-01', '2026-09-30', { serialNumber, catalogItemId: item.id })

  it.each(['az-1', '', 'PO-7'])(
    'is adopted where it is the month’s, with serial number “%s”',
    (serialNumber) => {
      const { kinds, bill } = azurePlan([ofMonth(serialNumber)])
      expect([kinds, bill]).toEqual([['update azure'], '100'])
    },
  )

  it.each([
    [
      'an open one with the subscription’s id',
      () => [addition(1, '2026-08-01', null, { serialNumber: 'az-1', catalogItemId: item.id })],
    ],
    [
      'an open one without serial number',
      () => [addition(1, '2026-06-01', null, { serialNumber: '', catalogItemId: item.id })],
    ],
    ['a second one of the month', () => [ofMonth('az-1'), ofMonth('')]],
    [
      'one of two',
      () => [addition(2, '2026-09-01', '2026-09-30', { serialNumber: 'az-1', catalogItemId: item.id })],
    ],
  ])('is not billed a second time: %s is asked about', (_, additions) => {
    const all = additions()
    const { kinds, found, rows } = azurePlan(all)
    expect([kinds, found]).toEqual([[], ['ambiguous-additions']])
    expect(rows[0]?.findings[0]?.asks?.map(({ additionId }) => additionId)).toEqual([all.at(-1)?.id])
  })

  it('is not asked about in a month before the one that it bills', () => {
    const october = addition(1, '2026-10-01', '2026-10-31', { serialNumber: 'az-1', catalogItemId: item.id })
    const { kinds, found, bill } = azurePlan([october])
    expect([kinds, found, bill]).toEqual([['create azure'], [], '100'])
  })

  it('goes on as one total once a person said when the other one ends', () => {
    for (const serialNumber of ['', 'az-1', 'PO-7']) {
      const open = addition(1, '2026-06-01', null, { serialNumber, catalogItemId: item.id })
      const { kinds, bill } = azurePlan([open], {
        answers: [{ additionId: open.id, answer: 'ends', endsOn: day('2026-08-31') }],
      })
      expect([kinds, bill]).toEqual([['create azure', 'end answered'], '100'])
    }
  })
})

describe('Whatever items people billed a product with', () => {
  const items = [plain, monthly, longTerm]
  const made = fc.record({
    item: fc.constantFrom(...items),
    serialNumber: fc.constantFrom('', subscriptionId, second),
    quantity: fc.integer({ min: 1, max: 3 }),
    from: fc.constantFrom('2026-06-01', '2026-08-10', '2026-09-01'),
    to: fc.constantFrom(null, '2026-08-31'),
  })
  const world = fc.record({
    additions: fc.array(made, { maxLength: 4 }),
    quantities: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
    isLong: fc.boolean(),
    cut: fc.nat({ max: 12 }),
  })
  const keyOf = ({ id: _, ...rest }: Addition): string => JSON.stringify(rest)

  it('no subscription that is written bills twice, planning again is empty, the same next month writes nothing, and every beginning of a plan leads to the same', () => {
    fc.assert(
      fc.property(world, ({ additions, quantities: [one, two], isLong, cut }) => {
        const lines = [
          ...(one > 0 ? [line(one, '2026-09', 1, 30)] : []),
          ...(two > 0
            ? [line(two, '2026-09', 1, 30, { subscriptionId: second, ...(isLong ? year : {}) })]
            : []),
        ]
        const whole = situation({
          agreement: agreement(),
          options: { ...situation().options, annualTermsMonthly: true },
          subscriptions: both,
          usages: [usage(lines)],
          catalog: items,
          additions: additions.map(({ item, serialNumber, quantity, from, to }) =>
            addition(quantity, from, to, { catalogItemId: item.id, serialNumber }),
          ),
        })
        const first = plan(whole)
        const changes = first.periods.flatMap(changesOf)
        const done = simulate(whole, changes)
        expect(isNothingToWrite(plan(done))).toBe(true)
        const part = simulate(whole, changes.slice(0, cut))
        const rest = simulate(part, plan(part).periods.flatMap(changesOf))
        expect(rest.additions.map(keyOf).sort()).toEqual(done.additions.map(keyOf).sort())
        const [month] = first.periods
        const isWritten = month?.subscriptions.every(
          ({ status }) => status === 'Success' || status === 'No Change',
        )
        if (!isWritten) return
        const bill9 = bill(done.additions, done.agreement, period('2026-09')).total.price
        expect(bill9).toBe(`${(one + two) * 10}`)
        const october = lines.map((each) => ({
          ...each,
          first: day('2026-10-01'),
          last: day('2026-10-31'),
        }))
        const next = {
          ...done,
          previous: whole.usages[0] ?? null,
          good: {
            [subscriptionKey(subscriptionId)]: [period('2026-09')],
            [subscriptionKey(second)]: [period('2026-09')],
          },
          usages: [usage(october, '2026-10')],
        }
        const [month10] = plan(next).periods
        expect(
          month10?.subscriptions.flatMap(({ changes }) => changes.filter(({ kind }) => kind !== 'keep')),
        ).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})
