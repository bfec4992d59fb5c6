/** What a line of an annual invoice is known by, so that it is carried once and never again. */
import { type Decimal, decimal, type Pair } from '../decimal.ts'
import { subscriptionKey } from '../keys.ts'
import type { CarriedLine, InvoiceLine } from '../types.ts'
import type { AnnualInvoice } from './annual-situation.ts'

/** A line with what it is known by: `turn` left out, as that is about its additions. */
export interface IdentifiedLine {
  readonly line: InvoiceLine
  readonly is: Omit<CarriedLine, 'turn'>
}

const plain = (value: string): string => decimal(value).toFixed()

/** All that a line charges: equal for equal lines, in whatever file and row they are. */
const chargeOf = (line: InvoiceLine): string =>
  [
    subscriptionKey(line.subscriptionId),
    line.offerName.trim(),
    line.first,
    line.last,
    ...[line.quantity, line.unitCost, line.unitPrice, line.cost, line.price].map(plain),
  ].join(' ')

/** An invoice's lines, a subscription's in the order of their days, charges before credits; equal ones are counted from 1. */
export const identified = ({
  invoiceId,
  lines,
}: Pick<AnnualInvoice, 'invoiceId' | 'lines'>): IdentifiedLine[] => {
  const counts = new Map<string, number>()
  return lines
    .map((line) => ({ line, charge: chargeOf(line) }))
    .sort((a, b) => compareKeys(orderOf(a), orderOf(b)))
    .map(({ line, charge }) => {
      const ordinal = (counts.get(charge) ?? 0) + 1
      counts.set(charge, ordinal)
      return {
        line,
        is: { invoiceId, subscriptionId: subscriptionKey(line.subscriptionId), charge, ordinal },
      }
    })
}

type Order = readonly (string | number)[]
const orderOf = ({ line, charge }: { readonly line: InvoiceLine; readonly charge: string }): Order => [
  subscriptionKey(line.subscriptionId),
  isCredit(line) ? 1 : 0,
  line.first,
  charge,
  line.row,
]

const compareKeys = (a: Order, b: Order): number => {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}

/** Equal for a line and the same one of another invoice. */
export const chargeKey = ({ charge, ordinal }: Omit<CarriedLine, 'turn'>): string => `${ordinal} ${charge}`
/** One text for a line's identity. */
export const identityKey = (is: Omit<CarriedLine, 'turn'>): string => `${is.invoiceId} ${chargeKey(is)}`

export const amountOf = (line: Pick<InvoiceLine, 'cost' | 'price'>): Pair => ({
  cost: decimal(line.cost),
  price: decimal(line.price),
})

/** -1 for what is given back: by its price, by its cost where that is 0. */
export const signOf = ({ cost, price }: Pair): Decimal =>
  decimal(price.lt(0) || (price.eq(0) && cost.lt(0)) ? -1 : 1)

/** A line that gives back. */
export const isCredit = (line: InvoiceLine): boolean => signOf(amountOf(line)).lt(0)
