/**
 * How something is in ConnectWise now, and how it must be there: beside what a person mends there, so that after a change that
 * does not suffice it says what is still wrong (F5, F7, F9, F13, D6, E5). Each sentence names a change after which that finding
 * is gone.
 */
import type { CountedAddition } from './additions.ts'
import { laterOf, previousDay } from './days.ts'
import { type Decimal, quantity } from './decimal.ts'
import { shortDay, unitPriceText } from './format.ts'
import type { Day, Finding, Money } from './types.ts'

/** The finding with the sentence; `''`: there is none to say. */
export const mendedBy = (finding: Finding, stillWrong: string): Finding =>
  stillWrong === '' ? finding : { ...finding, stillWrong }

const endText = (end: Day | null): string => (end === null ? 'has no end' : `ends ${shortDay(end)}`)

/** An addition that must not run on after a day. */
export interface Running {
  readonly id: number
  readonly start: Day
  readonly end: Day | null
}

/** @param before the first day on which none of them may be active; one that starts later is to end before it starts */
export const mustEnd = (additions: readonly Running[], before: Day): string => {
  const isOne = additions.length === 1
  return additions
    .map(({ id, start, end }) => {
      const by = previousDay(laterOf(before, start))
      const isLater = start > before ? ', the day before it starts' : ''
      return `${isOne ? 'It' : `Addition ${id}`} ${endText(end)} now; it must end by ${shortDay(by)}${isLater}.`
    })
    .join(' ')
}

/** The same of one addition in its pieces; nothing of one that was deleted. */
export const piecesMustEnd = (pieces: readonly CountedAddition[], before: Day): string => {
  const held = pieces.find(({ addition, writable }) => addition !== null && writable)
  if (held?.addition === undefined || held.addition === null) return ''
  return mustEnd([{ id: held.id, start: held.startedOn, end: held.addition.cancelledDate }], before)
}

const orList = (values: readonly string[]): string =>
  values.length < 2 ? (values[0] ?? '') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`

/** F5. @param owners ids of subscriptions with its product */
export const serialMustBe = (serialNumber: string, owners: readonly string[]): string =>
  owners.length === 0
    ? ''
    : `Its Serial Number is ${serialNumber === '' ? 'empty' : serialNumber} now; it must be ${orList(owners)}.`

/** F5: additions without a serial number, whose quantities do not tell whose they are. */
export const quantitiesMustBe = (held: readonly Decimal[], wanted: readonly Decimal[], day: Day): string => {
  const [one] = wanted
  const are = orAnd(held.map(quantity))
  if (wanted.length === 1 && one !== undefined)
    return held.length === 1
      ? `Its quantity is ${are} on ${shortDay(day)} now; it must be ${quantity(one)}, as PRISM invoices.`
      : `Their quantities on ${shortDay(day)} are ${are} now; together they must be ${quantity(one)}, as PRISM invoices.`
  const [what, is] = held.length === 1 ? ['Its quantity', 'is'] : ['Their quantities', 'are']
  return `${what} on ${shortDay(day)} ${is} ${are} now, those of the subscriptions ${orAnd(wanted.map(quantity))}; each must have one that no other has, or its subscription’s id as Serial Number.`
}

const orAnd = (values: readonly string[]): string =>
  values.length < 2 ? (values[0] ?? '') : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`

/** F7. */
export const startsTooLate = ({ id, startedOn }: CountedAddition, by: Day): string =>
  `Addition ${id} starts ${shortDay(startedOn)} now; it must start by ${shortDay(by)}, or be deleted.`

/** F7: ConnectWise bills to the month’s end. @param last of the month in which it ends */
export const endsInsideMonth = (id: number, end: Day, last: Day): string =>
  `Addition ${id} ends ${shortDay(end)} now; it must end on the last day of a month, as ${shortDay(last)}.`

/** F7: those that start on a day, and all that run then. */
export const startsWithQuantity = (starting: Decimal, running: Decimal, must: Decimal, day: Day): string =>
  `What starts ${shortDay(day)} makes ${quantity(starting)} now, and all that runs then ${quantity(running)}; either must be ${quantity(must)}.`

/** D6. @param identifiers of the catalog items that have the Vendor SKU */
export const onlyOneMayHave = (identifiers: readonly string[]): string =>
  `${orAnd(identifiers)} have it now; only one may.`

/** D4. */
export const someMustHave = (sku: string): string =>
  sku === '' ? '' : `No catalog item has the Vendor SKU ${sku} now; one must.`

/** F13. @param end as ConnectWise has it */
export const agreementMustReach = (field: string, end: Day, first: Day): string =>
  `Its ${field} is ${shortDay(end)} now; it must be ${shortDay(first)} or later.`

/** F3. */
export const azureMustBe = (now: Money, must: Money): string =>
  `It bills ${unitPriceText(now)} now; the invoice has ${unitPriceText(must)}.`

/** Of another agreement’s addition that bills the same. */
export const mustHaveEnd = (additionId: number): string =>
  `Addition ${additionId} has no end now; it must have one.`
