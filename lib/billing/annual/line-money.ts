/** What PRISM charges with a line against what its additions bill, each cent by name (docs/billing-rules.md, "The proof"). */
import { type CountedAddition, isEverActive } from '../additions.ts'
import { unbilledQuantity } from '../bill.ts'
import {
  addPair,
  amount,
  decimal,
  mapPair,
  type Pair,
  pair,
  subtractPair,
  sumPairs,
  timesPair,
  zero,
  zeroPair,
} from '../decimal.ts'
import { emptyReconciliation } from '../reconcile.ts'
import type { Lot, Reconciliation, Term } from '../types.ts'
import { billOnce } from './one-time-bill.ts'

/** An addition of the line: what was written, and what it is now; `null` where it is gone. */
export interface Part {
  readonly lots: readonly Lot[]
  readonly held: CountedAddition | null
}

const lotsTotal = (lots: readonly Lot[], of: 'prism' | 'set'): Pair =>
  sumPairs(lots.map((lot) => timesPair(pair(lot[of]), decimal(lot.quantity))))

/** What it was written to bill. */
export const writtenTotal = (lots: readonly Lot[]): Pair => lotsTotal(lots, 'set')
/** What PRISM charged with it. */
export const prismTotal = (lots: readonly Lot[]): Pair => lotsTotal(lots, 'prism')

const nowTotal = ({ held }: Part): Pair =>
  held === null || !isEverActive(held) ? zeroPair : timesPair(held.unit, held.quantity)
const notBilledTotal = ({ held }: Part): Pair =>
  held === null || !isEverActive(held) ? zeroPair : timesPair(held.unit, unbilledQuantity(held))

const cent = decimal('0.01')

/**
 * @param open the term that names what no addition was written of. Left out: nothing is open, and what is left is rounding, where
 * it is less than a cent
 */
export const moneyOf = (invoiced: Pair, parts: readonly Part[], open?: Term): Reconciliation => {
  const billed = sumPairs(parts.map(({ held }) => (held === null ? zeroPair : billOnce(held))))
  const lots = parts.flatMap((part) => part.lots)
  const prism = prismTotal(lots)
  const adopted = lots.filter(({ origin }) => origin === 'adopted')
  const asAdopted = subtractPair(prismTotal(adopted), writtenTotal(adopted))
  const now = sumPairs(parts.map(nowTotal))
  const notBilled = sumPairs(parts.map(notBilledTotal))
  const edited = subtractPair(subtractPair(prism, asAdopted), now)
  const rest = subtractPair(invoiced, prism)
  const isRounding = open === undefined && rest.cost.abs().lt(cent) && rest.price.abs().lt(cent)
  const billRounding = subtractPair(subtractPair(now, notBilled), billed)
  return {
    ...emptyReconciliation,
    invoiced: amount(invoiced),
    billed: amount(billed),
    asAdopted: amount(asAdopted),
    edited: amount(edited),
    notBilled: amount(notBilled),
    rounding: amount(isRounding ? addPair(rest, billRounding) : billRounding),
    unexplained: amount(isRounding || open !== undefined ? zeroPair : rest),
    ...(open === undefined || isNothing(rest) ? {} : { terms: { [open]: amount(rest) } }),
  }
}

const isNothing = ({ cost, price }: Pair): boolean => cost.eq(zero) && price.eq(zero)

/** A row that was not written: what its additions do not bill of it has failed. */
export const failedMoney = (invoiced: Pair, parts: readonly Part[]): Reconciliation => {
  const billed = sumPairs(parts.map(({ held }) => (held === null ? zeroPair : billOnce(held))))
  return {
    ...emptyReconciliation,
    invoiced: amount(invoiced),
    billed: amount(billed),
    failed: amount(subtractPair(invoiced, billed)),
  }
}

/** Whether somebody made it bill otherwise than it was written to. */
export const isEdited = ({ lots, held }: Part): boolean => {
  if (held === null) return true
  const written = mapPair(writtenTotal(lots), (value) => value.round(2))
  const billed = billOnce(held)
  return !written.cost.eq(billed.cost) || !written.price.eq(billed.price)
}
