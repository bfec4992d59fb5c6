/**
 * Calendar arithmetic on strings: days `YYYY-MM-DD` and months `YYYY-MM`, which sort as text. Written apart from the
 * product's own, so that the two can contradict each other.
 */

export type Day = string
export type Month = string

export function monthOf(day: Day): Month {
  return day.slice(0, 7)
}

export function firstDay(month: Month): Day {
  return `${month}-01`
}

export function daysInMonth(month: Month): number {
  const number = numberOf(month)
  if (number !== 2) return number === 4 || number === 6 || number === 9 || number === 11 ? 30 : 31
  const year = yearOf(month)
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

export function lastDay(month: Month): Day {
  return `${month}-${String(daysInMonth(month)).padStart(2, '0')}`
}

export function nextMonth(month: Month, by = 1): Month {
  const months = yearOf(month) * 12 + numberOf(month) - 1 + by
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${twoDigits((months % 12) + 1)}`
}

export function addDays(day: Day, count: number): Day {
  const month = monthOf(day)
  const number = Number(day.slice(8)) + count
  if (number >= 1 && number <= daysInMonth(month)) return `${month}-${twoDigits(number)}`
  const time = Date.parse(`${day}T00:00:00Z`) + count * 86_400_000
  return new Date(time).toISOString().slice(0, 10)
}

/** Days from `first` to `last`, both counted. */
export function daysBetween(first: Day, last: Day): number {
  return (Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000 + 1
}

/** Whether the text is a day that exists. */
export function isDay(text: unknown): text is Day {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function yearOf(month: Month): number {
  return Number(month.slice(0, 4))
}

/** 1 to 12. */
function numberOf(month: Month): number {
  return Number(month.slice(5, 7))
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
