/**
 * Which invoice a month's usage is on: the one that PRISM makes in the month after it (E6, G6; docs/facts/prism.md). Everything
 * that names both says it by this. Free of libraries, so that a pod can use it.
 */
import { addMonths } from './days.ts'
import { longMonth, monthName, shortMonth, yearOf } from './format.ts'
import type { Period } from './types.ts'

export const invoiceMonth = (usage: Period): Period => addMonths(usage, 1)

/** `October 2026 invoice` */
export const invoiceName = (usage: Period): string => `${monthName(invoiceMonth(usage))} invoice`

/** The invoice's month, with its year where that is not the usage's. */
const named = (usage: Period, nameOf: (period: Period) => string): string => {
  const issued = invoiceMonth(usage)
  return yearOf(issued) === yearOf(usage) ? nameOf(issued) : `${nameOf(issued)} ${yearOf(issued)}`
}

/** `October invoice for September 2026 usage`; `January 2027 invoice for December 2026 usage` */
export const invoiceOfUsage = (usage: Period): string =>
  `${named(usage, longMonth)} invoice for ${monthName(usage)} usage`

/** After an invoice’s number, or how many they are: `of October for September 2026 usage` */
export const ofMonthForUsage = (usage: Period): string =>
  `of ${named(usage, longMonth)} for ${monthName(usage)} usage`

/** Which invoice and usage, where it is narrow: `Oct invoice, Sep 2026 usage` */
export const shortInvoiceOfUsage = (usage: Period): string =>
  `${named(usage, shortMonth)} invoice, ${shortMonth(usage)} ${yearOf(usage)} usage`

/** Of several months: `May to October invoices for April 2026 – September 2026 usage` */
export const invoicesOfUsage = (first: Period, last: Period): string => {
  if (first === last) return invoiceOfUsage(first)
  const from = invoiceMonth(first)
  const isOneYear = yearOf(from) === yearOf(invoiceMonth(last)) && yearOf(from) === yearOf(last)
  const [begin, end] = isOneYear
    ? [longMonth(from), longMonth(invoiceMonth(last))]
    : [monthName(from), monthName(invoiceMonth(last))]
  return `${begin} to ${end} invoices for ${monthName(first)} – ${monthName(last)} usage`
}
