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
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).getUTCDate()
}

export function lastDay(month: Month): Day {
  return `${month}-${String(daysInMonth(month)).padStart(2, '0')}`
}

export function nextMonth(month: Month, by = 1): Month {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

export function addDays(day: Day, count: number): Day {
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
