/**
 * The invoice's side of a subscription: its lines as quantities and prices through the period, and the window of days
 * that a plan of the period may touch (docs/billing-rules.md, "The window").
 */
import { comparePrices, priceKey } from './additions.ts'
import { addMonths, firstDay, isMonthEnd, lastDay, monthEnd, nextDay, periodOf, previousDay } from './days.ts'
import { type Decimal, decimal, holdable, mapPair, type Pair, quantity, sum, zero } from './decimal.ts'
import type { Agreement, Day, InvoiceLine, Period, Step } from './types.ts'

export interface Window {
  readonly period: Period
  /** First and last day of the period. */
  readonly first: Day
  readonly last: Day
  /** `H`: last day of the last month already invoiced, or `last` where that is later. */
  readonly horizon: Day
  /** The day after `horizon`. */
  readonly next: Day
  /** ConnectWise is known not to have invoiced any of the period. */
  readonly notInvoiced: boolean
  /** The agreement ends by the horizon: it gets its steps and ends, and nothing from `next`. */
  readonly endsWithin: boolean
  /**
   * A later period is good already: nothing outside of this one changes (docs/billing-rules.md,
   * "Late months").
   */
  readonly isLate: boolean
  /** The last day of a customer that moves away: what is created ends on it (moving.ts). */
  readonly closesOn?: Day
}

/** Last day of the last month that ConnectWise has invoiced; `null` where unknown. `nextInvoiceDate` is the first day of the first period not invoiced [inferred]. */
export const invoicedThrough = (agreement: Pick<Agreement, 'nextInvoiceDate'>): Day | null => {
  if (agreement.nextInvoiceDate === null) return null
  const through = previousDay(agreement.nextInvoiceDate)
  return isMonthEnd(through) ? through : lastDay(addMonths(periodOf(through), -1))
}

/** The first month that ConnectWise has not invoiced; left out where that is not known. */
export const firstNotInvoiced = (agreement: Pick<Agreement, 'nextInvoiceDate'>): Period | undefined => {
  const through = invoicedThrough(agreement)
  return through === null ? undefined : periodOf(nextDay(through))
}

/** ConnectWise has invoiced all of a period. */
export const isInvoicedWhole = (agreement: Agreement, { last }: Pick<Window, 'last'>): boolean => {
  const through = invoicedThrough(agreement)
  return through !== null && through >= last
}

export const windowOf = (agreement: Agreement, period: Period): Window => {
  const last = lastDay(period)
  const through = invoicedThrough(agreement)
  const horizon = through !== null && through > last ? monthEnd(through) : last
  return {
    period,
    first: firstDay(period),
    last,
    horizon,
    next: nextDay(horizon),
    notInvoiced: through !== null && through < firstDay(period),
    endsWithin: agreement.endDate !== null && agreement.endDate <= horizon,
    isLate: false,
  }
}

/** The window of a late month: that month alone. */
export const lateWindow = (window: Window): Window => ({
  ...window,
  horizon: window.last,
  next: nextDay(window.last),
  isLate: true,
})

/** A quantity at one unit price. */
export interface PricedQuantity {
  readonly unit: Pair
  readonly key: string
  readonly quantity: Decimal
}

/** Consecutive days of the period on which the same lines are charged. */
export interface Segment {
  readonly first: Day
  readonly last: Day
  readonly quantity: Decimal
  /** Ascending by price; several lines at one price are one entry. */
  readonly prices: readonly PricedQuantity[]
}

export type Timeline = readonly Segment[]

/** A line's unit cost and price as ConnectWise can hold them: at these it is planned, written and compared. */
export const unitOf = (line: InvoiceLine): Pair =>
  mapPair({ cost: decimal(line.unitCost), price: decimal(line.unitPrice) }, holdable)

const pricesOf = (lines: readonly InvoiceLine[]): PricedQuantity[] => {
  const byKey = new Map<string, PricedQuantity>()
  for (const line of lines) {
    const unit = unitOf(line)
    const key = priceKey(unit)
    const before = byKey.get(key)?.quantity ?? zero
    byKey.set(key, { unit, key, quantity: before.plus(line.quantity) })
  }
  return [...byKey.values()]
    .filter((entry) => !entry.quantity.eq(0))
    .sort((a, b) => comparePrices(a.unit, b.unit))
}

/** Cuts the period at every first day and every day after a last day of a line. All lines must lie inside the period. */
export const timelineOf = (
  lines: readonly InvoiceLine[],
  window: Pick<Window, 'first' | 'last'>,
): Timeline => {
  const starts = new Set<Day>([window.first])
  for (const line of lines) {
    starts.add(line.first)
    if (line.last < window.last) starts.add(nextDay(line.last))
  }
  const sorted = [...starts].sort()
  return sorted.map((first, i) => {
    const following = sorted[i + 1]
    const prices = pricesOf(lines.filter((line) => line.first <= first && line.last >= first))
    return {
      first,
      last: following === undefined ? window.last : previousDay(following),
      quantity: sum(prices.map((entry) => entry.quantity)),
      prices,
    }
  })
}

/** The segment that holds on a day: the last one after the period, since q(d) = q(last) there. */
export const segmentOn = (timeline: Timeline, day: Day): Segment => {
  for (const segment of timeline) if (day <= segment.last) return segment
  return timeline[timeline.length - 1] as Segment
}

/** `q(d)`. */
export const invoicedOn = (timeline: Timeline, day: Day): Decimal => segmentOn(timeline, day).quantity

export const isEmpty = (timeline: Timeline): boolean => timeline.every((segment) => segment.quantity.eq(0))

/** Days of equal quantity, prices aside, for the step chart. */
export const stepsOf = (timeline: Timeline): Step[] => {
  const steps: Step[] = []
  for (const segment of timeline) {
    const before = steps[steps.length - 1]
    const value = quantity(segment.quantity)
    if (before?.quantity === value) steps[steps.length - 1] = { ...before, last: segment.last }
    else steps.push({ first: segment.first, last: segment.last, quantity: value })
  }
  return steps
}
