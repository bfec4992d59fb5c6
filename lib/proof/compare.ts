/**
 * Why what PRISM invoices of a subscription is another amount in one month than in another: parts that come to the difference
 * exactly, each from days, quantity and price (docs/billing-rules.md, "Two months compared"). Pure.
 *
 * A month is its lines through the days: on each day a quantity, and what that is worth for a whole month. Between the last day of
 * the one month and the first of the other, and at each day inside them on which that changes, a change is worth
 * (new - old) x days / days of the month: of the earlier month the days before it, which the later month has whole; of the later one
 * the days from it on. A change is split into quantity at the old price, and price of the new quantity.
 */
import { isAdjustment, isAzure } from '#lib/billing/classify.ts'
import { daysBetween, daysIn, daysOf, lastDay, nextDay, previousDay } from '#lib/billing/days.ts'
import {
  addPair,
  type Decimal,
  decimal,
  isZeroPair,
  mapPair,
  type Pair,
  pair,
  subtractPair,
  sumPairs,
  timesPair,
  zero,
  zeroPair,
} from '#lib/billing/decimal.ts'
import { amountGap } from '#lib/billing/reconcile.ts'
import { type Segment, timelineOf, type Window } from '#lib/billing/timeline.ts'
import type { Day, InvoiceLine, Period } from '#lib/billing/types.ts'

/** What PRISM invoiced of one subscription and product in a month. */
export interface MonthLines {
  readonly period: Period
  readonly lines: readonly InvoiceLine[]
}

/**
 * Why. `new`, `ended`, `more`, `fewer`: a quantity; `price`, `cost`: a unit price or cost; `other`: charges that no days explain, as
 * Azure usage, credits and annual terms; `rounding`: what cents leave;
 * `unread`: lines that cannot be compared.
 */
export type Reason = 'new' | 'ended' | 'more' | 'fewer' | 'price' | 'cost' | 'other' | 'rounding' | 'unread'

export interface Part {
  readonly reason: Reason
  /** The first day of it; `null` of what is of no day. */
  readonly from: Day | null
  /** It began inside the earlier month: the later one has all of it. */
  readonly isWholeNow: boolean
  /** Quantity before and after; of `price` and `cost` the unit's, of `other` the month's sums. */
  readonly before: Decimal
  readonly after: Decimal
  /** What it makes of the difference, later less earlier. */
  readonly amount: Pair
}

export interface Comparison {
  readonly before: Pair
  readonly after: Pair
  /** after - before is their sum, exactly; what changes nothing is left out. */
  readonly parts: readonly Part[]
}

/** A quantity on some days, and what it is worth for a whole month. */
interface State {
  readonly quantity: Decimal
  readonly worth: Pair
  /** `null`: at several prices. */
  readonly unit: Pair | null
}
const nothing: State = { quantity: zero, worth: zeroPair, unit: null }

interface Step {
  readonly from: Day
  readonly old: State
  readonly now: State
  /** Days that it is worth, of the month with so many days. */
  readonly days: number
  readonly of: number
  readonly isWholeNow: boolean
}

/** @param earlier of the month that comes first */
export const compareLines = (earlier: MonthLines, later: MonthLines): Comparison => {
  const [a, b] = [split(earlier), split(later)]
  const [before, after] = [totalOf(earlier.lines), totalOf(later.lines)]
  const steps = stepsBetween(
    earlier.period,
    statesOf(a.regular, earlier.period),
    later.period,
    statesOf(b.regular, later.period),
  )
  const parts = [...steps.flatMap(partsOf), ...otherPart(totalOf(a.other), totalOf(b.other))]
  const lines = earlier.lines.length + later.lines.length
  return { before, after, parts: closed(subtractPair(after, before), joined(parts), lines) }
}

/** Quantities through the month, each from a day on; what no days explain is none of them. */
export const quantitiesThrough = (
  month: MonthLines,
): readonly { readonly first: Day; readonly quantity: Decimal }[] =>
  statesOf(split(month).regular, month.period)

const totalOf = (lines: readonly InvoiceLine[]): Pair => sumPairs(lines.map(pair))

/** Lines that quantity, price and days explain, and the others. */
const split = ({ period, lines }: MonthLines) => {
  const window = monthWindow(period)
  const isRegular = (line: InvoiceLine): boolean => {
    // What Azure used is another amount each month, whatever quantity it is given.
    if (isAzure(undefined, line.offerName)) return false
    if (isAdjustment(line, window) || decimal(line.quantity).lte(0)) return false
    return isZeroPair(amountGap(line, window))
  }
  const regular = lines.filter(isRegular)
  return { regular, other: lines.filter((line) => !regular.includes(line)) }
}

/** The month alone. */
const monthWindow = (period: Period): Window => {
  const { first, last } = daysOf(period)
  const none = { notInvoiced: false, endsWithin: false, isLate: false }
  return { period, first, last, horizon: last, next: nextDay(last), ...none }
}

interface Stretch extends State {
  readonly first: Day
}

/** What each stretch of days of the month has, from its first day on. */
const statesOf = (lines: readonly InvoiceLine[], period: Period): readonly Stretch[] =>
  timelineOf(lines, monthWindow(period)).map((segment) => ({ first: segment.first, ...stateOf(segment) }))

const stateOf = ({ quantity, prices }: Segment): State => ({
  quantity,
  worth: sumPairs(prices.map((each) => timesPair(each.unit, each.quantity))),
  unit: prices.length === 1 ? (prices[0]?.unit ?? null) : null,
})

const stepsBetween = (
  earlier: Period,
  a: readonly Stretch[],
  later: Period,
  b: readonly Stretch[],
): readonly Step[] => {
  const { first } = daysOf(later)
  const within = (all: readonly Stretch[]) =>
    all.slice(1).map((now, index) => ({ from: now.first, old: all[index] ?? nothing, now }))
  const ofEarlier = within(a).map((step) => ({
    ...step,
    days: daysBetween(daysOf(earlier).first, previousDay(step.from)),
    of: daysIn(earlier),
    isWholeNow: true,
  }))
  const ofLater = within(b).map((step) => ({
    ...step,
    days: daysBetween(step.from, lastDay(later)),
    of: daysIn(later),
    isWholeNow: false,
  }))
  const whole = { days: daysIn(later), of: daysIn(later), isWholeNow: false }
  return [...ofEarlier, { from: first, old: a.at(-1) ?? nothing, now: b[0] ?? nothing, ...whole }, ...ofLater]
}

/** Quantity at the old price, then price of the new quantity; where there are several prices, all of it is quantity, or price. */
const partsOf = ({ from, old, now, days, of, isWholeNow }: Step): Part[] => {
  const share = (worth: Pair): Pair => mapPair(worth, (value) => value.times(days).dividedBy(of, 2))
  const told = { from, isWholeNow }
  const isSame = old.quantity.eq(now.quantity)
  const [oldUnit, unit] = [
    old.unit ?? (old.quantity.eq(0) ? now.unit : null),
    now.unit ?? (now.quantity.eq(0) ? old.unit : null),
  ]
  if (oldUnit === null || unit === null) {
    const amount = share(subtractPair(now.worth, old.worth))
    if (isSame) return priceParts(told, averageOf(old), averageOf(now), amount)
    return [{ ...told, reason: reasonOf(old, now), before: old.quantity, after: now.quantity, amount }]
  }
  const byQuantity = share(timesPair(oldUnit, now.quantity.minus(old.quantity)))
  const byPrice = share(timesPair(subtractPair(unit, oldUnit), now.quantity))
  return [
    ...(isSame
      ? []
      : [
          {
            ...told,
            reason: reasonOf(old, now),
            before: old.quantity,
            after: now.quantity,
            amount: byQuantity,
          },
        ]),
    ...priceParts(told, oldUnit, unit, byPrice),
  ]
}

const averageOf = ({ unit, worth }: State): Pair => unit ?? worth

const priceParts = (
  told: Pick<Part, 'from' | 'isWholeNow'>,
  old: Pair,
  now: Pair,
  { cost, price }: Pair,
): Part[] => [
  { ...told, reason: 'price', before: old.price, after: now.price, amount: { cost: zero, price } },
  { ...told, reason: 'cost', before: old.cost, after: now.cost, amount: { cost, price: zero } },
]

const reasonOf = (old: State, now: State): Reason => {
  if (old.quantity.eq(0)) return 'new'
  if (now.quantity.eq(0)) return 'ended'
  return old.quantity.lt(now.quantity) ? 'more' : 'fewer'
}

const otherPart = (before: Pair, after: Pair): Part[] => {
  const amount = subtractPair(after, before)
  return [
    { reason: 'other', from: null, isWholeNow: false, before: before.price, after: after.price, amount },
  ]
}

/** Without what changes nothing. */
const joined = (parts: readonly Part[]): Part[] => parts.filter(({ amount }) => !isZeroPair(amount))

/**
 * With what the parts leave of the difference: cents that lines and parts are rounded by are the largest part's; a difference
 * without a part, or more than these, is named.
 */
const closed = (difference: Pair, parts: readonly Part[], lines: number): Part[] => {
  const left = subtractPair(difference, sumPairs(parts.map(({ amount }) => amount)))
  if (isZeroPair(left)) return [...parts]
  const most = decimal('0.01').times(2 * lines + parts.length + 1)
  const given = parts.map((part) => ({ ...part }))
  let rest = left
  for (const figure of ['cost', 'price'] as const) {
    if (left[figure].eq(0) || left[figure].abs().gt(most)) continue
    const at = largest(given, figure)
    const part = given[at]
    if (part === undefined) continue
    given[at] = { ...part, amount: { ...part.amount, [figure]: part.amount[figure].plus(left[figure]) } }
    rest = { ...rest, [figure]: zero }
  }
  if (isZeroPair(rest)) return given
  const isSmall = rest.cost.abs().lte(most) && rest.price.abs().lte(most)
  const reason = isSmall ? 'rounding' : 'other'
  return [...given, { reason, from: null, isWholeNow: false, before: zero, after: zero, amount: rest }]
}

/** The place of the part with the most of a figure; -1: none has any of it. */
const largest = (parts: readonly Part[], figure: keyof Pair): number =>
  parts.reduce((at, { amount }, index) => {
    if (amount[figure].eq(0)) return at
    const before = parts[at]
    return before === undefined || before.amount[figure].abs().lt(amount[figure].abs()) ? index : at
  }, -1)

/** By reason, what all parts of some comparisons come to: their difference, exactly. */
export const byReason = (all: readonly Comparison[]): ReadonlyMap<Reason, Pair> => {
  const sums = new Map<Reason, Pair>()
  for (const { parts } of all)
    for (const { reason, amount } of parts) sums.set(reason, addPair(sums.get(reason) ?? zeroPair, amount))
  return sums
}

/** What lines that cannot be compared make of a difference: they cannot be read, or are no customer's; nothing where they are none. */
export const unreadablePart = (left: Pair): Part[] =>
  isZeroPair(left)
    ? []
    : [{ reason: 'unread', from: null, isWholeNow: false, before: zero, after: zero, amount: left }]
