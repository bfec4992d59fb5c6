/** A subscription that is as it was is planned with less work than the rules do, and comes out as they have it. */
import { describe, expect, it } from 'vitest'
import { asItWas } from './as-it-was.ts'
import { heldAdditions } from './billed-days.ts'
import { groupLines } from './groups.ts'
import { subscriptionKey } from './keys.ts'
import { windowOfTenant } from './moving.ts'
import { planByRules } from './plan-subscription.ts'
import { planUsage } from './plan-usage.ts'
import { productLookup } from './products.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  period,
  situation,
  subscriptionId,
  usage,
} from './testing/factories.ts'
import { windowOf } from './timeline.ts'
import type { Addition, InvoiceLine, Money, Quantity, Situation } from './types.ts'

const kept = (over: Partial<Addition> = {}): Addition => addition(5, '2026-08-01', null, { id: 1, ...over })
const september = (over: Parameters<typeof line>[4] = {}): InvoiceLine => line(5, '2026-09', 1, 30, over)
const asBefore: Situation = situation({
  additions: [kept()],
  owned: owned(kept()),
  usages: [usage([september()])],
  previous: usage([line(5, '2026-08', 1, 31)], '2026-08'),
  good: { [subscriptionKey(subscriptionId)]: [period('2026-08')] },
})

const seen = (of: Situation): boolean => {
  const lookup = productLookup(of)
  const [group] = groupLines(of.usages[0]?.lines ?? [], lookup)
  if (group === undefined) return false
  const window = windowOfTenant(windowOf(of.agreement, period('2026-09')), of.tenants[0], 'member')
  const held = heldAdditions(of).filter(({ end }) => end === null || end >= window.first)
  return asItWas(group, held, of.previous?.lines ?? [], window, null) !== null
}

const bothWays = (of: Situation): void => {
  const [month] = of.usages
  if (month === undefined) throw new Error('There is a month.')
  expect(planUsage(of, month, true)).toEqual(planUsage(of, month, true, planByRules))
}

const lot = owned(kept())[0]?.lots[0]
if (lot === undefined) throw new Error('It has a lot.')
const withLots = (...lots: (typeof lot)[]): Partial<Situation> => ({
  owned: [{ additionId: 1, created: true, lots }],
})
const lines = (...all: InvoiceLine[]): Partial<Situation> => ({ usages: [usage(all)] })
const only = (over: Partial<Addition>): Partial<Situation> => ({ additions: [kept(over)] })
const unit = (text: string) => ({ unitPrice: text as Money })

/** Each is one step away from a subscription that is as it was. */
const almost: Record<string, Partial<Situation>> = {
  'another quantity': lines(line(6, '2026-09', 1, 30)),
  'another price': lines(september({ unit: [8, 11] })),
  'another cost': lines(september({ unit: [9, 10] })),
  'an amount of the file that is a cent off': lines(september({ price: '50.01' as Money })),
  'an amount of the file that is far off': lines(september({ cost: '45' as Money })),
  'two lines': lines(line(5, '2026-09', 1, 15), line(5, '2026-09', 16, 30, { row: 3 })),
  'the same line twice': lines(september(), september({ row: 3 })),
  'a line that ends early': lines(line(5, '2026-09', 1, 29)),
  'a line that begins late': lines(line(5, '2026-09', 2, 30)),
  'no line': lines(),
  'another price the month before': {
    previous: usage([line(5, '2026-08', 1, 31, { unit: [8, 9] })], '2026-08'),
  },
  'an addition that ends': only({ cancelledDate: day('2026-12-31') }),
  'an addition that starts inside the month': only({ effectiveDate: day('2026-09-02') }),
  'an addition without serial number': only({ serialNumber: '' }),
  'an addition that writes the serial number otherwise': only({ serialNumber: subscriptionId.toLowerCase() }),
  'an addition that is not billed': only({ billCustomer: 'DoNotBill' }),
  'included licences': only({ lessIncluded: '2' as Quantity }),
  'an edited price': only(unit('12')),
  'an edited quantity': only({ quantity: '7' as Quantity }),
  'a price that a double cannot hold': {
    ...lines(september({ ...unit('10.12345678901234567') })),
    ...only(unit('10.12345678901234567')),
  },
  'an addition that is not ours': { owned: [] },
  'two additions': {
    additions: [kept({ quantity: '2' as Quantity }), kept({ id: 2, quantity: '3' as Quantity })],
  },
  'a lot at another price of PRISM’s': withLots({ ...lot, prism: { ...lot.prism, price: '9' as Money } }),
  'a lot that was set at another price': withLots({ ...lot, set: { ...lot.set, cost: '9' as Money } }),
  'a lot of another quantity': withLots({ ...lot, quantity: '4' as Quantity }),
  'two lots': withLots({ ...lot, quantity: '2' as Quantity }, { ...lot, quantity: '3' as Quantity }),
  'a month that ConnectWise has invoiced of it': {
    agreement: agreement({ nextInvoiceDate: day('2026-10-01') }),
    invoices: [{ through: day('2026-09-30'), additions: [kept()] }],
  },
  'an agreement that ends with the month': { agreement: agreement({ endDate: day('2026-09-30') }) },
  'a customer that leaves with the month': {
    tenants: [{ id: 'tenant-1', name: 'Coho Winery', syncs: true, until: period('2026-09') }],
  },
}

/** It is as it was, and something that is none of its own keeps it from being planned. */
const stopped: Record<string, Partial<Situation>> = {
  'a later month that is good': {
    good: { [subscriptionKey(subscriptionId)]: [period('2026-08'), period('2026-10')] },
  },
  'an agreement that is not fit': { agreement: agreement({ prorate: false }) },
  'another currency': { agreement: agreement({ currency: 'NZD' }) },
  'an earlier month that failed': { waiting: { [subscriptionKey(subscriptionId)]: period('2026-08') } },
  'an earlier month that waits': { unanswered: { [subscriptionKey(subscriptionId)]: period('2026-08') } },
  'additions that an agreement before still bills': {
    stillBilled: {
      [subscriptionKey(subscriptionId)]: { agreementName: 'Old', additionIds: [9], price: '10' as Money },
    },
  },
  'a start in a later month': { starts: { [subscriptionKey(subscriptionId)]: period('2026-10') }, good: {} },
  'a customer that is billed elsewhere': { starts: { [subscriptionKey(subscriptionId)]: 'elsewhere' } },
  'a skipped month': { skipped: { [subscriptionKey(subscriptionId)]: [period('2026-09')] } },
  'a domain that was learned': {
    usages: [
      { ...usage([september()]), learnedDomains: { [subscriptionKey(subscriptionId)]: 'old.example' } },
    ],
  },
  'a line that may be its': {
    usages: [
      {
        ...usage([september()]),
        badLines: [
          {
            row: 9,
            tenantId: 'tenant-1',
            subscriptionId: '',
            offerName: '',
            column: 'SubscriptionId',
            reason: 'it is empty',
            cost: null,
            price: null,
          },
        ],
      },
    ],
  },
}

describe('a subscription that is as it was', () => {
  it('is kept, with nothing but what was invoiced and is billed', () => {
    expect(seen(asBefore)).toBe(true)
    bothWays(asBefore)
    const [row] = planUsage(asBefore, asBefore.usages[0] ?? usage([]), true).subscriptions
    expect(row).toMatchObject({
      status: 'No Change',
      findings: [],
      changes: [{ kind: 'keep', additionId: 1 }],
      quantityBefore: '5',
      invoiced: { cost: '40', price: '50' },
      billed: { cost: '40', price: '50' },
    })
  })

  it('is also one of which nothing is known of the month before, and whose first piece ConnectWise has billed', () => {
    const others: Partial<Situation>[] = [
      { previous: null },
      { invoices: [{ through: day('2026-08-31'), additions: [kept()] }] },
      { agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) },
      { agreement: agreement({ nextInvoiceDate: null }) },
      {
        ...lines(september({ unit: [8.333, 10.405] })),
        ...only({ ...unit('10.405'), unitCost: '8.333' as Money }),
        previous: null,
        ...withLots({
          ...lot,
          set: { cost: '8.333' as Money, price: '10.405' as Money },
          prism: { cost: '8.333' as Money, price: '10.405' as Money },
        }),
      },
    ]
    for (const over of others) {
      expect(seen({ ...asBefore, ...over })).toBe(true)
      bothWays({ ...asBefore, ...over })
    }
  })

  it.each(Object.entries(almost))('is not one with %s, which the rules plan', (_, over) => {
    expect(seen({ ...asBefore, ...over })).toBe(false)
    bothWays({ ...asBefore, ...over })
  })

  it.each(Object.entries(stopped))('is planned as the rules have it with %s', (_, over) => {
    expect(seen({ ...asBefore, ...over })).toBe(true)
    bothWays({ ...asBefore, ...over })
  })
})
