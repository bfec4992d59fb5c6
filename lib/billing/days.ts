/** Calendar days and months as strings. Nothing here knows a clock or a time zone. */
import type { Day, Period } from './types.ts'

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const pad = (n: number): string => (n < 10 ? `0${n}` : `${n}`)
const yearOf = (text: string): number => Number(text.slice(0, 4))
const nought = 48
/** Of the two digits there. */
const numberAt = (text: string, at: number): number =>
  10 * (text.charCodeAt(at) - nought) + text.charCodeAt(at + 1) - nought
const monthOf = (text: string): number => numberAt(text, 5)
const dateOf = (day: Day): number => numberAt(day, 8)
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days in a calendar month. */
export const daysIn = (period: Period): number => {
  const month = monthOf(period)
  if (month === 2 && isLeap(yearOf(period))) return 29
  return monthLengths[month - 1] as number
}

export const periodOf = (day: Day): Period => day.slice(0, 7) as Period
export const firstDay = (period: Period): Day => `${period}-01` as Day
export const lastDay = (period: Period): Day => `${period}-${pad(daysIn(period))}` as Day
/** The first and the last day of a period. */
export const daysOf = (period: Period): { readonly first: Day; readonly last: Day } => ({
  first: firstDay(period),
  last: lastDay(period),
})
export const monthEnd = (day: Day): Day => lastDay(periodOf(day))
export const isMonthEnd = (day: Day): boolean => day === monthEnd(day)

/** The period `months` later (earlier when negative). */
export const addMonths = (period: Period, months: number): Period => {
  const count = yearOf(period) * 12 + monthOf(period) - 1 + months
  return `${Math.floor(count / 12)}-${pad((count % 12) + 1)}` as Period
}

export const nextDay = (day: Day): Day => {
  const date = dateOf(day)
  const period = periodOf(day)
  return date < daysIn(period) ? (`${period}-${pad(date + 1)}` as Day) : firstDay(addMonths(period, 1))
}

export const previousDay = (day: Day): Day => {
  const date = dateOf(day)
  return date > 1 ? (`${periodOf(day)}-${pad(date - 1)}` as Day) : lastDay(addMonths(periodOf(day), -1))
}

/** Days from `first` to `last` of one month, both inclusive; 0 where `last` is before `first`. */
export const daysBetween = (first: Day, last: Day): number =>
  last < first ? 0 : dateOf(last) - dateOf(first) + 1

export const laterOf = (a: Day, b: Day): Day => (a > b ? a : b)

/** True for a real calendar day in the form `YYYY-MM-DD` (31 April is none). */
export const isDay = (text: string): text is Day =>
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text) &&
  Number(text.slice(8, 10)) <= daysIn(text.slice(0, 7) as Period)
