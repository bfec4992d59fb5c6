/** Calendar days and months as people read them. Days are `YYYY-MM-DD`, months `YYYY-MM`; no time zone is involved. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH_NAMES = [
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
]

const split = (day: string): { year: string; month: number; date: number } => ({
  year: day.slice(0, 4),
  month: Number(day.slice(5, 7)) - 1,
  date: Number(day.slice(8, 10)),
})

/** `2026-09-01` -> `1 Sep 2026` */
export function dayText(day: string): string {
  const { year, month, date } = split(day)
  return `${date} ${MONTHS[month] ?? ''} ${year}`
}

/** `1–31 Oct 2026`, `16 Oct – 30 Nov 2026`, `16 Dec 2026 – 31 Jan 2027` */
export function daysText(first: string, last: string): string {
  const from = split(first)
  const to = split(last)
  if (first === last) return dayText(first)
  if (from.year !== to.year) return `${dayText(first)} – ${dayText(last)}`
  if (from.month !== to.month) return `${from.date} ${MONTHS[from.month] ?? ''} – ${dayText(last)}`
  return `${from.date}–${dayText(last)}`
}

/** `2026-10` -> `October 2026` */
export function periodText(period: string): string {
  const { year, month } = split(`${period}-01`)
  return `${MONTH_NAMES[month] ?? ''} ${year}`
}

/** Days since 1 Jan 1970; differences count days. */
export function dayNumber(day: string): number {
  const { year, month, date } = split(day)
  return Date.UTC(Number(year), month, date) / 86_400_000
}

export function dayBefore(day: string): string {
  return new Date((dayNumber(day) - 1) * 86_400_000).toISOString().slice(0, 10)
}

/** `2026-09` -> `2026-09-30` */
export function lastDayOf(period: string): string {
  const { year, month } = split(`${period}-01`)
  return new Date(Date.UTC(Number(year), month + 1, 0)).toISOString().slice(0, 10)
}
