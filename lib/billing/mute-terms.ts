/** For how long something can be muted (J3). Pure, and free of libraries, so that a page can use it. */
import { addMonths, daysIn, periodOf } from './days.ts'
import type { Moment, Mute } from './mute.ts'
import type { Day } from './types.ts'

/** For how long: a day is the last one. */
export type MuteTerm = 'next-invoice' | 'one-month' | 'three-months' | Day

/** The longest that something can be muted for, whatever else is chosen: who meant it says so again once a year. */
const MOST_MONTHS = 12

/** The last day of all that can be chosen. */
export const latestEnd = (today: Day): Day => monthsAfter(today, MOST_MONTHS)

/** When a term that is chosen today ends; `null`: a day that has passed, or comes after the latest one that can be chosen. */
export const endOfTerm = (
  term: MuteTerm,
  { today, latestInvoice }: Pick<Moment, 'today' | 'latestInvoice'>,
): Pick<Mute, 'until' | 'untilInvoiceAfter'> | null => {
  const untilInvoiceAfter = null
  switch (term) {
    case 'one-month':
      return { until: monthsAfter(today, 1), untilInvoiceAfter }
    case 'three-months':
      return { until: monthsAfter(today, 3), untilInvoiceAfter }
    case 'next-invoice':
      return { until: latestEnd(today), untilInvoiceAfter: latestInvoice ?? addMonths(periodOf(today), -1) }
    default:
      return term < today || term > latestEnd(today) ? null : { until: term, untilInvoiceAfter }
  }
}

/** The same day of a later month, or its last one where it has no such day. */
const monthsAfter = (day: Day, count: number): Day => {
  const month = addMonths(periodOf(day), count)
  const last = String(daysIn(month)).padStart(2, '0')
  const wanted = day.slice(8)
  return `${month}-${wanted > last ? last : wanted}` as Day
}
