/**
 * What ConnectWise bills of an addition on a One-Time agreement [inferred; docs/facts/connectwise.md, "One-Time agreements"], which is
 * kept in this file only: once, its whole unit price times the quantity less what is included, in cents; nothing of one that is
 * cancelled before it starts.
 */
import { type CountedAddition, isEverActive } from '../additions.ts'
import { unbilledQuantity } from '../bill.ts'
import { laterOf } from '../days.ts'
import { mapPair, type Pair, roundToCents, timesPair, zeroPair } from '../decimal.ts'
import type { Agreement, Day } from '../types.ts'

/** Price and cost that it adds to the agreement's invoice, whenever that is made. */
export const billOnce = (held: CountedAddition): Pair =>
  isEverActive(held)
    ? mapPair(timesPair(held.unit, held.quantity.minus(unbilledQuantity(held))), roundToCents)
    : zeroPair

/**
 * The one day of an addition that is created for an invoice, effective and cancelled: that of the invoice, else the first later one
 * that the agreement bills and has not invoiced.
 */
export const billingDay = (agreement: Agreement, issuedOn: Day): Day =>
  [agreement.startDate, agreement.billStartDate, agreement.nextInvoiceDate].reduce<Day>(
    (day, other) => (other === null ? day : laterOf(day, other)),
    issuedOn,
  )
