/** Ranges of days as people read them. Days are `YYYY-MM-DD`; no time zone is involved. */
import { shortDay } from '#lib/billing/format.ts'
import type { Day } from '#lib/billing/types.ts'

/** `1–31 Oct 2026`, `16 Oct – 30 Nov 2026`, `16 Dec 2026 – 31 Jan 2027` */
export function daysText(first: Day, last: Day): string {
  const [from, to] = [shortDay(first), shortDay(last)]
  if (first === last) return from
  if (first.slice(0, 4) !== last.slice(0, 4)) return `${from} – ${to}`
  if (first.slice(0, 7) !== last.slice(0, 7)) return `${from.slice(0, -5)} – ${to}`
  return `${Number(first.slice(8))}–${to}`
}

/** Days since 1 Jan 1970; differences count days. */
export const dayNumber = (day: Day): number => Date.parse(day) / 86_400_000
