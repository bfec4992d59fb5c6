/**
 * What ConnectWise will bill for a month, by the rule of docs/facts/connectwise.md, "Proration" [inferred],
 * which is kept in this file only: a unit price that does not start on the month's first day is prorated to
 * the month's end and rounded to cents, then multiplied with the quantity less what is included, in cents
 * again; an end inside the month does not shorten it; cost as price.
 */
import { type CountedAddition, hold, isActiveWithin, isEverActive } from './additions.ts'
import { daysBetween, daysIn, firstDay, lastDay, laterOf } from './days.ts'
import {
  amount,
  centDecimals,
  type Decimal,
  decimal,
  mapPair,
  money,
  type Pair,
  roundToCents,
  sumPairs,
  timesPair,
  zeroPair,
} from './decimal.ts'
import type { Addition, Agreement, Amount, Money, Period } from './types.ts'

/** Days of the period that ConnectWise bills of an addition, the first included; 0 where it is not active in it. */
export const billedDays = (held: CountedAddition, period: Period): number => {
  const first = firstDay(period)
  const last = lastDay(period)
  return isActiveWithin(held, first, last) ? daysBetween(laterOf(held.start, first), last) : 0
}

/** The part of the quantity that the customer does not pay: included licences, or all of it. */
export const unbilledQuantity = (held: CountedAddition): Decimal =>
  held.billCustomer === 'Billable' ? held.lessIncluded : held.quantity

/** A whole month is not prorated, so its unit price keeps its decimals. */
const proratedUnit = (unit: Pair, days: number, period: Period): Pair =>
  days === daysIn(period)
    ? unit
    : mapPair(unit, (value) => value.times(days).dividedBy(daysIn(period), centDecimals))

/** Price and cost that the addition adds to the invoice for a period. */
export const billHeld = (held: CountedAddition, period: Period): Pair => {
  const days = billedDays(held, period)
  const billed = held.quantity.minus(unbilledQuantity(held))
  if (days === 0 || billed.eq(0)) return zeroPair
  return mapPair(timesPair(proratedUnit(held.unit, days, period), billed), roundToCents)
}

/** Price that the addition adds to the invoice of a month that it is active in from the first day on. */
export const priceOfWholeMonth = ({
  quantity,
  lessIncluded,
  unitPrice,
  billCustomer,
}: Pick<Addition, 'quantity' | 'lessIncluded' | 'unitPrice' | 'billCustomer'>): Money => {
  const unbilled = billCustomer === 'Billable' ? lessIncluded : quantity
  return money(decimal(unitPrice).times(decimal(quantity).minus(decimal(unbilled))))
}

export interface Bill {
  readonly total: Amount
  /** By addition id; additions that add nothing are left out. */
  readonly additions: ReadonlyMap<number, Amount>
}

/** The bill of an agreement for the usage of a period, whenever it is invoiced. */
export const bill = (additions: readonly Addition[], agreement: Agreement, period: Period): Bill => {
  const all = additions.map((addition) => hold(addition, agreement, undefined)).filter(isEverActive)
  const lines = all.map((held) => [held.id, billHeld(held, period)] as const)
  return {
    total: amount(sumPairs(lines.map(([, value]) => value))),
    additions: new Map(
      lines
        .filter(([, { cost, price }]) => !cost.eq(0) || !price.eq(0))
        .map(([id, value]) => [id, amount(value)]),
    ),
  }
}

/** Unit-days: unit price x quantity x billed days, which keeps proration exact until it is divided by the days of the month. */
export const unitDays = (unit: Pair, quantity: Decimal | string, days: number): Pair =>
  timesPair(unit, (typeof quantity === 'string' ? decimal(quantity) : quantity).times(days))
