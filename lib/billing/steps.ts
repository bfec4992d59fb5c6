/**
 * From what ConnectWise holds to what the invoice says: rules 0 to 3 and the two simplifications
 * (docs/billing-rules.md, "The rules" and "Simplifications"), for one subscription and product.
 *
 * The rules look only at the additions as they are, never at what was planned before. That makes them self-healing:
 * planning after any part of a plan was applied leads to the same end.
 */
import {
  activeOn,
  byStart,
  comparePrices,
  endsInsideMonth,
  type Held,
  hold,
  isActiveOn,
  isActiveWithin,
  quantityOn,
} from './additions.ts'
import { monthEnd, nextDay, previousDay } from './days.ts'
import { type Decimal, money, quantity, sum, zero } from './decimal.ts'
import { type Share, sharesTo } from './prices.ts'
import { invoicedOn, invoicedThrough, isEmpty, segmentOn, type Timeline, type Window } from './timeline.ts'
import type { AdditionDraft, Agreement, Change, CreateChange, Day, Reason } from './types.ts'

/** The product an addition is created with. */
export interface AdditionProduct {
  readonly sku: string
  readonly catalogItemId: number | null
  /** Taxable flag of the catalog item, for an addition that adjusts none (F19). */
  readonly taxable: boolean
}

export interface Sequence {
  readonly changes: readonly Change[]
  /** The additions once all changes are applied. */
  readonly held: readonly Held[]
}

interface Draft {
  readonly subscriptionId: string
  readonly product: AdditionProduct
  readonly agreement: Agreement
  readonly window: Window
  readonly timeline: Timeline
  readonly changes: Change[]
  held: Held[]
}

const replaceHeld = (draft: Draft, before: Held, after: Held): void => {
  draft.held = draft.held.map((held) => (held === before ? after : held))
}

const endAt = (draft: Draft, target: Held, end: Day, reason: Reason): void => {
  const before = target.addition
  if (before === null)
    throw new Error(`A plan never ends an addition that it creates (${draft.subscriptionId})`)
  draft.changes.push({ kind: 'end', reason, additionId: before.id, before, cancelledDate: end })
  replaceHeld(draft, target, { ...target, end })
}

/** The addition that a change on `day` adjusts: the earliest started of those active then, else on the day before (F19). */
const adjusted = (held: readonly Held[], day: Day): Held | undefined =>
  activeOn(held, day).sort(byStart)[0] ?? activeOn(held, previousDay(day)).sort(byStart)[0]

const least = (a: Decimal, b: Decimal): Decimal => (a.lt(b) ? a : b)

const create = (
  draft: Draft,
  share: Share,
  start: Day,
  end: Day | null,
  lessIncluded: Decimal,
  reason: Reason,
): void => {
  const terms = adjusted(draft.held, start)
  const addition: AdditionDraft = {
    sku: draft.product.sku,
    catalogItemId: draft.product.catalogItemId,
    serialNumber: draft.subscriptionId,
    quantity: quantity(share.quantity),
    lessIncluded: quantity(lessIncluded),
    unitCost: money(share.unit.cost),
    unitPrice: money(share.unit.price),
    effectiveDate: start,
    cancelledDate: end ?? draft.window.closesOn ?? null,
    billCustomer: terms?.billCustomer ?? 'Billable',
    taxable: terms?.taxable ?? draft.product.taxable,
    invoiceDescription: terms?.invoiceDescription ?? '',
    invoiceGrouping: terms?.invoiceGrouping ?? null,
  }
  const change: CreateChange = { kind: 'create', reason, addition, lots: [...share.lots] }
  draft.changes.push(change)
  const id = -draft.changes.length
  const held = hold({ ...addition, id, catalogItemId: addition.catalogItemId ?? 0 }, draft.agreement, {
    additionId: id,
    created: true,
    lots: change.lots,
  })
  draft.held = [...draft.held, { ...held, addition: null, writable: false }]
}

/** Rule 0: one of ours that somebody cancelled inside a month counts to that month's end, and is moved there. */
const moveToMonthEnds = (draft: Draft): void => {
  const { first, horizon } = draft.window
  for (const held of draft.held.filter((each) => endsInsideMonth(each, first, horizon)).sort(byStart)) {
    if (held.addition === null || held.end === null || !held.writable) continue
    const end = monthEnd(held.end)
    draft.changes.push({
      kind: 'update',
      reason: { rule: 'month-end', cancelledDate: end },
      additionId: held.id,
      before: held.addition,
      set: { cancelledDate: end },
    })
    replaceHeld(draft, held, { ...held, end })
  }
}

/** The first day of a quantity that, at one price, lasts from then to the end of the period; `null` where it is not so. */
const singleStep = (timeline: Timeline): Day | null => {
  const start = timeline.findIndex((segment) => !segment.quantity.eq(0))
  const from = timeline[start]
  if (from === undefined) return null
  const [price] = from.prices
  if (price === undefined || from.prices.length > 1) return null
  const isSame = timeline
    .slice(start)
    .every(
      (each) =>
        each.prices.length === 1 && each.prices[0]?.key === price.key && each.quantity.eq(from.quantity),
    )
  return isSame ? from.first : null
}

/** First simplification: nothing is active, and one single step lasts to the end: one open addition. */
const startOpen = (draft: Draft): boolean => {
  const { first, next, endsWithin } = draft.window
  if (endsWithin || draft.held.some((held) => isActiveWithin(held, first, next))) return false
  const start = singleStep(draft.timeline)
  if (start === null) return false
  const target = invoicedOn(draft.timeline, start)
  const prices = segmentOn(draft.timeline, start).prices
  for (const share of sharesTo(target, [], prices)) {
    create(draft, share, start, null, zero, { rule: 'start', day: start, to: quantity(target) })
  }
  return true
}

/** Second simplification: gone before ConnectWise invoiced any of the period: end all on the day before it. */
const endBefore = (draft: Draft): boolean => {
  const { first, next, notInvoiced, period } = draft.window
  const active = draft.held.filter((held) => isActiveWithin(held, first, next))
  if (!notInvoiced || active.length === 0 || !isEmpty(draft.timeline)) return false
  if (!active.every((held) => held.end === null && held.startedOn < first)) return false
  for (const held of active.sort(byStart)) endAt(draft, held, previousDay(first), { rule: 'gone', period })
  return true
}

/** The days of the window on which `q` or `E` can change, in order. */
const boundaries = (draft: Draft): Day[] => {
  const { first, horizon } = draft.window
  const days = new Set<Day>([first])
  const add = (day: Day): void => {
    if (day > first && day <= horizon) days.add(day)
  }
  for (const segment of draft.timeline) add(segment.first)
  for (const held of draft.held) {
    add(held.start)
    if (held.end !== null) add(nextDay(held.end))
  }
  return [...days].sort()
}

/** Rule 1: where q - E changes, create the change, to the end of the window. */
const step = (draft: Draft): void => {
  const { horizon, first } = draft.window
  for (const day of boundaries(draft)) {
    const target = invoicedOn(draft.timeline, day)
    const active = activeOn(draft.held, day)
    const from = day === first ? quantityOn(draft.held, day) : invoicedOn(draft.timeline, previousDay(day))
    const reason: Reason = { rule: 'step', day, from: quantity(from), to: quantity(target) }
    const shares = sharesTo(target, active, segmentOn(draft.timeline, day).prices)
    for (const share of shares) create(draft, share, day, horizon, zero, reason)
  }
}

/** Rule 2: what would not run on at the right quantity is ended, earliest first. */
const endAtHorizon = (draft: Draft, target: Decimal): void => {
  const { horizon, next } = draft.window
  const candidates = activeOn(draft.held, next)
    .filter((held) => held.startedOn <= horizon)
    .sort(byStart)
  for (const held of candidates) {
    if (quantityOn(draft.held, next).eq(target) && !target.eq(0)) return
    // It ends by then, and what ConnectWise has invoiced after it stays.
    if (held.addition?.cancelledDate && held.addition.cancelledDate <= horizon) continue
    endAt(draft, held, horizon, { rule: 'replace', day: next, to: quantity(target) })
  }
}

/** Licences included for free that ended at the horizon and no addition from `next` has yet: a replacement inherits them (F19). */
const lessIncludedLost = (draft: Draft): Decimal => {
  const { horizon, next } = draft.window
  const ended = activeOn(draft.held, horizon).filter((held) => !isActiveOn(held, next))
  const started = activeOn(draft.held, next).filter((held) => held.start === next)
  return sum(ended.map((held) => held.lessIncluded)).minus(sum(started.map((held) => held.lessIncluded)))
}

/** Rule 3: what is missing from `next` on runs open. */
const runOn = (draft: Draft, target: Decimal): void => {
  const { next, last } = draft.window
  const prices = segmentOn(draft.timeline, last).prices
  for (const share of sharesTo(target, activeOn(draft.held, next), prices)) {
    const lost = lessIncludedLost(draft)
    const lessIncluded = share.quantity.gt(0) && lost.gt(0) ? least(lost, share.quantity) : zero
    create(draft, share, next, null, lessIncluded, { rule: 'next', day: next, to: quantity(target) })
  }
}

/**
 * The changes that make the additions of one subscription and product follow the invoice.
 * @param held the counted additions matched to it. Consistency (F7) is checked before.
 * In a late month only rule 1 applies; its additions are given as ConnectWise bills them, to the end of the month.
 */
export const sequence = (
  subscriptionId: string,
  product: AdditionProduct,
  agreement: Agreement,
  window: Window,
  timeline: Timeline,
  held: readonly Held[],
): Sequence => {
  const draft: Draft = { subscriptionId, product, agreement, window, timeline, changes: [], held: [...held] }
  if (window.isLate) {
    step(draft)
    return draft
  }
  moveToMonthEnds(draft)
  if (startOpen(draft) || endBefore(draft)) return draft
  step(draft)
  const target = window.endsWithin ? zero : invoicedOn(timeline, window.last)
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
  held: readonly Held[],
): Sequence => {
  const draft: Draft = { subscriptionId, product, agreement, window, timeline, changes: [], held: [...held] }
  if (!window.endsWithin) runOn(draft, invoicedOn(timeline, window.last))
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
  held: readonly Held[],
): Sequence => {
  const draft: Draft = { subscriptionId, product, agreement, window, timeline, changes: [], held: [...held] }
  if (window.endsWithin) return draft
  const target = invoicedOn(timeline, window.last)
  const through = invoicedThrough(agreement)
  if (through === null || through <= window.horizon) endAtHorizon(draft, target)
  runOn(draft, target)
  return draft
}

/** True where the unit price of the addition is none of the invoice's prices on a day. */
export const differsFromInvoice = (held: Held, timeline: Timeline, day: Day): boolean => {
  const { prices } = segmentOn(timeline, day)
  return prices.length > 0 && prices.every((entry) => comparePrices(entry.unit, held.unit) !== 0)
}
