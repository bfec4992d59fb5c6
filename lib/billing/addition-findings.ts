/** What can be said of additions. */

import { finding } from './finding.ts'
import { monthName, shortDay, unitPriceText } from './format.ts'
import type { Day, Finding, Money, Period, UnreadableAddition } from './types.ts'

/** F7. */
export const inconsistentAdditions = (
  detail: string,
  additionIds: readonly number[],
  canEnd = false,
): Finding =>
  finding(
    'inconsistent-additions',
    'error',
    'Unable to sync subscription to ConnectWise because of inconsistent existing additions. Check for gaps in dates or additions starting after this invoice usage period.',
    detail,
    canEnd
      ? "Under “Say what it is”, choose when it ends, or that it is nobody's; or delete it in ConnectWise; then sync again."
      : 'In ConnectWise, delete those of the additions listed here that bill what this month’s invoice does not have, then sync again.',
    additionIds,
  )

/** F9. */
export const leftoverAddition = (sku: string, additionId: number): Finding =>
  finding(
    'leftover-addition',
    'error',
    `There is an existing addition for product sku '${sku}' that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match`,
    `Addition ${additionId} was not created by this product and is active in the usage period.`,
    "Under “Say what it is”, choose when it ends, which subscription it bills, or that it is nobody's; then sync again.",
    [additionId],
  )

/** Of catalog items that nothing links to the product, before it is billed for the first time. */
export const namesakeAdditions = (item: string, additionIds: readonly number[]): Finding =>
  finding(
    'ambiguous-additions',
    'error',
    `Existing additions of '${item}' are called as this product, which no Vendor SKU links to that catalog item`,
    'They may bill this subscription already, so nothing was created beside them.',
    "Enter the product's SKU as Vendor SKU of that catalog item; or under “Say what it is” choose whether it bills the subscription, ends, or is nobody's; then sync again.",
    additionIds,
  )

/** F5: nothing tells which addition belongs to which subscription, or whether it belongs to the only one. */
export const ambiguousAdditions = (
  product: string,
  additionIds: readonly number[],
  owners: number,
): Finding =>
  finding(
    'ambiguous-additions',
    'error',
    owners > 1
      ? `Several subscriptions have the product '${product}' and the existing additions have no subscription id (serial number) that tells them apart`
      : `Existing additions of the product '${product}' have no subscription id (serial number), and their quantities are not the subscription's`,
    owners > 1
      ? 'Quantities on the first day of the usage period do not pair additions and subscriptions uniquely.'
      : 'On no day of the usage period do they make the quantity that PRISM invoices, so some of them may bill something else.',
    "Under “Say what it is”, choose for each addition which subscription it bills, or that it is nobody's; then sync again.",
    additionIds,
  )

/** F5: a serial number that is neither a PRISM subscription id nor ours. */
export const unknownSerialNumber = (serialNumber: string, additionId: number): Finding =>
  finding(
    'unknown-serial-number',
    'error',
    `Addition ${additionId} has the serial number '${serialNumber}', which is no PRISM subscription id`,
    'Its product is on the invoice, so it may already bill one of these subscriptions.',
    "Under “Say what it is”, choose which subscription it bills, or that it is nobody's; then sync again.",
    [additionId],
  )

/** docs/billing-rules.md, "Unknown is never zero". */
export const additionUnreadable = ({ id, record, reason }: UnreadableAddition): Finding =>
  finding(
    'addition-unreadable',
    'error',
    `An addition of the agreement cannot be read (${record}): ${reason}`,
    'It may be billed already, so nothing was written for whoever it may belong to.',
    'Open the addition in ConnectWise and correct what is named, then sync again.',
    id === null ? [] : [id],
  )

/** F3: a month's Azure usage is one addition; what else bills it would bill it twice. */
export const besideAzure = (period: Period, additionIds: readonly number[]): Finding =>
  finding(
    'ambiguous-additions',
    'error',
    `Additions that were not made by this product bill Azure usage in ${monthName(period)}, beside the total of the month`,
    'The invoice has one total for the month; with these it would be billed twice.',
    'Under “Say what it is”, choose when each of them ends: with the month before, unless ConnectWise has invoiced this one. Then sync again.',
    additionIds,
  )

/** F3: already invoiced by ConnectWise, and different. */
export const azureAlreadyInvoiced = (period: Period, additionId: number): Finding =>
  finding(
    'azure-already-invoiced',
    'error',
    `The Azure addition of ${monthName(period)} was already invoiced in ConnectWise with another amount`,
    `Addition ${additionId} was not changed.`,
    'Settle the difference with the customer by hand, or delete the ConnectWise invoice and sync again.',
    [additionId],
  )

/** F19. */
export const notBilled = (additionId: number, part: string, why: string, isFirst: boolean): Finding =>
  finding(
    'not-billed',
    isFirst ? 'warning' : 'note',
    `${part} of addition ${additionId} is not billed: ${why}`,
    'It counts with its whole quantity; replacements inherit this.',
    'Change Bill Customer or Less Included of the addition in ConnectWise if the customer should pay for it.',
    [additionId],
  )

/** An addition of a subscription whose lines are not planned here: listed, never touched. */
export const additionNotOurs = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} with serial number '${serialNumber}' belongs to a subscription that is not synced here`,
    'It was not touched.',
    'Nothing to do, unless it should follow its PRISM subscription: then map its customer to this agreement and switch Sync on.',
    [additionId],
  )

/**
 * docs/billing-rules.md, "Reserved serial numbers": a serial number that only this product writes, and no
 * subscription has.
 */
export const additionReserved = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} with serial number '${serialNumber}' is an adjustment and belongs to no subscription`,
    'It was not touched.',
    'Nothing to do.',
    [additionId],
  )

/** docs/billing-rules.md, "Each addition": a person said whose it is. */
export const additionAnswered = (additionId: number, answer: 'nobody' | 'stays'): Finding =>
  finding(
    'addition-not-ours',
    'note',
    answer === 'nobody'
      ? `Addition ${additionId} is nobody's: it was said to have nothing to do with PRISM`
      : `Addition ${additionId} stays as it is, as it was said to`,
    'It was not touched.',
    'Nothing to do, unless that has changed: then take the answer back.',
    [additionId],
  )

/**
 * docs/billing-rules.md, "Each addition": a person said when it ends. @param isMoved whether later than that,
 * as ConnectWise may have invoiced it until then.
 */
export const additionEnds = (additionId: number, on: Day, isMoved: boolean): Finding =>
  finding(
    'addition-not-ours',
    'note',
    `Addition ${additionId} ends on ${shortDay(on)}, as it was said to`,
    isMoved
      ? 'ConnectWise has invoiced it until then, or that is not known; what is invoiced is never credited.'
      : 'No PRISM invoice explains it.',
    'Nothing to do, unless that has changed: then take the answer back, and clear its Cancelled Date in ConnectWise where it has one.',
    [additionId],
  )

/** F4: its subscription is annual, so no monthly invoice explains it. */
export const additionAnnual = (additionId: number, isOurs: boolean): Finding =>
  finding(
    'addition-annual',
    isOurs ? 'warning' : 'note',
    `Addition ${additionId} bills an annual subscription, which is not synced`,
    'It was not touched.',
    isOurs
      ? 'It was made while the subscription was monthly: look whether the annual term is billed elsewhere. If it is, choose under “Say what it is” when it ends.'
      : 'Nothing to do.',
    [additionId],
  )

/** docs/billing-rules.md, "Each addition": its subscription is billed on another agreement. */
export const additionMoved = (additionId: number, serialNumber: string): Finding =>
  finding(
    'addition-moved',
    'warning',
    `Addition ${additionId} bills subscription ${serialNumber}, which is billed on another agreement`,
    'It was not made by this product, so it was not touched; the customer may be billed twice.',
    'Under “Say what it is”, choose when it ends, or which subscription it bills.',
    [additionId],
  )

/** docs/billing-rules.md, "Days billed". @param now `null`: it was deleted. */
export const changedSinceBilled = (
  additionId: number,
  period: Period,
  billed: Money,
  now: Money | null,
): Finding =>
  finding(
    'changed-since-billed',
    'note',
    now === null
      ? `Addition ${additionId} was deleted in ConnectWise after it was invoiced for ${monthName(period)}, at ${unitPriceText(billed)}`
      : `Addition ${additionId} was changed in ConnectWise after it was invoiced for ${monthName(period)}, at ${unitPriceText(billed)}; it would now be ${unitPriceText(now)}`,
    'What was invoiced stays as it was invoiced.',
    'Nothing to do: with the next PRISM invoice the quantity is right from the first month that ConnectWise has not invoiced.',
    [additionId],
  )

const unknownDetails = {
  never:
    'PRISM lists its subscription, and no invoice ever had it: an annual term is on invoices of its own.',
  later: 'Its subscription is on no line of this invoice, and the addition did not run yet when it last was.',
  serial: 'Its serial number is no PRISM subscription id, and its product is not on this invoice.',
  whose: 'It has no serial number, and its quantity is that of no annual subscription with its product.',
} as const

/** docs/billing-rules.md, "Unknown is never zero": left as it is, with what is not known. */
export const additionUnknown = (additionId: number, why: keyof typeof unknownDetails): Finding =>
  finding(
    'addition-unknown',
    'warning',
    `No PRISM invoice explains addition ${additionId}, and it is not known to have ended`,
    unknownDetails[why],
    "Under “Say what it is”, choose which subscription it bills, that it is nobody's, that it stays, or when it ends.",
    [additionId],
  )
