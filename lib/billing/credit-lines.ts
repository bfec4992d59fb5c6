/**
 * A credit or adjustment of a monthly invoice, and the addition that carries it (docs/billing-rules.md, "Credits and adjustments"):
 * to the cent what PRISM charges or gives back, once, in the invoice's month. What is given back has quantity -1 and a positive
 * price, because what ConnectWise makes of a price below zero is nowhere documented.
 */
import { hold } from './additions.ts'
import { amountOf, type IdentifiedLine, identified, signOf } from './annual/line-identity.ts'
import { billHeld } from './bill.ts'
import {
  amount,
  type Decimal,
  isZeroPair,
  mapPair,
  type Pair,
  quantity,
  roundToCents,
  timesPair,
} from './decimal.ts'
import { shortDay } from './format.ts'
import { isWithoutSubscription } from './keys.ts'
import { onceInMonth } from './own-additions.ts'
import { productName } from './products.ts'
import type { AdditionProduct } from './step-rules.ts'
import type { Window } from './timeline.ts'
import type { Addition, Agreement, CarriedLine, CreateChange, InvoiceLine, Lot, Period } from './types.ts'

const serialNumbers = /^credit-(\d{4}-\d{2})$/

/** The serial number of what carries a month's credits and adjustments. */
export const creditSerial = (period: Period): string => `credit-${period}`

/** The month whose credit an addition carries; `null`: it carries a line of an annual invoice. */
export const creditMonth = ({ invoiceId }: Pick<CarriedLine, 'invoiceId'>): Period | null =>
  (serialNumbers.exec(invoiceId)?.[1] as Period | undefined) ?? null

/** Lines with what they are known by, whichever version of the invoice they are on. */
export const identifiedCredits = (period: Period, lines: readonly InvoiceLine[]): IdentifiedLine[] =>
  identified({ invoiceId: creditSerial(period), lines })

/** How often it is billed, 1 or -1, and at which price; a side below zero is neither. */
const priced = (line: InvoiceLine): { readonly sign: Decimal; readonly unit: Pair } => {
  const total = amountOf(line)
  const sign = signOf(total)
  return { sign, unit: mapPair(timesPair(total, sign), roundToCents) }
}

/** Its cost and its retail price go against each other, so that no quantity bills it. */
export const isAgainstItself = (line: InvoiceLine): boolean => {
  const { unit } = priced(line)
  return unit.cost.lt(0) || unit.price.lt(0)
}

/** Nothing is to be billed for it. */
export const isOfNothing = (line: InvoiceLine): boolean => isZeroPair(priced(line).unit)

/** How the addition of a line is billed. */
export const creditTerms = (line: InvoiceLine, window: Window) => {
  const { sign, unit } = priced(line)
  return { ...onceInMonth(window, sign, unit), serialNumber: creditSerial(window.period) }
}

export const creditLots = (line: InvoiceLine): Lot[] => {
  const { sign, unit } = priced(line)
  return [{ quantity: quantity(sign), origin: 'created', prism: amount(unit), set: amount(unit) }]
}

/** What is copied of how the subscription is billed. */
export type CreditStyle = Pick<Addition, 'billCustomer' | 'taxable' | 'invoiceGrouping'>

/** ConnectWise takes 6,000 characters; PRISM's own text is the only one without a limit. */
const longestText = 500

/** What the line is for: `Credit: Business Premium, 1 Aug 2026 to 31 Aug 2026, subscription 0f0f…. PRISM's text`. */
const originOf = (line: InvoiceLine): string => {
  const { sign } = priced(line)
  const whose = isWithoutSubscription(line.subscriptionId)
    ? `line ${line.row} of the invoice, without a subscription`
    : `${shortDay(line.first)} to ${shortDay(line.last)}, subscription ${line.subscriptionId}`
  const text = line.description.trim().slice(0, longestText)
  const name = productName(line.offerName) || 'PRISM'
  return `${sign.lt(0) ? 'Credit' : 'Adjustment'}: ${name}, ${whose}${text === '' ? '' : `. ${text}`}`
}

export const createOfCredit = (
  { line, is }: IdentifiedLine,
  window: Window,
  product: AdditionProduct,
  style: CreditStyle,
): CreateChange => ({
  kind: 'create',
  reason: { rule: 'credit', first: line.first, last: line.last },
  addition: {
    ...creditTerms(line, window),
    ...style,
    sku: product.sku,
    catalogItemId: product.catalogItemId,
    invoiceDescription: originOf(line),
  },
  lots: creditLots(line),
  carries: { ...is, turn: 1 },
})

/** What ConnectWise bills for the line as it is written. */
export const billOfCredit = (line: InvoiceLine, window: Window, agreement: Agreement): Pair => {
  const style = { billCustomer: 'Billable', taxable: true, invoiceGrouping: null } as const
  const addition = {
    ...creditTerms(line, window),
    ...style,
    id: -1,
    catalogItemId: 0,
    invoiceDescription: '',
  }
  return billHeld(hold(addition, agreement, undefined), window.period)
}
