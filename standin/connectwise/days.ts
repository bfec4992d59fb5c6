/** Calendar days `YYYY-MM-DD` and the billing periods of an agreement. No time zones: UTC carries the arithmetic only. */

const dayMs = 86_400_000

export interface BillingPeriod {
  /** First and last day, both inclusive. */
  readonly first: string
  readonly last: string
  /** Calendar days in it. */
  readonly days: number
  readonly dayAfter: string
}

/**
 * Where an agreement's periods begin: on the 1st, or on the day of the month it started (contract year). Longer ones than a
 * month begin with the calendar year, or with the month it started.
 */
export interface PeriodTerms {
  readonly invoicingCycle: string
  /** Anchor of a contract year. */
  readonly billStart: string
  /** How long a period is; left out: one month. */
  readonly months?: number
}

export function addDays(day: string, count: number): string {
  return new Date(toMs(day) + count * dayMs).toISOString().slice(0, 10)
}

/** Days from `first` to `last`, both counted. */
export function daysBetween(first: string, last: string): number {
  return (toMs(last) - toMs(first)) / dayMs + 1
}

/** The billing period that holds `day`. */
export function periodOf(terms: PeriodTerms, day: string): BillingPeriod {
  const { invoicingCycle, billStart, months = 1 } = terms
  const isContractYear = invoicingCycle === 'ContractYear'
  const anchor = isContractYear ? Number(billStart.slice(8)) : 1
  const month = day.slice(0, 7)
  const begun = dayOfMonth(month, anchor) <= day ? month : addMonths(month, -1)
  const since = monthsBetween(isContractYear ? billStart.slice(0, 7) : '0000-01', begun)
  const firstMonth = addMonths(begun, -(((since % months) + months) % months))
  const first = dayOfMonth(firstMonth, anchor)
  const dayAfter = dayOfMonth(addMonths(firstMonth, months), anchor)
  const last = addDays(dayAfter, -1)
  return { first, last, dayAfter, days: daysBetween(first, last) }
}

/** The part before the time of a ConnectWise date-time; `null` where there is none. */
export function dayOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 10) : null
}

/** A day as ConnectWise writes it: `YYYY-MM-DDT00:00:00Z`. */
export function toDateTime(day: string): string {
  return `${day}T00:00:00Z`
}

/** `day`-th of a month `YYYY-MM`, or the month's last day where it is shorter. */
function dayOfMonth(month: string, day: number): string {
  const last = new Date(toMs(`${addMonths(month, 1)}-01`) - dayMs).getUTCDate()
  return `${month}-${String(Math.min(day, last)).padStart(2, '0')}`
}

function monthsBetween(from: string, to: string): number {
  const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))
  return index(to) - index(from)
}

function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count
  const year = Math.floor(index / 12)
  return `${String(year).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

function toMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/**
 * Milliseconds since 1970 of an ISO day or timestamp, whatever zone this machine is in: without a zone it is UTC
 * [inferred]. NaN for anything else, a day that does not exist included.
 */
export function parseTimestamp(text: string): number {
  const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i
  const [, day, time = '00:00', zone = 'Z'] = form.exec(text) ?? []
  const midnight = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return Number.NaN
  return Date.parse(`${day}T${time}${zone}`)
}
