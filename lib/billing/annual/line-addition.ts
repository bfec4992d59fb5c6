/** The addition that carries a line of an annual invoice, or takes one back: to the cent what PRISM charges, and never prorated again. */
import type { CountedAddition } from '../additions.ts'
import {
  amount,
  type Decimal,
  decimal,
  holdable,
  mapPair,
  money,
  type Pair,
  quantity,
  roundToCents,
  timesPair,
  zero,
} from '../decimal.ts'
import { shortDay } from '../format.ts'
import type { AdditionProduct } from '../step-rules.ts'
import type { CarriedLine, CreateChange, Day, InvoiceLine, Lot } from '../types.ts'
import { amountOf, type IdentifiedLine, signOf } from './line-identity.ts'
import { prismTotal } from './line-money.ts'
import { billOnce } from './one-time-bill.ts'

interface Priced {
  readonly quantity: Decimal
  readonly unit: Pair
  /** What PRISM charged for one, where that is another. */
  readonly prism?: Pair
}

const isSame = (a: Pair, b: Pair): boolean => a.cost.eq(b.cost) && a.price.eq(b.price)

/**
 * Quantity and unit price as the line has them where ConnectWise makes the same cents of them, in price and cost; else once the
 * line's amount. What is given back has a negative quantity.
 */
export const pricedLine = (line: InvoiceLine): Priced => {
  const total = amountOf(line)
  const sign = signOf(total)
  const own: Priced = {
    quantity: decimal(line.quantity).abs().times(sign),
    unit: { cost: decimal(line.unitCost).abs(), price: decimal(line.unitPrice).abs() },
  }
  const isHeld = own.quantity.isDouble() && own.unit.cost.isDouble() && own.unit.price.isDouble()
  if (isHeld && isSame(mapPair(timesPair(own.unit, own.quantity), roundToCents), total)) return own
  return { quantity: sign, unit: mapPair(timesPair(total, sign), holdable) }
}

const termText = ({ first, last }: InvoiceLine): string => `${shortDay(first)} to ${shortDay(last)}`

/** What a draft is made of, beside its line. */
export interface Drafting {
  readonly product: AdditionProduct
  /** As people read it. */
  readonly name: string
  /** The one day on which it is active. */
  readonly day: Day
}

const seatsText = (of: IdentifiedLine): string => `${of.line.quantity}, ${termText(of.line)}`

/** @param origins the lines that a credit takes back */
export const createOfLine = (
  of: IdentifiedLine,
  turn: number,
  { product, name, day }: Drafting,
  origins: readonly IdentifiedLine[],
): CreateChange => {
  const { line, is } = of
  const { first, last } = line
  const [origin] = origins
  const taken = origins.map((each) => `${seatsText(each)} (invoice ${each.is.invoiceId})`)
  return createOf(
    pricedLine(line),
    { ...is, turn },
    {
      reason:
        origin === undefined
          ? { rule: 'annual-line', first, last }
          : { rule: 'annual-credit', invoiceId: origin.is.invoiceId, first: origin.line.first },
      serialNumber: line.subscriptionId,
      text:
        origin === undefined
          ? `${name}: ${seatsText(of)}`
          : `${name}: ${line.quantity}, ${termText(line)}, credit for ${taken.join(' and ')}`,
      product,
      day,
    },
  )
}

/** Gives back what the addition of a line bills, as the line is on the invoice no more. @param lots what was written with it */
export const createTakingBack = (
  held: CountedAddition,
  lots: readonly Lot[],
  is: CarriedLine,
  { product, name, day }: Drafting,
  why: 'corrected' | 'undone' = 'corrected',
): CreateChange => {
  const billed = billOnce(held)
  const sign = signOf(billed)
  return createOf(
    {
      quantity: zero.minus(sign),
      unit: timesPair(billed, sign),
      prism: timesPair(prismTotal(lots), sign),
    },
    is,
    {
      reason: why === 'undone' ? { rule: 'undone' } : { rule: 'annual-taken-back', invoiceId: is.invoiceId },
      serialNumber: held.addition?.serialNumber ?? is.subscriptionId,
      text: `${name}: taken back${why === 'undone' ? ` (invoice ${is.invoiceId})` : `, as invoice ${is.invoiceId} was corrected`}`,
      product,
      day,
    },
  )
}

interface Draft extends Pick<Drafting, 'product' | 'day'> {
  readonly reason: CreateChange['reason']
  readonly serialNumber: string
  readonly text: string
}

const createOf = (priced: Priced, carries: CarriedLine, draft: Draft): CreateChange => {
  const { unit, prism = unit } = priced
  const { product, day, reason, serialNumber, text } = draft
  return {
    kind: 'create',
    reason,
    addition: {
      sku: product.sku,
      catalogItemId: product.catalogItemId,
      serialNumber,
      quantity: quantity(priced.quantity),
      lessIncluded: quantity(zero),
      unitCost: money(unit.cost),
      unitPrice: money(unit.price),
      effectiveDate: day,
      cancelledDate: day,
      billCustomer: 'Billable',
      taxable: product.taxable,
      invoiceDescription: text,
      invoiceGrouping: null,
    },
    lots: [
      { quantity: quantity(priced.quantity), origin: 'created', prism: amount(prism), set: amount(unit) },
    ],
    carries,
  }
}
