/** What undoing a run leaves of one addition (J2; docs/billing-rules.md, "Undo"): by the ledger and ConnectWise's invoices, whatever the addition is like now. */
import { type CountedAddition, hold, isActiveWithin, isEverActive } from './additions.ts'
import { billHeld } from './bill.ts'
import { addMonths, firstDay, lastDay, laterOf, nextDay, periodOf, previousDay } from './days.ts'
import { isZeroPair, type Pair, subtractPair, sumPairs, zeroPair } from './decimal.ts'
import type { SubscriptionKey } from './keys.ts'
import type { Addition, AdditionDraft, Agreement, Day, Period, Situation } from './types.ts'

/** What a run wrote of one addition, as the ledger has it. */
export interface WrittenAddition {
  /** What it was written for: a subscription, the agreement's Azure, or an addition that is no subscription's. */
  readonly kind: UndoneKind
  /** `''` where it is none's. */
  readonly subscriptionId: SubscriptionKey
  readonly additionId: number
  /** As it was before the run's first write of it; `null`: the run created it. */
  readonly before: Addition | null
  /** As the run's last write left it; `null`: the run deleted it. */
  readonly after: Addition | null
}

export type UndoneKind = 'subscription' | 'azure' | 'addition'

/** An addition that this undo has created already. */
export interface Restored {
  readonly subscriptionId: SubscriptionKey
  readonly draft: AdditionDraft
}

export interface UndoInput {
  readonly situation: Pick<Situation, 'agreement' | 'additions' | 'owned' | 'invoices' | 'mayDelete'>
  readonly written: readonly WrittenAddition[]
  readonly restored: readonly Restored[]
  /** The last day that ConnectWise had invoiced when the run wrote, and when the undo began; `null`: none. */
  readonly invoicedBefore: Day | null
  readonly invoicedThrough: Day | null
  /** The SKU of a catalog item, for what is created anew. */
  readonly skuOf: (catalogItemId: number) => string
}

/** What undoing leaves of one addition. */
export interface Target {
  /** The addition itself; `null`: it is deleted, or stays so. */
  readonly target: Addition | null
  /** What stands for it anew, where it cannot be brought back. */
  readonly anew: Addition | null
  /** What ConnectWise has invoiced of it more than it would have without the run. */
  readonly overbilled: Pair
}

/** Pieces of an addition that ConnectWise has invoiced; of those, the ones that it had invoiced before the run. */
export interface Billed {
  readonly in: readonly CountedAddition[]
  readonly before: readonly CountedAddition[]
}

export const targetOf = (input: UndoInput, written: WrittenAddition, billed: Billed): Target => {
  const { before, after } = written
  if (before === null) return after === null ? nothing : ofCreated(input, after, billed)
  if (after === null) return ofDeleted(input, before, billed)
  return ofChanged(input, before, after, billed)
}

const nothing: Target = { target: null, anew: null, overbilled: zeroPair }

/** It goes, but for what ConnectWise has invoiced of it: that ends with the last invoice. */
const ofCreated = (
  { situation: { agreement, mayDelete = true }, invoicedThrough: through }: UndoInput,
  after: Addition,
  billed: Billed,
): Target => {
  if (billed.in.length === 0 || through === null)
    return mayDelete ? nothing : { ...nothing, target: neverActive(agreement, after) }
  const ends = after.cancelledDate === null || after.cancelledDate > through
  const overbilled = sumPairs(
    monthsThrough(agreement, after, through).map((month) =>
      isBilledIn(billed.in, month) ? billedIn(billed.in, month) : billOf(agreement, after, month),
    ),
  )
  return { target: ends ? { ...after, cancelledDate: through } : after, anew: null, overbilled }
}

/** Cancelled on the day before it begins. */
const neverActive = (agreement: Agreement, addition: Addition): Addition => ({
  ...addition,
  cancelledDate: previousDay(addition.effectiveDate ?? agreement.startDate),
})

/** It comes back as another addition, with what ConnectWise has not invoiced without it. */
const ofDeleted = (input: UndoInput, before: Addition, billed: Billed): Target => {
  const differences = differencesOf(input, before, null, billed)
  const anew = differences.length === 0 ? before : fromNext(input, before)
  return { target: null, anew, overbilled: sumPairs(differences) }
}

/** It is as it was; where ConnectWise has invoiced it as the run left it, only from the next invoice on. */
const ofChanged = (input: UndoInput, before: Addition, after: Addition, billed: Billed): Target => {
  const differences = differencesOf(input, before, after, billed)
  const overbilled = sumPairs(differences)
  const restored = { ...before, serialNumber: after.serialNumber }
  if (differences.length === 0 || isSameEnd(before, after))
    return { target: restored, anew: null, overbilled }
  return {
    target: { ...restored, cancelledDate: after.cancelledDate },
    anew: fromNext(input, before),
    overbilled,
  }
}

export const isSameEnd = (a: Addition, b: Addition): boolean => a.cancelledDate === b.cancelledDate

/** What is left of an addition after the last invoice; `null`: nothing. */
const fromNext = (
  { situation: { agreement }, invoicedThrough: through }: UndoInput,
  before: Addition,
): Addition | null => {
  if (through === null) return before
  if (before.cancelledDate !== null && before.cancelledDate <= through) return null
  return { ...before, effectiveDate: laterOf(before.effectiveDate ?? agreement.startDate, nextDay(through)) }
}

/** Of each month that ConnectWise has invoiced otherwise since the run than it would have the addition as it was: what was billed too much. */
const differencesOf = (
  { situation: { agreement }, invoicedThrough: through }: UndoInput,
  before: Addition,
  after: Addition | null,
  billed: Billed,
): Pair[] => {
  if (through === null) return []
  const isOver = (month: Period): boolean => after === null || !isActiveIn(agreement, after, month)
  return monthsThrough(agreement, before, through)
    .filter((month) => !isBilledIn(billed.before, month) && (isBilledIn(billed.in, month) || isOver(month)))
    .map((month) => subtractPair(billedIn(billed.in, month), billOf(agreement, before, month)))
    .filter((difference) => !isZeroPair(difference))
}

/** Months of an addition up to a day. */
const monthsThrough = (agreement: Agreement, { effectiveDate }: Addition, through: Day): Period[] => {
  const months: Period[] = []
  for (
    let month = periodOf(effectiveDate ?? agreement.startDate);
    lastDay(month) <= through;
    month = addMonths(month, 1)
  )
    months.push(month)
  return months
}

const isActiveIn = (agreement: Agreement, addition: Addition, month: Period): boolean => {
  const held = hold(addition, agreement, undefined)
  return isEverActive(held) && isActiveWithin(held, firstDay(month), lastDay(month))
}

const isBilledIn = (billed: readonly CountedAddition[], month: Period): boolean =>
  billed.some((piece) => isActiveWithin(piece, firstDay(month), lastDay(month)))

const billedIn = (billed: readonly CountedAddition[], month: Period): Pair =>
  sumPairs(billed.map((piece) => billHeld(piece, month)))

const billOf = (agreement: Agreement, addition: Addition, month: Period): Pair => {
  const held = hold(addition, agreement, undefined)
  return isEverActive(held) ? billHeld(held, month) : zeroPair
}
