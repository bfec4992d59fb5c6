/**
 * Which month each invoice of an agreement is for: its header does not say. The newest is for the last month that is invoiced, each one
 * before it for a month earlier, back to those that are known (docs/facts/connectwise.md, "What was invoiced") [inferred].
 */
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Day, Period } from '#lib/billing/types.ts'

interface Header {
  readonly id: number
  readonly date: Day | null
}
interface Known {
  readonly id: number
  readonly period: Period
}

/**
 * @param known those whose month was told before; it stays
 * @param nextInvoiceDate the first day that is not invoiced; `null`: an invoice is for the month of its date
 */
export const monthsOfInvoices = <H extends Header>(
  headers: readonly H[],
  known: readonly Known[],
  nextInvoiceDate: Day | null,
): (H & { readonly period: Period })[] => {
  const periods = new Map(known.map((each) => [each.id, each.period]))
  const highest = known.reduce<Period | null>(
    (last, { period }) => (last === null || period > last ? period : last),
    null,
  )
  const through = invoicedThrough({ nextInvoiceDate })
  const fresh = headers.filter(({ id }) => !periods.has(id)).sort((a, b) => b.id - a.id)
  for (const [back, { id, date }] of fresh.entries()) {
    const counted = through === null ? null : addMonths(periodOf(through), -back)
    const period = counted ?? (date === null ? null : periodOf(date))
    if (period === null) continue
    // More invoices than months came since: the earliest are for the month after the last that is known.
    const least = highest === null ? period : addMonths(highest, 1)
    const newest = through === null ? period : periodOf(through)
    periods.set(id, period < least ? (least < newest ? least : newest) : period)
  }
  return headers.flatMap((header) => {
    const period = periods.get(header.id)
    return period === undefined ? [] : [{ ...header, period }]
  })
}
