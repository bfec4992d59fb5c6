/** Plans in sentences. Free of libraries, so that a pod can use it. */
import { monthName, shortDay, unitPriceText } from './format.ts'
import type { Change, Reason } from './types.ts'

const signed = (quantity: string): string =>
  quantity.startsWith('-') ? `−${quantity.slice(1)}` : `+${quantity}`

/** What the change does: `+3 from 16 Sep 2026 to 30 Sep 2026`. */
export const explainChange = (change: Change): string => {
  switch (change.kind) {
    case 'create': {
      const { quantity, unitPrice, effectiveDate, cancelledDate } = change.addition
      if (change.carries !== undefined)
        return `${signed(quantity)} at ${unitPriceText(unitPrice)}, billed once on ${shortDay(effectiveDate)}`
      return cancelledDate === null
        ? `${quantity} from ${shortDay(effectiveDate)}, open`
        : `${signed(quantity)} from ${shortDay(effectiveDate)} to ${shortDay(cancelledDate)}`
    }
    case 'end': {
      const since = change.before.effectiveDate
      const from = since === null ? '' : ` since ${shortDay(since)}`
      return `the ${change.before.quantity}${from} ends on ${shortDay(change.cancelledDate)}`
    }
    case 'update':
      return `addition ${change.additionId} is updated`
    case 'delete':
      return `addition ${change.additionId} is deleted`
    case 'createCatalogItem':
      return `the catalog item ${change.identifier} is created`
    case 'keep':
      return `the ${change.addition.quantity} stays`
  }
}

const direction = (from: string, to: string): string => (Number(to) > Number(from) ? 'rose' : 'fell')

/** Why: `quantity rose from 5 to 8 on 16 Sep 2026`. */
export const explainReason = (reason: Reason): string => {
  switch (reason.rule) {
    case 'adopt':
      return 'an addition that existed already is taken over: its serial number becomes the subscription id'
    case 'month-end':
      return `ConnectWise bills to the end of the month, so its end moves to ${shortDay(reason.cancelledDate)}`
    case 'start':
      return `the subscription starts with ${reason.to} on ${shortDay(reason.day)}`
    case 'step':
      return `quantity ${direction(reason.from, reason.to)} from ${reason.from} to ${reason.to} on ${shortDay(reason.day)}`
    case 'replace':
      return reason.to === '0'
        ? 'nothing runs on'
        : `replaced from ${shortDay(reason.day)}, when ${reason.to} runs on`
    case 'next':
      return `${reason.to} is the quantity on the last day of the month`
    case 'gone':
      return `not on the invoice for ${monthName(reason.period)}`
    case 'azure':
      return `Azure usage of ${monthName(reason.period)}`
    case 'rounding':
      return `the rounding of ${monthName(reason.period)}, so that the invoice equals PRISM's`
    case 'credit':
      return `a credit or adjustment on the invoice, for ${shortDay(reason.first)} to ${shortDay(reason.last)}`
    case 'credit-gone':
      return `the invoice for ${monthName(reason.period)} does not have it any more`
    case 'moved':
      return `the customer is billed here up to ${monthName(reason.period)}`
    case 'missing-product':
      return 'no catalog item has this Vendor SKU'
    case 'answered':
      return 'no invoice explains it, and a person said when it ends'
    case 'undone':
      return 'a person took back what a sync had written'
    case 'set-back':
      return 'somebody edited it in ConnectWise, and a person has it set back to what a sync wrote'
    case 'adjusted':
      return `a person took back what a sync had written, and ConnectWise had invoiced it up to ${shortDay(reason.through)}`
    case 'annual-line':
      return `an annual invoice charges it from ${shortDay(reason.first)} to ${shortDay(reason.last)}`
    case 'annual-credit':
      return `PRISM takes back what invoice ${reason.invoiceId} charged from ${shortDay(reason.first)}`
    case 'annual-taken-back':
      return `invoice ${reason.invoiceId} was corrected and does not have it any more`
    case 'unchanged':
      return 'it bills what the invoice says'
  }
}
