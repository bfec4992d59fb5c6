import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, InvoiceLine, Money, Quantity } from '#lib/billing/types.ts'
import { isExtension } from './extension.ts'
import { outlookOf, type RenewalFacts } from './renewals.ts'

const today = '2026-11-26' as Day
const line = (over: Partial<InvoiceLine> = {}): InvoiceLine => ({
  row: 1,
  tenantId: 't',
  subscriptionId: 's',
  offerName: 'Microsoft 365 E3',
  first: '2026-10-01' as Day,
  last: '2026-10-31' as Day,
  description: '',
  quantity: '25' as Quantity,
  unitCost: '49.15' as Money,
  unitPrice: '57.8' as Money,
  cost: '1228.75' as Money,
  price: '1445' as Money,
  billingCycle: 'Monthly',
  termDuration: '1',
  termUnit: 'YEARS',
  ...over,
})
const facts = (over: Partial<RenewalFacts> = {}): RenewalFacts => ({
  subscriptionId: subscriptionKey('s'),
  tenantId: 't',
  customer: 'Coho Winery',
  product: 'E3',
  firstPurchased: '2025-12-10' as Day,
  saidEnd: null,
  isListed: true,
  listedQuantity: '25' as Quantity,
  lines: [line()],
  listed: { cost: '50' as Money, price: '60' as Money },
  unbilled: null,
  added: [],
  ...over,
})
const outlook = (of: Partial<RenewalFacts>, within = 30) => outlookOf([facts(of)], today, within)

describe('what renews in the next days [J12]', () => {
  it('is given with its quantity as PRISM lists it, its price now, and that of the price list', () => {
    expect(outlook({ listedQuantity: '20' as Quantity }).renewals).toEqual([
      {
        subscriptionId: 's',
        tenantId: 't',
        customer: 'Coho Winery',
        product: 'Microsoft 365 E3',
        endsOn: '2026-12-09',
        isSaid: false,
        months: 12,
        billedBy: 'month',
        quantity: '20',
        now: { cost: '983', price: '1156' },
        next: { cost: '1000', price: '1200' },
        difference: { cost: '17', price: '44' },
      },
    ])
  })

  it('is no term that ends later, on the day after, or before today', () => {
    expect(outlook({ firstPurchased: '2025-12-27' as Day }).renewals).toHaveLength(1)
    expect(outlook({ firstPurchased: '2025-12-28' as Day }).renewals).toEqual([])
    expect(outlook({ firstPurchased: '2025-11-27' as Day }).renewals).toHaveLength(1)
    expect(outlook({ firstPurchased: '2025-11-26' as Day }, 90).renewals).toEqual([])
  })

  it('is no monthly term, and nothing that PRISM lists no more or has none of', () => {
    expect(outlook({ lines: [line({ termUnit: 'MONTHS' })] }).renewals).toEqual([])
    expect(outlook({ isListed: false }).renewals).toEqual([])
    expect(outlook({ listedQuantity: '0' as Quantity }).renewals).toEqual([])
    expect(outlook({ lines: [] }).renewals).toEqual([])
  })

  it('follows what a person said of its end, and counts on from it once that is past', () => {
    expect(outlook({ saidEnd: '2026-12-20' as Day }).renewals).toMatchObject([
      { endsOn: '2026-12-20', isSaid: true },
    ])
    expect(outlook({ saidEnd: '2026-11-25' as Day }).renewals).toEqual([])
    expect(outlook({ saidEnd: '2025-12-05' as Day }).renewals).toMatchObject([{ endsOn: '2026-12-05' }])
  })

  it('has no price to come where the list has none, or where the term is billed at once', () => {
    expect(outlook({ listed: null }).renewals).toMatchObject([{ next: null, difference: null }])
    expect(outlook({ lines: [line({ billingCycle: 'Annual' })] }).renewals).toMatchObject([
      { billedBy: 'term', next: null },
    ])
  })

  it('names terms of which nothing tells the end', () => {
    expect(outlook({ firstPurchased: null })).toMatchObject({
      renewals: [],
      withoutEnd: [{ subscriptionId: 's' }],
    })
    expect(outlook({ lines: [line({ termDuration: '' })] }).withoutEnd).toHaveLength(1)
  })
})

describe('seats that can still be given back [J12]', () => {
  it('can be so until seven days after the last look that did not have them', () => {
    const added = [
      { seats: '5' as Quantity, after: '2026-11-19' as Day, seenOn: '2026-11-20' as Day },
      { seats: '2' as Quantity, after: '2026-11-20' as Day, seenOn: '2026-11-21' as Day },
      { seats: '3' as Quantity, after: '2026-11-25' as Day, seenOn: '2026-11-26' as Day },
    ]
    expect(outlook({ added }).giveBacks).toMatchObject([
      { seats: '2', until: '2026-11-26' },
      { seats: '3', until: '2026-12-01' },
    ])
  })

  it('are all of a new subscription, from its first purchase on', () => {
    const added = [{ seats: '9' as Quantity, after: null, seenOn: '2026-11-26' as Day }]
    expect(outlook({ added, firstPurchased: '2026-11-24' as Day, lines: [] }).giveBacks).toMatchObject([
      { seats: '9', until: '2026-11-30' },
    ])
  })
})

describe('paid extension [J12]', () => {
  it('is told by the product’s name', () => {
    expect(isExtension('Microsoft 365 E3 - Extended Service Term (NCE Product)')).toBe(true)
    expect(isExtension('Microsoft 365 E3 (EST)')).toBe(true)
    expect(isExtension('Best Effort Backup')).toBe(false)
    expect(isExtension('Microsoft 365 E3 (Non-Profit Pricing)')).toBe(false)
  })

  it('is given with the least that it adds: 3 of 103', () => {
    const lines = [
      line({
        offerName: 'Microsoft 365 E3 (EST)',
        termUnit: 'MONTHS',
        unitPrice: '10.3' as Money,
        unitCost: '9.27' as Money,
      }),
    ]
    expect(outlook({ lines, listedQuantity: '10' as Quantity }).extended).toMatchObject([
      { now: { cost: '92.7', price: '103' }, surcharge: { cost: '2.7', price: '3' } },
    ])
  })
})

it('names annual charges that no agreement bills, with their amount', () => {
  const lines = [line(), line({ row: 2, cost: '10' as Money, price: '12' as Money })]
  expect(outlook({ unbilled: 'motion-off', lines }).unbilled).toMatchObject([
    { why: 'motion-off', charged: { cost: '1238.75', price: '1457' } },
  ])
  expect(outlook({ unbilled: null }).unbilled).toEqual([])
})

it('does not depend on the order of subscriptions, and has each renewal of 30 days among those of 90', () => {
  const many = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      day: fc.integer({ min: 1, max: 28 }),
      month: fc.integer({ min: 1, max: 12 }),
      seats: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 12, selector: ({ id }) => subscriptionKey(id) },
  )
  const two = (n: number) => String(n).padStart(2, '0')
  fc.assert(
    fc.property(many, (of) => {
      const all = of.map(({ id, day, month, seats }) =>
        facts({
          subscriptionId: subscriptionKey(id),
          firstPurchased: `2024-${two(month)}-${two(day)}` as Day,
          listedQuantity: `${seats}` as Quantity,
        }),
      )
      const outlooks = [30, 60, 90].map((within) => outlookOf(all, today, within))
      expect(outlookOf(all.toReversed(), today, 90)).toEqual(outlooks[2])
      const ids = outlooks.map(({ renewals }) => renewals.map((each) => each.subscriptionId))
      expect(ids[1]?.slice(0, ids[0]?.length)).toEqual(ids[0])
      expect(ids[2]?.slice(0, ids[1]?.length)).toEqual(ids[1])
      for (const { now, next, difference } of outlooks[2]?.renewals ?? [])
        expect(
          decimal(now.price)
            .plus(decimal(difference?.price ?? '0'))
            .eq(decimal(next?.price ?? '0')),
        ).toBe(true)
    }),
  )
})
