/**
 * From what ConnectWise holds to what the invoice says: rules 0 to 3 and the two simplifications
 * (docs/billing-rules.md, "The rules" and "Simplifications"), for one subscription and product.
 *
 * The rules look only at the additions as they are, never at what was planned before. That makes them self-healing:
 * planning after any part of a plan was applied leads to the same end.
 */
import { type CountedAddition, comparePrices } from './additions.ts'
import { zero } from './decimal.ts'
import type { Pricing } from './price-rules.ts'
import {
  type AdditionProduct,
  type Draft,
  endAtHorizon,
  endBefore,
  endOtherPrices,
  isRepricing,
  moveToMonthEnds,
  runOn,
  type Sequence,
  startOpen,
  step,
} from './step-rules.ts'
import { invoicedOn, invoicedThrough, segmentOn, type Timeline, type Window } from './timeline.ts'
import type { Agreement, Day } from './types.ts'

const draftOf = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Draft => ({
  subscriptionId,
  product,
  agreement,
  window,
  timeline,
  pricing,
  changes: [],
  held: [...held],
})

/**
 * The changes that make the additions of one subscription and product follow the invoice.
 * @param held the counted additions matched to it. Consistency (F7) is checked before.
 * In a late month only rule 1 applies; its additions are given as ConnectWise bills them, to the end of the month.
 * @param pricing at which prices they are written
 */
export const sequence = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Sequence => {
  const draft = draftOf(subscriptionId, product, agreement, window, timeline, held, pricing)
  if (window.isLate) {
    step(draft)
    return draft
  }
  moveToMonthEnds(draft)
  if (startOpen(draft) || endBefore(draft)) return draft
  step(draft)
  const target = window.endsWithin ? zero : invoicedOn(timeline, window.last)
  if (!window.endsWithin) endOtherPrices(draft)
  endAtHorizon(draft, target)
  if (!window.endsWithin) runOn(draft, target)
  return draft
}

/**
 * Rule 3 alone: from `next` on the quantity of the period's last day, and nothing before
 * (docs/billing-rules.md, "First sync").
 */
export const sequenceFromNext = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Sequence => {
  const draft = draftOf(subscriptionId, product, agreement, window, timeline, held, pricing)
  if (!window.endsWithin) runOn(draft, invoicedOn(timeline, window.last))
  return draft
}

/** Of a month that ConnectWise has invoiced: what runs on from `next` at another price than the agreed one, or that of a rule that takes hold, is replaced. */
export const sequenceAtPrice = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Sequence => {
  const draft = draftOf(subscriptionId, product, agreement, window, timeline, held, pricing)
  if (window.endsWithin || !isRepricing(draft)) return draft
  const target = invoicedOn(timeline, window.last)
  endOtherPrices(draft)
  endAtHorizon(draft, target)
  runOn(draft, target)
  return draft
}

/**
 * Rules 2 and 3 alone: for a customer that takes over from `next` on (moving.ts). Where ConnectWise has invoiced days from
 * `next` on, nothing is ended, as that is never credited.
 */
export const sequenceTakingOver = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Sequence => {
  const draft = draftOf(subscriptionId, product, agreement, window, timeline, held, pricing)
  if (window.endsWithin) return draft
  const target = invoicedOn(timeline, window.last)
  const through = invoicedThrough(agreement)
  if (through === null || through <= window.horizon) endAtHorizon(draft, target)
  runOn(draft, target)
  return draft
}

/** True where the unit price of the addition is none of the invoice's prices on a day. */
export const differsFromInvoice = (held: CountedAddition, timeline: Timeline, day: Day): boolean => {
  const { prices } = segmentOn(timeline, day)
  return prices.length > 0 && prices.every((entry) => comparePrices(entry.unit, held.unit) !== 0)
}
