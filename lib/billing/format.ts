/** Days and unit prices as the exact messages spell them (F6). Free of libraries, so that a pod can use it. */
import type { Day, Money, Period } from './types.ts'

const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const
const longMonthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

const monthIndex = (text: string): number => Number(text.slice(5, 7)) - 1

/** `01 Sep 2026`, as the warnings of F6 spell it. */
export const paddedDay = (day: Day): string =>
  `${day.slice(8, 10)} ${monthNames[monthIndex(day)]} ${day.slice(0, 4)}`

/** `1 Sep 2026`, as the screens do. */
export const shortDay = (day: Day): string =>
  `${Number(day.slice(8, 10))} ${monthNames[monthIndex(day)]} ${day.slice(0, 4)}`

/** `September`. */
export const longMonth = (period: Period): string => longMonthNames[monthIndex(period)] ?? ''
/** `Sep`. */
export const shortMonth = (period: Period): string => monthNames[monthIndex(period)] ?? ''
export const yearOf = (period: Period): string => period.slice(0, 4)

/** `September 2026`. */
export const monthName = (period: Period): string => `${longMonth(period)} ${yearOf(period)}`

/** At least two decimals, no currency: `5.3` -> `5.30`, `5.375` stays. */
export const unitPriceText = (value: Money): string => {
  const [whole, decimals = ''] = value.split('.')
  return `${whole}.${decimals.padEnd(2, '0')}`
}
