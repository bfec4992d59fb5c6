/** What an invoice of ConnectWise has beyond, or short of, what additions put on it, by the names of the second proof's terms. */
import { type Decimal, decimal, sum, zero } from '#lib/billing/decimal.ts'
import type { InvoiceItem, OwnInvoice } from './second-facts.ts'

/** What an addition puts on an invoice. */
export interface ItemPrice {
  readonly catalogItemId: number
  readonly price: Decimal
}

export interface InvoiceTerms {
  readonly unexplained: Decimal
  readonly lost: Decimal
  readonly lines: Decimal
  readonly amended: Decimal
  readonly unread: Decimal
}

const nothing: InvoiceTerms = { unexplained: zero, lost: zero, lines: zero, amended: zero, unread: zero }

/** @param own a month's invoices, or one of them. @param isUnread they were made before the agreement was read */
export const invoiceTerms = (
  own: readonly OwnInvoice[],
  pieces: readonly ItemPrice[],
  isUnread: boolean,
): InvoiceTerms => {
  const amended = sum(own.map(({ price, firstPrice }) => decimal(price).minus(firstPrice)))
  const beyond = sum(own.map(({ price }) => decimal(price))).minus(sum(pieces.map(({ price }) => price)))
  if (!amended.eq(0)) {
    const rest = beyond.minus(amended)
    return { ...nothing, amended, ...(isUnread ? { unread: rest } : { unexplained: rest }) }
  }
  if (isUnread) return { ...nothing, unread: beyond }
  const items = own.map((each) => each.items)
  if (beyond.eq(0) || items.includes(null)) return { ...nothing, unexplained: beyond }
  const [lost, lines] = differencesOf(
    items.flatMap((each) => each ?? []),
    pieces,
  )
  return { ...nothing, lost, lines, unexplained: beyond.minus(lost).minus(lines) }
}

/** Item by item: of those that are on no line, and of all others. */
const differencesOf = (
  items: readonly InvoiceItem[],
  pieces: readonly ItemPrice[],
): readonly [lost: Decimal, lines: Decimal] => {
  const expected = Map.groupBy(pieces, ({ catalogItemId }) => catalogItemId)
  const found = Map.groupBy(items, ({ catalogItemId }) => catalogItemId)
  let [lost, lines] = [zero, zero]
  for (const id of new Set([...expected.keys(), ...found.keys()])) {
    const here = sum((expected.get(id) ?? []).map(({ price }) => price))
    const there = sum((found.get(id) ?? []).map(({ price }) => decimal(price)))
    if (found.has(id)) lines = lines.plus(there).minus(here)
    else lost = lost.minus(here)
  }
  return [lost, lines]
}
