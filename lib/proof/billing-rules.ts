/**
 * The rules by which ConnectWise bills an addition that no source states (docs/facts/connectwise.md, "Proration"), each with its
 * opposite, so that an instance's own invoices can tell which of the two holds (J13). With every rule as it is adopted an addition's
 * price is that of `lib/billing/bill.ts`, which a property compares.
 */
import { daysBetween, daysIn, firstDay, lastDay, laterOf, periodOf, previousDay } from '#lib/billing/days.ts'
import { centDecimals, type Decimal, decimal, roundToCents, zero } from '#lib/billing/decimal.ts'
import type { Addition, Day, Period } from '#lib/billing/types.ts'

export const billingRules = [
  'unit-rounding',
  'first-day',
  'last-day',
  'whole-end',
  'negative',
  'less-included',
  'catch-up',
] as const
export type BillingRule = (typeof billingRules)[number]

/** Beside them that of One-Time agreements, and those of what ConnectWise tells. */
export const instanceRules = [...billingRules, 'once', 'header', 'lines', 'forecast'] as const
export type InstanceRule = (typeof instanceRules)[number]

export type Verdict = 'holds' | 'fails' | 'unknown'
export type Verdicts = Readonly<Partial<Record<InstanceRule, Verdict>>>
export const isSettled = (verdicts: Verdicts, rule: InstanceRule): boolean =>
  verdicts[rule] === 'holds' || verdicts[rule] === 'fails'

/** What an addition bills for a month; `flipped` is the one rule that is taken to be its opposite. */
export const priceIn = (
  addition: Addition,
  agreementStart: Day,
  month: Period,
  flipped: BillingRule | null = null,
): Decimal => {
  const [first, last] = [firstDay(month), lastDay(month)]
  const start = addition.effectiveDate ?? agreementStart
  const end = flipped === 'last-day' ? dayBefore(addition.cancelledDate) : addition.cancelledDate
  if (start > last || (end !== null && (end < first || end < start))) return zero
  if (addition.billCustomer !== 'Billable') return zero
  const quantity = decimal(addition.quantity).minus(flipped === 'less-included' ? '0' : addition.lessIncluded)
  if (flipped === 'negative' && quantity.lt(0)) return zero
  const from = laterOf(start, first)
  const to = flipped === 'whole-end' && end !== null && end < last ? end : last
  const counted = daysBetween(from, to) - (flipped === 'first-day' && from > first ? 1 : 0)
  const unit = decimal(addition.unitPrice)
  if (counted === daysIn(month)) return roundToCents(unit.times(quantity))
  return flipped === 'unit-rounding'
    ? unit.times(quantity).times(counted).dividedBy(daysIn(month), centDecimals)
    : unit.times(counted).dividedBy(daysIn(month), centDecimals).times(quantity).round(centDecimals)
}

/** The last active day where a cancelled date is the first one that is not. */
const dayBefore = (day: Day | null): Day | null => (day === null ? null : previousDay(day))

/** Those by which a One-Time agreement bills an addition. The opposite of `once` is what a monthly agreement would bill for its month. */
export const onceRules = ['once', 'negative', 'less-included'] as const
export type OnceRule = (typeof onceRules)[number]

/** What an addition bills on a One-Time agreement; `flipped` is the one rule that is taken to be its opposite. */
export const priceOnce = (
  addition: Addition,
  agreementStart: Day,
  flipped: OnceRule | null = null,
): Decimal => {
  const start = addition.effectiveDate ?? agreementStart
  if (flipped === 'once') return priceIn(addition, agreementStart, periodOf(start))
  if (addition.billCustomer !== 'Billable') return zero
  if (addition.cancelledDate !== null && addition.cancelledDate < start) return zero
  const quantity = decimal(addition.quantity).minus(flipped === 'less-included' ? '0' : addition.lessIncluded)
  if (flipped === 'negative' && quantity.lt(0)) return zero
  return roundToCents(decimal(addition.unitPrice).times(quantity))
}
