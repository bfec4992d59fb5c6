/** What can be said of an undo (J2; docs/billing-rules.md, "Undo"). */
import { finding } from './finding.ts'
import { monthName, shortDay, unitPriceText } from './format.ts'
import type { Day, Finding, Money, Period } from './types.ts'

export const undoEdited = (additionIds: readonly number[]): Finding =>
  finding(
    'undo-edited',
    'error',
    'Nothing of this subscription was undone, because an addition of it was changed after the sync',
    `Changed or deleted since: ${additionIds.map((id) => `#${id}`).join(', ')}.`,
    'Correct its additions in ConnectWise, or leave them: its month is parked and is not synced until you release it.',
    additionIds,
  )

export const undoOvertaken = (): Finding =>
  finding(
    'undo-overtaken',
    'error',
    'The rest of this subscription was not undone, because ConnectWise invoiced the agreement meanwhile',
    'What would be given back was reckoned before that invoice.',
    'Look at its additions in ConnectWise, and correct them there.',
  )

/** @param day the first of the month that would bill the adjustment */
export const undoAfterEnd = (day: Day): Finding =>
  finding(
    'undo-after-end',
    'error',
    `Nothing of this subscription was undone, because no invoice from ${shortDay(day)} on could give the difference back`,
    'ConnectWise has invoiced what the sync wrote, and the agreement ends before its next invoice.',
    'Credit the customer by an invoice of its own in ConnectWise.',
  )

/** @param price what was billed too much; negative: too little */
export const undoAdjusted = (period: Period, price: Money): Finding =>
  finding(
    'undo-adjusted',
    'warning',
    price.startsWith('-')
      ? `ConnectWise has invoiced ${unitPriceText(price.slice(1) as Money)} too little by this sync; the ${monthName(period)} invoice bills it`
      : `ConnectWise has invoiced ${unitPriceText(price)} too much by this sync; the ${monthName(period)} invoice gives it back`,
    `One addition of ${monthName(period)} has the difference.`,
    `Check the ${monthName(period)} invoice of this customer before you send it.`,
  )

export const undoKeepsSerial = (additionIds: readonly number[]): Finding =>
  finding(
    'undo-keeps-serial',
    'note',
    'Additions that the sync took over keep the serial number that it gave them',
    'They are billed as before.',
    '',
    additionIds,
  )

export const undoGivesNewId = (additionIds: readonly number[]): Finding =>
  finding(
    'undo-gives-new-id',
    'note',
    'An addition that the sync deleted comes back under another number',
    'ConnectWise gives each addition a number of its own.',
    '',
    additionIds,
  )
