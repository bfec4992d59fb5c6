/**
 * When a subscription's term ends. PRISM shows no end of a term: it is counted from the day of the first purchase, in whole terms.
 * [inferred; docs/facts/microsoft.md, "Terms"] A first term that was cut to another's end, or one that was made longer in mid-term, ends on
 * another day than that: then a person says when (`RenewalFacts.saidEnd`).
 */
import { addMonths, daysIn, lastDay, nextDay, periodOf, previousDay } from '#lib/billing/days.ts'
import type { Day, InvoiceLine } from '#lib/billing/types.ts'

const monthsOfYear = 12

/** Months of the term that a line names; `null` where it names none in whole months. */
export const termMonths = ({
  termDuration,
  termUnit,
}: Pick<InvoiceLine, 'termDuration' | 'termUnit'>): number | null => {
  const unit = (termUnit ?? '').trim().toLowerCase()
  const count = Number(termDuration?.trim() || Number.NaN)
  const months = unit.startsWith('year')
    ? count * monthsOfYear
    : unit.startsWith('month')
      ? count
      : Number.NaN
  return Number.isInteger(months) && months > 0 ? months : null
}

/** The same date so many months later, or the last day of a month that is too short for it. */
export const monthsLater = (day: Day, months: number): Day => {
  const period = addMonths(periodOf(day), months)
  const date = day.slice(8, 10)
  return Number(date) > daysIn(period) ? lastDay(period) : (`${period}-${date}` as Day)
}

/** Whole months from the first of `from`'s month to that of `to`'s. */
const monthsBetween = (from: Day, to: Day): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * monthsOfYear +
  Number(to.slice(5, 7)) -
  Number(from.slice(5, 7))

/** The last day of the term that `today` is in; of the first term where that has not begun. */
export const termEnd = (firstPurchased: Day, months: number, today: Day): Day => {
  let terms = Math.max(1, Math.floor(monthsBetween(firstPurchased, today) / months))
  while (previousDay(monthsLater(firstPurchased, terms * months)) < today) terms += 1
  return previousDay(monthsLater(firstPurchased, terms * months))
}

/** The day so many days later. */
export const daysLater = (day: Day, days: number): Day => {
  let later = day
  for (let n = 0; n < days; n += 1) later = nextDay(later)
  return later
}
