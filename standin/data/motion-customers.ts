/**
 * Customers with terms of all motions (docs/facts/microsoft.md, "Motions"): bought for a year and billed at once or by the month, renewed,
 * upgraded, given back, extended. Only a demo with motions has them. README.md says what each one shows.
 */
import { lineAmount } from '#standin/prism/amounts.ts'
import { addDays, type Day, daysBetween } from '#standin/prism/calendar.ts'
import {
  type AnnualHistory,
  annualTermBilledAnnually,
  annualTermBilledMonthly,
  type History,
} from '#standin/prism/history.ts'
import type { InvoiceLine } from '#standin/prism/lines.ts'
import type { ExtraInvoice } from '#standin/prism/seed.ts'
import { type Customer, customer, ended, licences, move, quantity } from './customer.ts'
import { subscriptionId, tenantId } from './ids.ts'
import { type ProductKey, products } from './products.ts'

const forAYear = { term: annualTermBilledMonthly }
const daysOfYear = 365

interface Order {
  /** `customer/subscription`. */
  readonly of: string
  readonly product: ProductKey
  readonly seats: number
  /** The term's first day. */
  readonly on: Day
  /** Of one seat for the year. */
  readonly cost: string
  readonly rrp: string
  /** Seats that came later, or were given back. */
  readonly later: readonly { readonly on: Day; readonly seats: number }[]
}

/** Seats of a year that are paid at once, each change with an invoice of its own on the day after. */
const orders = {
  project: {
    of: 'terra/project',
    product: 'project-3',
    seats: 5,
    on: '2026-05-11',
    cost: '458.85',
    rrp: '550.62',
    later: [{ on: '2026-07-20', seats: 2 }],
  },
  visio: {
    of: 'munson/visio',
    product: 'visio-2',
    seats: 6,
    on: '2026-06-08',
    cost: '229.37',
    rrp: '275.88',
    // Within seven days.
    later: [{ on: '2026-06-12', seats: -2 }],
  },
} satisfies Record<string, Order>

const atOnce =
  ({ of, product, seats, on, cost, rrp, later }: Order) =>
  (key: string): AnnualHistory => ({
    kind: 'annual',
    subscriptionId: subscriptionId(of),
    tenantId: tenantId(key),
    term: annualTermBilledAnnually,
    productId: products[product].productId,
    orderedOn: on,
    quantity: seats,
    cost,
    rrp,
    isInvoicedApart: true,
    changes: later.map((each) => ({ on: each.on, by: each.seats })),
  })

/** A history under the id of another one. */
const under =
  (id: string, make: (key: string) => History) =>
  (key: string): History => ({ ...make(key), subscriptionId: subscriptionId(`${key}/${id}`) })

const oneTime = { name: 'Annual licences', billingCycle: 'One-Time', prorateFlag: false } as const

export const motionCustomers: readonly Customer[] = [
  customer({
    key: 'terra',
    group: 'steady',
    name: 'Terra Firm',
    domain: 'terrafirm.example',
    subscriptions: [
      licences('e3', 'enterprise-e3', 8, '2025-11-20', [quantity('2026-06-15', 10)], forAYear),
      atOnce(orders.project),
    ],
    company: {
      identifier: 'TerraFirm',
      name: 'Terra Firm Pty Ltd',
      city: 'Bendigo',
      agreements: [{ name: 'Microsoft CSP' }, oneTime],
    },
  }),
  customer({
    key: 'liberty',
    group: 'steady',
    name: 'Liberty Bakery',
    domain: 'libertybakery.example',
    subscriptions: [
      licences('teams', 'teams-premium', 14, '2025-07-09', [ended('2026-07-09')], forAYear),
      licences('teams-renewed', 'teams-premium', 14, '2026-07-09', [], forAYear),
    ],
    company: {
      identifier: 'LibertyBakery',
      name: 'Liberty Bakery',
      city: 'Ballarat',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'lamna',
    group: 'steady',
    name: 'Lamna Healthcare',
    domain: 'lamnahealthcare.example',
    subscriptions: [
      licences(
        'office',
        'business-standard',
        9,
        '2025-09-02',
        [move('2026-06-17', 'business-premium')],
        forAYear,
      ),
    ],
    company: {
      identifier: 'LamnaHealth',
      name: 'Lamna Healthcare Company',
      city: 'Launceston',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'firstup',
    group: 'steady',
    name: 'First Up Consultants',
    domain: 'firstup.example',
    subscriptions: [
      licences('basic', 'business-basic', 12, '2025-10-01', [quantity('2026-06-11', 8)], forAYear),
      licences('upgraded', 'business-premium', 4, '2026-06-11', [], forAYear),
    ],
    company: {
      identifier: 'FirstUp',
      name: 'First Up Consultants',
      city: 'Mackay',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
  customer({
    key: 'munson',
    group: 'steady',
    name: 'Munson Pickles',
    domain: 'munsonpickles.example',
    subscriptions: [
      licences('exchange', 'exchange-1', 10, '2025-12-01', [
        quantity('2026-08-03', 15),
        quantity('2026-08-07', 10),
      ]),
      atOnce(orders.visio),
    ],
    company: {
      identifier: 'MunsonPickles',
      name: 'Munson Pickles and Preserves',
      city: 'Toowoomba',
      agreements: [{ name: 'Microsoft CSP' }, oneTime],
    },
  }),
  customer({
    key: 'bellows',
    group: 'steady',
    name: 'Bellows College',
    domain: 'bellowscollege.example',
    subscriptions: [
      licences('e3', 'enterprise-e3', 15, '2025-07-06', [ended('2026-07-06')], forAYear),
      // Neither renewed nor cancelled: from month to month, with a product of its own.
      under('e3', licences('e3-extended', 'enterprise-e3-extended', 15, '2026-07-06')),
    ],
    company: {
      identifier: 'BellowsCollege',
      name: 'Bellows College',
      city: 'Rockhampton',
      agreements: [{ name: 'Microsoft CSP' }],
    },
  }),
]

/** Of the whole partner's orders, one a day on which something was ordered or given back. */
export const annualInvoices = (programName: string): ExtraInvoice[] =>
  Object.values<Order>(orders)
    .flatMap((order) =>
      [{ on: order.on, seats: order.seats }, ...order.later].map((change) => ({ order, change })),
    )
    .sort((a, b) => (a.change.on < b.change.on ? -1 : 1))
    .map(({ order, change }) => ({
      usage: change.on.slice(0, 7),
      programName,
      issuedOn: addDays(change.on, 1),
      lines: [annualLine(order, change.on, change.seats)],
    }))

/** Seats for the rest of the order's year. */
function annualLine({ of, product, on, cost, rrp }: Order, first: Day, seats: number): InvoiceLine {
  const last = addDays(on, daysOfYear - 1)
  const [key = ''] = of.split('/')
  const amount = (unit: string): string =>
    `${seats < 0 ? '-' : ''}${lineAmount(unit, Math.abs(seats), daysBetween(first, last), daysOfYear)}`
  return {
    subscriptionId: subscriptionId(of),
    tenantId: tenantId(key),
    offerName: `${products[product].name} (NCE Product)`,
    first,
    last,
    unitPrice: cost,
    unitPriceRrp: rrp,
    quantity: String(seats),
    billableRatio: '1',
    subTotal: amount(cost),
    subTotalRrp: amount(rrp),
    term: annualTermBilledAnnually,
  }
}
