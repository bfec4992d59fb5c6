/** What can be said of a month, a subscription or an agreement. */
import type { AgreementFinding } from './agreement-rules.ts'
import { finding } from './finding.ts'
import { monthName, paddedDay, shortDay, unitPriceText } from './format.ts'
import { mendedBy, mustHaveEnd } from './still-wrong.ts'
import type { AskedInvoice, Day, Finding, GuardReason, Money, Period, StillBilled } from './types.ts'

/** F6. @param isFirst a repeated sync of the period shows it without raising it again. */
export const priceChanged = (
  of: 'cost' | 'retail',
  from: Money,
  to: Money,
  day: Day,
  isFirst: boolean,
): Finding =>
  finding(
    of === 'cost' ? 'cost-price-changed' : 'retail-price-changed',
    isFirst ? 'warning' : 'note',
    `Subscription ${of} unit price changed from ${unitPriceText(from)} to ${unitPriceText(to)} on ${paddedDay(day)}`,
    'Additions that existed before keep their price.',
    'Review the additions of this subscription in ConnectWise before you invoice the customer.',
  )

/** F13: one rule that the agreement breaks for a usage period. */
export const agreementUnfit = (
  { message, remedy, stillWrong = '' }: AgreementFinding,
  period: Period,
): Finding =>
  mendedBy(
    finding(
      'agreement-unfit',
      'error',
      message,
      `Nothing of ${monthName(period)} usage was written; what the agreement has goes on billing as it is.`,
      remedy,
    ),
    stillWrong,
  )

/** F12. */
export const earlierPeriodFailed = (period: Period): Finding =>
  finding(
    'earlier-period-failed',
    'error',
    `The invoice for ${monthName(period)} usage could not be synced for this subscription, so this one waits`,
    'Invoices are applied in chronological order.',
    `Mend what failed in ${monthName(period)}, or skip that month, then sync again: this month follows.`,
  )

export const earlierPeriodWaits = (period: Period): Finding =>
  finding(
    'earlier-period-waits',
    'warning',
    `The invoice for ${monthName(period)} usage waits for an answer about this subscription, so this one waits too`,
    'Invoices are applied in chronological order.',
    `Answer beside ${monthName(period)}, then sync again: this month follows.`,
  )

/** docs/billing-rules.md, "One id": a subscription's products are written together or not at all. */
export const otherProductFailed = (name: string): Finding =>
  finding(
    'other-product-failed',
    'error',
    `Nothing of this subscription was written, because its product '${name}' could not be synced`,
    'A subscription that moves from one product to another is written whole or not at all.',
    `Mend what is said about '${name}'.`,
  )

/**
 * docs/billing-rules.md, "Late months": what it would write waits, because its days are billed or that is not
 * known.
 */
export const lateMonthWaits = (period: Period, isKnown: boolean, difference: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `The invoice for ${monthName(period)} usage came after a later month was synced, and its difference of ${unitPriceText(difference)} waits`,
    isKnown
      ? `ConnectWise has invoiced ${monthName(period)} already; so the difference would be on its next invoice. Later months are not changed.`
      : `Whether ConnectWise has invoiced ${monthName(period)} is not known. Later months are not changed.`,
    'Confirm it, so that it is sent, or skip the month where it was billed otherwise.',
  )

/** docs/billing-rules.md, "Days billed": nothing tells how ConnectWise billed days that the plan looks at. */
export const billedInDoubt = (asked: AskedInvoice, isDeleted: boolean): Finding => ({
  ...finding(
    'billed-in-doubt',
    'warning',
    `Whether ConnectWise’s invoice until ${shortDay(asked.through)} bills addition ${asked.additionId} at ${unitPriceText(asked.before.price)}, as it was before, or at ${unitPriceText(asked.after.price)}, ${isDeleted ? 'without it' : 'as it was after'}, is not known, so this subscription waits`,
    `Somebody ${isDeleted ? 'deleted' : 'changed'} it in ConnectWise around that invoice, and nothing says on which side of it. Nothing of the subscription was written.`,
    'Look at that invoice in ConnectWise, and say what it bills.',
    [asked.additionId],
  ),
  asksBilled: asked,
})

/** docs/billing-rules.md, "Fit for P". */
export const unfitMonthWaits = (period: Period, difference: Money): Finding =>
  finding(
    'late-month-waits',
    'warning',
    `The agreement did not bill by the month while ${monthName(period)} was invoiced or after, and a difference of ${unitPriceText(difference)} waits`,
    'It was not set up as it has to be for a time, and how ConnectWise invoiced these days meanwhile is not known.',
    'Bill or credit the difference to the customer in ConnectWise by hand.',
  )

/** F12: a person skipped the month of this subscription, or passed it over. */
export const monthSkipped = (period: Period): Finding =>
  finding(
    'month-skipped',
    'note',
    `${monthName(period)} of this subscription is skipped, as a person said`,
    'Nothing is written for it; what its additions bill stays as it is.',
    'Nothing to do. To have it planned, take that back under “What was answered”.',
  )

/** J2: a person took back what was written for the month. */
export const monthParked = (period: Period): Finding =>
  finding(
    'month-parked',
    'warning',
    `${monthName(period)} of this subscription was undone, and is not synced until somebody releases it`,
    'Nothing is written for it; what its additions bill stays as it is.',
    'Release the month under “What was answered” to have it synced again.',
  )

/**
 * docs/billing-rules.md, "First sync": ConnectWise has invoiced the month, so billing begins with the next
 * one.
 */
export const beginsLater = (period: Period, begins: Period, invoiced: Money): Finding =>
  finding(
    'begins-later',
    'warning',
    `${monthName(period)} usage of ${unitPriceText(invoiced)} is not billed here: ConnectWise has invoiced that month, and this subscription begins with ${monthName(begins)}`,
    'It had no addition on the agreement, so that month was billed in another way, or not yet.',
    `If ${monthName(period)} was not billed, choose for the customer to bill that month as catch-up.`,
  )

/** docs/billing-rules.md, "First sync". */
export const billedElsewhere = (invoiced: Money): Finding =>
  finding(
    'billed-elsewhere',
    'note',
    `${unitPriceText(invoiced)} of this subscription is billed elsewhere, as was said of this customer`,
    'Nothing is written for it.',
    'Nothing to do, unless that has changed: then let the customer begin here.',
  )

/** docs/billing-rules.md, "First sync": asked once a customer, before the first write. */
export const firstSyncWaits = (period: Period): Finding =>
  finding(
    'first-sync-waits',
    'warning',
    `ConnectWise has invoiced ${monthName(period)} already, and nothing of this customer is on the agreement: how is it to begin?`,
    'Nothing is written before that is answered, so that no month is billed twice.',
    'Choose for the customer: begin with the next month, bill this one as catch-up, or billed elsewhere.',
  )

/** docs/billing-rules.md, "First sync": another agreement of the company has an open addition of the same. */
export const alsoBilledWaits = (found: {
  readonly agreementName: string
  readonly additionId: number
  readonly product: string
  readonly quantity: string
  readonly price: Money
}): Finding =>
  mendedBy(
    finding(
      'also-billed',
      'warning',
      `The agreement ${found.agreementName} of the same company bills ${found.quantity} x ${found.product} already, ${unitPriceText(found.price)} a month`,
      `It is addition ${found.additionId}, which is not ours. Nothing of this subscription is written before it is said how the customer begins, so that it is not billed twice.`,
      'End that addition in ConnectWise and begin here with the next month or with catch-up; or leave it, and choose billed elsewhere.',
      [found.additionId],
    ),
    mustHaveEnd(found.additionId),
  )

const guardReasons = {
  'many-end': 'The invoice would end many subscriptions at once',
  'total-moves': 'The invoice moves the total of all customers by a large share',
  'customer-absent': 'The customer is on no line of the invoice',
} as const satisfies Record<GuardReason, string>

/** F18: what it would write waits, because the invoice changes so much. */
export const guardWaits = (reason: GuardReason, from: Money, to: Money): Finding =>
  finding(
    'guard-waits',
    'warning',
    `${guardReasons[reason]}, so this subscription waits: ${unitPriceText(from)} would become ${unitPriceText(to)}`,
    'Nothing of it was written; the additions go on billing as they are.',
    'Look whether the invoice is right. If it is, confirm; if not, ask rhipe for a corrected one, or skip the month.',
  )

/**
 * docs/billing-rules.md, "Moving and clearing": the customer left, and this ends with its last month here.
 */
export const movedAway = (until: Period, additionIds: readonly number[]): Finding =>
  finding(
    'moved-away',
    'note',
    `The customer is billed here up to ${monthName(until)}, so this ends`,
    'It was mapped to another agreement, or its mapping was cleared.',
    'Nothing to do.',
    additionIds,
  )

/**
 * docs/billing-rules.md, "Moving and clearing": ConnectWise invoiced later months before they could be ended.
 */
export const invoicedAfterLeaving = (until: Period, price: Money, additionIds: readonly number[]): Finding =>
  finding(
    'billed-twice',
    'warning',
    `ConnectWise has invoiced ${unitPriceText(price)} of it here for months after ${monthName(until)}`,
    'What is invoiced is never credited by itself. Where the customer is billed for these months on another agreement, they are billed twice.',
    'Credit the amount to the customer in ConnectWise by hand.',
    additionIds,
  )

/** docs/billing-rules.md, "Moving and clearing". */
export const takesOver = (from: Period): Finding =>
  finding(
    'takes-over',
    'note',
    `Billing here begins with ${monthName(from)}: the quantity of the last invoice runs on from then`,
    'Months before are billed on the agreement that the customer was mapped to.',
    'Nothing to do.',
  )

/** docs/billing-rules.md, "Moving and clearing": nothing is written here before it ends there. */
export const billedTwice = ({ agreementName, additionIds, price, stillWrong = '' }: StillBilled): Finding =>
  mendedBy(
    finding(
      'billed-twice',
      'error',
      `Nothing was written, because ${agreementName} still bills ${unitPriceText(price)} a month of this subscription`,
      'It would be billed twice: the customer was mapped to that agreement before, and this could not be ended there.',
      'In ConnectWise, set the Cancelled Date of these additions on the agreement before, then sync again.',
      additionIds,
    ),
    stillWrong,
  )
