/** Whether the month's invoice is late (J4). Pure. */
import { addMonths, daysIn, nextDay, periodOf } from '#lib/billing/days.ts'
import type { Day, Period } from '#lib/billing/types.ts'

/** Of so many invoices the arrivals are looked at; while there are fewer, it is expected by the 5th. */
const enough = 6
const usualDate = 5
const graceDays = 2

/** An invoice that came. */
export interface Arrival {
  /** Its usage month. */
  readonly period: Period
  /** When it was first seen. */
  readonly arrivedOn: Day
}

const dateIn = (period: Period, date: number): Day =>
  `${period}-${String(Math.min(date, daysIn(period))).padStart(2, '0')}` as Day

/**
 * The last day on which the invoice of a usage month is in time: the latest day of the month on which one of the last six came,
 * and two days; the 5th while there are no six. It comes in the month after its usage. One that came later than in
 * that month counts as of that month's last day.
 */
export const expectedBy = (usage: Period, arrivals: readonly Arrival[]): Day => {
  const month = addMonths(usage, 1)
  const earlier = arrivals
    .filter(({ period }) => period < usage)
    .toSorted((a, b) => (a.period < b.period ? 1 : -1))
    .slice(0, enough)
  if (earlier.length < enough) return dateIn(month, usualDate)
  let day = dateIn(month, Math.max(...earlier.map(arrivalDate)))
  for (let more = 0; more < graceDays; more += 1) day = nextDay(day)
  return day
}

const arrivalDate = ({ period, arrivedOn }: Arrival): number => {
  const month = addMonths(period, 1)
  const arrived = periodOf(arrivedOn)
  return arrived < month ? 1 : arrived > month ? daysIn(month) : Number(arrivedOn.slice(8, 10))
}

/**
 * The usage month whose invoice is late today, the older of two; `null`: none is. Where none ever came, nothing says that one is to
 * be expected.
 * @param arrivals one a usage month: the first that came for it
 */
export const lateInvoice = (today: Day, arrivals: readonly Arrival[]): { period: Period; by: Day } | null => {
  const last = addMonths(periodOf(today), -1)
  for (const period of [addMonths(last, -1), last]) {
    const hasCome = arrivals.some((each) => each.period === period)
    const isExpected = arrivals.some((each) => each.period < period)
    const by = expectedBy(period, arrivals)
    if (!hasCome && isExpected && today > by) return { period, by }
  }
  return null
}
