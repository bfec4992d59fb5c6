/**
 * Every rule about ConnectWise that no source states, in one place, so that a live instance can correct it.
 * What a source does state is coded where it belongs (docs/facts/connectwise.md).
 */
import { isDay } from '#lib/billing/days.ts'
import type { Day } from '#lib/billing/types.ts'

/** [inferred] The calendar day of a timestamp is its date part, whatever its time; `null` where that is no date. */
export function dayOfTimestamp(timestamp: string): Day | null {
  const [date = ''] = timestamp.trim().split(/[T ]/)
  return isDay(date) ? date : null
}

/**
 * An unset date may be an empty text (docs/facts/connectwise.md, "Records"), and [inferred] .NET's smallest
 * date.
 */
export function isUnsetTimestamp(timestamp: string): boolean {
  return timestamp.trim() === '' || timestamp.trim().startsWith('0001-01-01')
}

/** [inferred] A day is written as its midnight in UTC. */
export function timestampOfDay(day: Day): string {
  return `${day}T00:00:00Z`
}

/** [inferred] A number that a record leaves out is 0: properties without a value are left out of answers. */
export const absentNumber = '0'

/** [inferred] A flag that a record leaves out is off. */
export const absentFlag = false

/** [inferred] A field is emptied by `remove`; whether `replace` with null does the same is not stated. */
export function emptying(path: string): { op: 'remove'; path: string } {
  return { op: 'remove', path }
}

/** [inferred] An agreement without an ending date has none, whatever `endDate` holds. */
export function agreementEnd(record: {
  readonly endDate: Day | null
  readonly noEndingDateFlag: boolean
  readonly cancelledFlag: boolean
  readonly dateCancelled: Day | null
}): Day | null {
  const ends = record.noEndingDateFlag ? null : record.endDate
  const cancelled = record.cancelledFlag ? record.dateCancelled : null
  if (ends === null || cancelled === null) return ends ?? cancelled
  return ends < cancelled ? ends : cancelled
}

/**
 * [inferred] `nextInvoiceDate` is the first day of the first period that is not invoiced
 * (docs/facts/connectwise.md, "Proration").
 */
export function firstDayNotInvoiced(nextInvoiceDate: Day | null): Day | null {
  return nextInvoiceDate
}

/**
 * [inferred] ConnectWise looks at the role before it looks at the request: a POST of nothing answers 400 where the role may
 * add and 403 where it may not, and a PATCH of a record that does not exist 404 or 403. Neither can write anything.
 */
export const probes = { emptyBody: {}, noSuchId: 2_147_483_647, refused: [401, 403] } as const

/** [inferred] A 408 to a write says as little about its effect as no answer. */
export const statusesThatLeaveItOpen: readonly number[] = [408]

/**
 * [inferred] `in` and `=` ignore case, as SQL Server's usual collation does. Whether they ignore spaces around a value is
 * not known, so items whose Vendor SKU has them are asked for apart and compared here (D1).
 */
export const surroundedBySpaces = 'vendorSku like " %" or vendorSku like "% "'

/** [inferred] What PRISM Connect put between motion and SKU is not known (docs/facts/microsoft.md, "Motions"): compared here. */
export const namedByMotion = 'vendorSku like "P%:%" or identifier like "P%:%"'

/**
 * [inferred] What a billing cycle is can be read from its name: an answer about an agreement gives only that, and ConnectWise's
 * own cycles are called Monthly, Bi-Monthly, Quarterly, Semi-Annual, Yearly, One-Time and None. A cycle that bills in months
 * of its own name ("Monthly, on the 1st") is monthly; any other name is not.
 */
export function isMonthlyCycle(name: string): boolean {
  const isSeveralMonths = /\b(bi|semi|every|twice|two|three|six|2|3|6|12)[\s-]*month/i.test(name)
  return /\bmonthly\b/i.test(name) && !isSeveralMonths
}

/**
 * [inferred] A contact's addresses are in its `communicationItems`: one of mail says so in its `communicationType`, or is told by
 * its `@`. The text behind that is the domain; `null`: it is a telephone number, or no address.
 */
export function mailDomainOf(item: {
  readonly value: string
  readonly communicationType: string
}): string | null {
  const isOther = item.communicationType !== '' && !/mail/i.test(item.communicationType)
  const [, domain = '', ...more] = item.value.trim().toLowerCase().split('@')
  return isOther || domain === '' || more.length > 0 ? null : domain
}

/** [inferred] A contact whom nobody uses any more is marked so, and its mail may be of another employer by now. */
export const activeContacts = 'inactiveFlag = false'

/** [inferred] A company's website can be searched, as its name can. `domain` without quotes. */
export const websiteContains = (domain: string): string => `website like "%${domain}%"`

/** [inferred] The parameters of an agreement's next invoice are the same for every pod. */
export const anyPodId = 1
