/** Random subscription histories for the property tests: what PRISM invoices, and what people do in ConnectWise between months. */
import fc from 'fast-check'
import { addMonths, daysIn, firstDay, lastDay, nextDay } from '../days.ts'
import type { Addition, Day, InvoiceLine, Money, Period, Quantity, Situation } from '../types.ts'
import { agreement, catalogItem, line, product, situation } from './factories.ts'

export const firstPeriod = '2026-01' as Period
const offers = ['Business Premium', 'Exchange Online (Plan 1)'] as const
export const subscriptionIds = [
  'A0000000-0000-4000-8000-000000000001',
  'b0000000-0000-4000-8000-000000000002',
] as const

/** A month of a subscription: quantities from given days on; `same` goes on with the last one. */
const monthArb = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'same' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'absent' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('changes' as const),
      changes: fc.array(
        fc.record({ day: fc.integer({ min: 1, max: 28 }), quantity: fc.integer({ min: 0, max: 9 }) }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    }),
  },
)
type Month = typeof monthArb extends fc.Arbitrary<infer T> ? T : never

const editArb = fc.record({
  kind: fc.constantFrom<
    'quantity' | 'price' | 'cancel' | 'delete' | 'add' | 'included' | 'unbilled' | 'start'
  >('quantity', 'price', 'cancel', 'delete', 'add', 'included', 'unbilled', 'start'),
  pick: fc.nat(20),
  amount: fc.integer({ min: 0, max: 7 }),
  day: fc.integer({ min: 1, max: 28 }),
  subscription: fc.nat(1),
})
export type Edit = typeof editArb extends fc.Arbitrary<infer T> ? T : never

const occasionally = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arb, { freq: 4 })

export const historyArb = fc.record({
  advance: fc.boolean(),
  months: fc.array(
    fc.record({
      subscriptions: fc.tuple(monthArb, monthArb),
      /** The first subscription moves to the other offer, or has both at once. */
      offer: fc.constantFrom<'own' | 'other' | 'both'>('own', 'own', 'own', 'own', 'other', 'both'),
      priceChange: occasionally(
        fc.record({ day: fc.integer({ min: 1, max: 28 }), by: fc.constantFrom(-0.2, 0, 0.5, 1, 2.35) }),
      ),
      reissue: occasionally(fc.record({ month: monthArb, isInvoiced: fc.boolean() })),
      edits: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(editArb, { maxLength: 2 }) },
      ),
    }),
    { minLength: 8, maxLength: 9 },
  ),
  existing: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 7 }),
      hasSerial: fc.boolean(),
      priceBy: fc.integer({ min: -2, max: 3 }),
      monthsBefore: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 2 },
  ),
  /** Order of lines, and where plans are cut. */
  cuts: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
})
export type History = typeof historyArb extends fc.Arbitrary<infer T> ? T : never

const pad = (n: number): string => `${n}`.padStart(2, '0')

/** Quantity in force from each day, in order. */
const quantities = (month: Month, last: number): { day: number; quantity: number }[] => {
  if (month.kind === 'absent') return [{ day: 1, quantity: 0 }]
  if (month.kind === 'same') return [{ day: 1, quantity: last }]
  const byDay = new Map(month.changes.map((change) => [change.day, change.quantity]))
  const sorted = [...byDay].sort(([a], [b]) => a - b).map(([day, quantity]) => ({ day, quantity }))
  return sorted[0]?.day === 1 ? sorted : [{ day: 1, quantity: last }, ...sorted]
}

/** PRISM's side: lines of every month, quantities and prices carried on from month to month. */
export class PrismHistory {
  readonly #last = [0, 0]
  readonly #units: [number, number][] = [
    [8.37, 10.05],
    [4.07, 5.2],
  ]
  hasPriceChange = false

  #linesOf(
    period: Period,
    subscription: number,
    month: Month,
    offerIndexes: number[],
    change: { day: number; by: number } | null,
  ): InvoiceLine[] {
    const steps = quantities(month, this.#last[subscription] ?? 0)
    this.#last[subscription] = steps[steps.length - 1]?.quantity ?? 0
    const end = daysIn(period)
    return offerIndexes.flatMap((offer) => {
      const cuts = [...new Set([...steps.map((each) => each.day), ...(change ? [change.day] : [])])].sort(
        (a, b) => a - b,
      )
      return cuts.flatMap((from, i) => {
        const quantity = [...steps].reverse().find((each) => each.day <= from)?.quantity ?? 0
        if (quantity === 0) return []
        const [cost, price] = this.#units[offer] ?? [1, 1]
        const by = change !== null && from >= change.day ? change.by : 0
        const to = (cuts[i + 1] ?? end + 1) - 1
        return [
          line(quantity, period, from, to, {
            subscriptionId: subscriptionIds[subscription] ?? '',
            offerName: `${offers[offer]} (NCE Product)`,
            unit: [Math.round((cost + by / 2) * 100) / 100, Math.round((price + by) * 100) / 100],
          }),
        ]
      })
    })
  }

  /** Lines of a month. @param isFinal false for an invoice that a re-issue replaces. */
  invoice(period: Period, month: History['months'][number], replaced?: Month): InvoiceLine[] {
    const [first, second] = month.subscriptions
    const indexes = { own: [0], other: [1], both: [0, 1] }[month.offer]
    const change = month.priceChange
    const before = [...this.#last]
    const lines = [
      ...this.#linesOf(period, 0, replaced ?? first, indexes, change),
      ...this.#linesOf(period, 1, second, [1], change),
    ]
    if (change && lines.length > 0 && change.by !== 0) this.hasPriceChange = true
    this.#before = before
    return lines
  }
  #before = [0, 0]
  /** Forgets the last invoice's quantities, so that the month can be issued again. */
  rewind(): void {
    this.#last.splice(0, 2, ...this.#before)
  }
  /** The month's price change stays. */
  close(month: History['months'][number]): void {
    const by = month.priceChange?.by ?? 0
    for (const unit of this.#units) {
      unit[0] = Math.round((unit[0] + by / 2) * 100) / 100
      unit[1] = Math.round((unit[1] + by) * 100) / 100
    }
  }
}

const existingAddition = (entry: History['existing'][number], id: number): Addition => ({
  id,
  catalogItemId: 1,
  serialNumber: entry.hasSerial ? (subscriptionIds[0] ?? '').toLowerCase() : '',
  quantity: `${entry.quantity}` as Quantity,
  lessIncluded: '0' as Quantity,
  unitCost: '8.37' as Money,
  unitPrice: `${10.05 + entry.priceBy}` as Money,
  effectiveDate: firstDay(addMonths(firstPeriod, -entry.monthsBefore)),
  cancelledDate: null,
  billCustomer: 'Billable',
  taxable: true,
  invoiceDescription: '',
  invoiceGrouping: null,
})

export const startOf = (history: History): Situation =>
  situation({
    agreement: agreement({
      startDate: '2025-01-01' as Day,
      nextInvoiceDate: firstDay(addMonths(firstPeriod, history.advance ? 1 : 0)),
    }),
    additions: history.existing.map((entry, i) => existingAddition(entry, i + 1)),
    subscriptions: subscriptionIds.map((id, i) => ({
      id,
      tenantId: 'tenant-1',
      productId: `id-${offers[i]}`,
      productName: offers[i] ?? '',
      displayTemplate: '',
    })),
    products: offers.map((name) => product(name)),
    catalog: [catalogItem(1, offers[0])],
  })

const set = (all: readonly Addition[], target: Addition, patch: Partial<Addition>): Addition[] =>
  all.map((addition) => (addition === target ? { ...addition, ...patch } : addition))

/** A person edits the agreement's additions after a sync of `period`. */
export const edit = (additions: readonly Addition[], change: Edit, period: Period): Addition[] => {
  const within = addMonths(period, 1)
  const day = `${within}-${pad(change.day)}` as Day
  if (change.kind === 'add') {
    const id = additions.reduce((highest, addition) => Math.max(highest, addition.id), 0) + 1
    const base = existingAddition(
      { quantity: change.amount + 1, hasSerial: true, priceBy: 1, monthsBefore: 0 },
      id,
    )
    return [
      ...additions,
      {
        ...base,
        effectiveDate: change.amount % 2 ? firstDay(within) : day,
        cancelledDate: change.pick % 3 ? null : lastDay(within),
      },
    ]
  }
  const running = additions.filter(
    (addition) => addition.cancelledDate === null || addition.cancelledDate >= firstDay(within),
  )
  const target = running[change.pick % Math.max(running.length, 1)]
  if (!target) return [...additions]
  switch (change.kind) {
    case 'quantity':
      return set(additions, target, { quantity: `${change.amount}` as Quantity })
    case 'price':
      return set(additions, target, { unitPrice: `${change.amount + 3}.5` as Money })
    case 'cancel':
      return set(additions, target, { cancelledDate: change.amount % 2 ? day : lastDay(within) })
    case 'start':
      return set(additions, target, { effectiveDate: nextDay(day) })
    case 'included':
      return set(additions, target, {
        lessIncluded: change.amount % 2 ? ('1' as Quantity) : target.lessIncluded,
      })
    case 'unbilled':
      return set(additions, target, { billCustomer: change.amount % 2 ? 'DoNotBill' : 'NoCharge' })
    case 'delete':
      return additions.filter((addition) => addition !== target)
  }
}
