/**
 * A subscription that is as it was: one line for the whole month, and one open addition of ours from before it, at the same
 * quantity and price. Nearly every subscription is, nearly every month. The rules find nothing to write of it then, and
 * nothing to name (as-it-was.test.ts holds them against it), so that the addition is kept, and billed is what was invoiced.
 */
import { type CountedAddition, priceKey } from './additions.ts'
import { billHeld } from './bill.ts'
import type { Group } from './context.ts'
import { amount, decimal, zero } from './decimal.ts'
import { isBelowMargin, isUnderRule } from './price-rules.ts'
import { emptyReconciliation } from './reconcile.ts'
import { keeps, type Row } from './subscription-row.ts'
import type { Window } from './timeline.ts'
import type { Addition, InvoiceLine, Lot } from './types.ts'

/** What the plan of such a subscription is made of; `null` where it is none, as far as can be told at once. */
export const asItWas = (
  group: Group,
  held: readonly CountedAddition[],
  before: readonly InvoiceLine[],
  window: Window,
  marginPercent: string | null,
): Pick<Row, 'timeline' | 'held' | 'changes' | 'reconciliation'> | null => {
  const [line] = group.lines
  const [only] = held
  if (line === undefined || group.lines.length > 1 || only === undefined || held.length > 1) return null
  if (!isWholeMonth(line, window) || !runsThrough(only, window) || !isOurs(only, line)) return null
  // That is named (J3).
  if (only.unit.price.lt(only.unit.cost)) return null
  if (marginPercent !== null && isBelowMargin(only.unit, marginPercent)) return null
  if (isUnderRule(only)) return null
  if (!before.every((each) => each.unitCost === line.unitCost && each.unitPrice === line.unitPrice))
    return null
  const billed = billHeld(only, window.period)
  if (!billed.cost.eq(decimal(line.cost)) || !billed.price.eq(decimal(line.price))) return null
  const { quantity, unit } = only
  const total = amount(billed)
  return {
    timeline: [
      { first: window.first, last: window.last, quantity, prices: [{ unit, key: priceKey(unit), quantity }] },
    ],
    held,
    changes: keeps(held, []),
    reconciliation: { ...emptyReconciliation, invoiced: total, billed: total },
  }
}

/** A month that the customer, the agreement and the window go on after, and a line for all of it. */
const isWholeMonth = (line: InvoiceLine, { first, last, endsWithin, isLate, closesOn }: Window): boolean =>
  line.first === first && line.last === last && !endsWithin && !isLate && closesOn === undefined

const runsThrough = (
  { start, startedOn, end, billed, writable }: CountedAddition,
  { first }: Window,
): boolean => start <= first && startedOn <= first && end === null && !billed && writable

/** Ours, by the subscription's id, all of it billed, and as the line has it, to the letter. */
const isOurs = (
  { addition, ours, lessIncluded, unit, lots }: CountedAddition,
  line: InvoiceLine,
): boolean => {
  const [lot] = lots
  return (
    addition !== null &&
    ours &&
    addition.billCustomer === 'Billable' &&
    lessIncluded.eq(zero) &&
    addition.serialNumber === line.subscriptionId &&
    addition.quantity === line.quantity &&
    isAtPrice(addition, line) &&
    unit.cost.isDouble() &&
    unit.price.isDouble() &&
    lot !== undefined &&
    lots.length === 1 &&
    isLotOf(lot, addition)
  )
}

type Priced = Pick<Addition, 'unitCost' | 'unitPrice'>

const isAtPrice = (addition: Priced, line: Priced): boolean =>
  addition.unitCost === line.unitCost && addition.unitPrice === line.unitPrice

const isLotOf = ({ quantity, prism, set }: Lot, { unitCost, unitPrice, quantity: all }: Addition): boolean =>
  quantity === all &&
  prism.cost === unitCost &&
  prism.price === unitPrice &&
  set.cost === unitCost &&
  set.price === unitPrice
