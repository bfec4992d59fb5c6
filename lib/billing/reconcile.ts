/**
 * What PRISM invoiced against what ConnectWise bills, with every cent of the difference attributed
 * (docs/billing-rules.md, "The proof").
 *
 * Sums are kept in unit-days, so that proration is exact; only the terms are divided by the days of the month. Each term is
 * computed on its own from what the ledger knows of an addition (`Lot`); what none of them explains is `unexplained`.
 */
import { type CountedAddition, quantityOn } from './additions.ts'
import { billedDays, billHeld, unbilledQuantity, unitDays } from './bill.ts'
import { daysBetween, daysIn, nextDay, previousDay } from './days.ts'
import {
  addPair,
  amount,
  type Decimal,
  decimal,
  isZeroPair,
  mapPair,
  type Pair,
  pair,
  roundToCents,
  subtractPair,
  sumPairs,
  zero,
  zeroPair,
} from './decimal.ts'
import { lotsOf } from './prices.ts'
import { segmentOn, type Timeline, unitOf, type Window } from './timeline.ts'
import type { Amount, Day, InvoiceLine, Lot, Reconciliation, Term } from './types.ts'

const termDecimals = 8
const cent = decimal('0.01')

/** A sum of unit-days as money. */
const asMoney = (unitDayTotal: Pair, window: Window): Pair =>
  mapPair(unitDayTotal, (value) =>
    value.eq(0) ? value : value.dividedBy(daysIn(window.period), termDecimals),
  )

export const lineDays = (line: InvoiceLine): number => daysBetween(line.first, line.last)
const lineTotal = (line: InvoiceLine): Pair => ({ cost: decimal(line.cost), price: decimal(line.price) })

/**
 * What quantity, price and days make, half up to cents: PRISM's own rule (docs/facts/prism.md, "Amounts"), at
 * the price as the file has it.
 */
export const computedAmount = (line: InvoiceLine, window: Window): Pair => {
  const unit = { cost: decimal(line.unitCost), price: decimal(line.unitPrice) }
  return mapPair(asMoney(unitDays(unit, line.quantity, lineDays(line)), window), roundToCents)
}

/** By how much the file's amount is off, where that is more than a cent; else 0. */
export const amountGap = (line: InvoiceLine, window: Window): Pair =>
  mapPair(subtractPair(lineTotal(line), computedAmount(line, window)), (gap) =>
    gap.abs().gt(cent) ? gap : zero,
  )

/** Unit-days of what the ledger knows of additions: at PRISM's prices, at those that they were set to, and what lies between. */
interface LotDays {
  readonly prism: Pair
  readonly set: Pair
  /** PRISM's less the set price, of what was adopted and of what we created. */
  readonly step: Readonly<Record<Lot['origin'], Pair>>
  /** The same of prices that were written under a price rule. */
  readonly ruled: Decimal
}

const lotDays = (all: readonly CountedAddition[], { period }: Window): LotDays => {
  let [prism, set] = [zeroPair, zeroPair]
  const step = { adopted: zeroPair, created: zeroPair }
  let ruled = zero
  for (const held of all) {
    const days = billedDays(held, period)
    if (days === 0) continue
    for (const lot of lotsOf(held)) {
      const atPrism = unitDays(pair(lot.prism), lot.quantity, days)
      prism = addPair(prism, atPrism)
      if (isSameAmount(lot.prism, lot.set)) set = addPair(set, atPrism)
      else {
        const atSet = unitDays(pair(lot.set), lot.quantity, days)
        set = addPair(set, atSet)
        const difference = subtractPair(atPrism, atSet)
        // A rule changes no cost.
        const rest = lot.rule === undefined ? difference : { ...difference, price: zero }
        step[lot.origin] = addPair(step[lot.origin], rest)
        if (lot.rule !== undefined) ruled = ruled.plus(difference.price)
      }
    }
  }
  return { prism, set, step, ruled }
}

const isSameAmount = (a: Amount, b: Amount): boolean => a.cost === b.cost && a.price === b.price

/** As ConnectWise bills it: to the end of the month. */
const toMonthEnd = (held: CountedAddition, window: Window): CountedAddition =>
  held.end !== null && held.end >= window.first && held.end < window.last
    ? { ...held, end: window.last }
    : held

/** Unit-days of the days on which the additions do not sum to the invoiced quantity: nothing explains them. */
const quantityMismatch = (timeline: Timeline, expected: readonly CountedAddition[], window: Window): Pair => {
  const all = expected.map((held) => toMonthEnd(held, window))
  const starts = new Set<Day>(timeline.map((segment) => segment.first))
  for (const held of all) {
    if (held.start > window.first && held.start <= window.last) starts.add(held.start)
    if (held.end !== null && held.end >= window.first && held.end < window.last) starts.add(nextDay(held.end))
  }
  const sorted = [...starts].sort()
  let total = zeroPair
  for (const [i, day] of sorted.entries()) {
    const segment = segmentOn(timeline, day)
    const missing = segment.quantity.minus(quantityOn(all, day))
    if (missing.eq(0)) continue
    const following = sorted[i + 1]
    const days = daysBetween(day, following === undefined ? window.last : previousDay(following))
    const unit = segment.prices[segment.prices.length - 1]?.unit ?? billedUnit(all, day)
    total = addPair(total, unitDays(unit, missing, days))
  }
  return total
}

/** The unit price of what is billed on a day on which nothing is invoiced. */
const billedUnit = (all: readonly CountedAddition[], day: Day): Pair => {
  const [held] = all.filter((each) => each.start <= day && (each.end === null || each.end >= day))
  const [lot] = held ? lotsOf(held) : []
  return lot ? pair(lot.prism) : zeroPair
}

const noAmount: Amount = amount(zeroPair)
export const emptyReconciliation = {
  invoiced: noAmount,
  billed: noAmount,
  ignored: noAmount,
  failed: noAmount,
  priceChange: noAmount,
  asAdopted: noAmount,
  edited: noAmount,
  notBilled: noAmount,
  rounding: noAmount,
  unexplained: noAmount,
} satisfies Reconciliation

export interface Reconcilable {
  readonly lines: readonly InvoiceLine[]
  readonly timeline: Timeline
  readonly window: Window
  /** The additions as the last sync left them. */
  readonly expected: readonly CountedAddition[]
  /** The additions as ConnectWise bills them; the same right after a sync. */
  readonly actual: readonly CountedAddition[]
}

/** What lines charge, by how much that is off, and the unit-days of it. */
const lineSums = (lines: readonly InvoiceLine[], window: Window) => {
  let [invoiced, gaps, invoicedDays] = [zeroPair, zeroPair, zeroPair]
  for (const line of lines) {
    invoiced = addPair(invoiced, lineTotal(line))
    gaps = addPair(gaps, amountGap(line, window))
    invoicedDays = addPair(invoicedDays, unitDays(unitOf(line), line.quantity, lineDays(line)))
  }
  return { invoiced, gaps, invoicedDays }
}

/** What additions bill, the unit-days of their whole quantity, and of what of it is not billed. */
const heldSums = (all: readonly CountedAddition[], { period }: Window) => {
  let [billed, actualDays, notBilled] = [zeroPair, zeroPair, zeroPair]
  for (const held of all) {
    const days = billedDays(held, period)
    if (days === 0) continue
    const unbilled = unbilledQuantity(held)
    billed = addPair(billed, billHeld(held, period))
    actualDays = addPair(actualDays, unitDays(held.unit, held.quantity, days))
    if (!unbilled.eq(0)) notBilled = addPair(notBilled, unitDays(held.unit, unbilled, days))
  }
  return { billed, actualDays, notBilled }
}

/** One synced subscription's month. */
export const reconcile = ({ lines, timeline, window, expected, actual }: Reconcilable): Reconciliation => {
  const { invoiced, gaps, invoicedDays } = lineSums(lines, window)
  const { billed, actualDays, notBilled } = heldSums(actual, window)
  const lots = lotDays(expected, window)
  const mismatch = quantityMismatch(timeline, expected, window)
  const lineRounding = subtractPair(subtractPair(invoiced, gaps), asMoney(invoicedDays, window))
  const billRounding = subtractPair(asMoney(subtractPair(actualDays, notBilled), window), billed)
  const term = (unitDayTotal: Pair): Amount =>
    isZeroPair(unitDayTotal) ? noAmount : amount(asMoney(unitDayTotal, window))
  return {
    invoiced: amount(invoiced),
    billed: amount(billed),
    ignored: noAmount,
    failed: noAmount,
    priceChange: term(subtractPair(subtractPair(invoicedDays, lots.prism), mismatch)),
    asAdopted: term(lots.step.adopted),
    edited: term(subtractPair(lots.set, actualDays)),
    notBilled: term(notBilled),
    rounding: amount(addPair(lineRounding, billRounding)),
    unexplained: amount(addPair(asMoney(addPair(mismatch, lots.step.created), window), gaps)),
    ...(lots.ruled.eq(0) ? {} : { terms: { priceRule: term({ cost: zero, price: lots.ruled }) } }),
  }
}

/** A subscription that was not synced: whatever its additions bill, the difference is `failed`. */
export const reconcileFailed = (invoiced: Pair, billed: Pair): Reconciliation => ({
  ...emptyReconciliation,
  invoiced: amount(invoiced),
  billed: amount(billed),
  failed: amount(subtractPair(invoiced, billed)),
})

/** A subscription of which nothing is planned for a named reason: what its additions do not bill of the invoice is the term. */
export const reconcileAs = (term: Term, invoiced: Pair, billed: Pair): Reconciliation => {
  const difference = subtractPair(invoiced, billed)
  return {
    ...emptyReconciliation,
    invoiced: amount(invoiced),
    billed: amount(billed),
    ...(isZeroPair(difference) ? {} : { terms: { [term]: amount(difference) } }),
  }
}

export const reconcileIgnored = (invoiced: Pair): Reconciliation => ({
  ...emptyReconciliation,
  invoiced: amount(invoiced),
  ignored: amount(invoiced),
})

export const invoicedTotal = (lines: readonly InvoiceLine[]): Pair => sumPairs(lines.map(lineTotal))

/** Adds reconciliations term by term. */
export const totalReconciliation = (all: readonly Reconciliation[]): Reconciliation => {
  type Fixed = typeof emptyReconciliation
  const keys = Object.keys(emptyReconciliation) as (keyof Fixed)[]
  const total = (key: keyof Fixed): Amount => {
    let sum = zeroPair
    for (const each of all) if (each[key] !== noAmount) sum = addPair(sum, pair(each[key]))
    return sum === zeroPair ? noAmount : amount(sum)
  }
  const sums = Object.fromEntries(keys.map((key) => [key, total(key)])) as Fixed
  const terms = totalTerms(all)
  return Object.keys(terms).length === 0 ? sums : { ...sums, terms }
}

const totalTerms = (all: readonly Reconciliation[]): NonNullable<Reconciliation['terms']> => {
  const named = Map.groupBy(
    all.flatMap(({ terms }) => (terms === undefined ? [] : (Object.entries(terms) as [Term, Amount][]))),
    ([term]) => term,
  )
  return Object.fromEntries(
    [...named]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([term, parts]) => {
        const total = sumPairs(parts.map(([, value]) => pair(value)))
        return isZeroPair(total) ? [] : [[term, amount(total)]]
      }),
  )
}

/** What is left once all terms are taken off: 0 but for the eighth decimal of the terms. */
export const remainder = (value: Reconciliation): Amount => {
  const { invoiced, billed, terms = {}, ...fixed } = value
  const explained = sumPairs([...Object.values(fixed), ...Object.values(terms)].map(pair))
  return amount(subtractPair(subtractPair(pair(invoiced), pair(billed)), explained))
}
