/**
 * Rules 0 to 3 and the two simplifications, one by one (docs/billing-rules.md, "The rules" and "Simplifications"): each looks at
 * the additions as they are by then, and never at what was planned before. `steps.ts` has their order.
 */
import {
  activeOn,
  byStart,
  type CountedAddition,
  endsInsideMonth,
  hold,
  isActiveOn,
  isActiveWithin,
  quantityOn,
} from './additions.ts'
import { monthEnd, nextDay, previousDay } from './days.ts'
import { type Decimal, money, quantity, sum, zero } from './decimal.ts'
import { atPrism, type Pricer, type Pricing, pricerOn, ruleOn, takingHold } from './price-rules.ts'
import { type Share, sharesTo } from './prices.ts'
import { invoicedOn, isEmpty, segmentOn, type Timeline, type Window } from './timeline.ts'
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
  readonly held: readonly CountedAddition[]
}

export interface Draft {
  readonly subscriptionId: string
  readonly product: AdditionProduct
  readonly agreement: Agreement
  readonly window: Window
  readonly timeline: Timeline
  readonly pricing: Pricing
  readonly changes: Change[]
  held: CountedAddition[]
}

const replaceHeld = (draft: Draft, before: CountedAddition, after: CountedAddition): void => {
  draft.held = draft.held.map((held) => (held === before ? after : held))
}

const endAt = (draft: Draft, target: CountedAddition, end: Day, reason: Reason): void => {
  const before = target.addition
  if (before === null)
    throw new Error(`A plan never ends an addition that it creates (${draft.subscriptionId})`)
  draft.changes.push({ kind: 'end', reason, additionId: before.id, before, cancelledDate: end })
  replaceHeld(draft, target, { ...target, end })
}

/** The addition that a change on `day` adjusts: the earliest started of those active then, else on the day before (F19). */
const adjusted = (held: readonly CountedAddition[], day: Day): CountedAddition | undefined =>
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
export const moveToMonthEnds = (draft: Draft): void => {
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
export const startOpen = (draft: Draft): boolean => {
  const { first, next, endsWithin } = draft.window
  if (endsWithin || draft.held.some((held) => isActiveWithin(held, first, next))) return false
  const start = singleStep(draft.timeline)
  if (start === null || !isOneRule(draft, start, next)) return false
  const target = invoicedOn(draft.timeline, start)
  const prices = segmentOn(draft.timeline, start).prices
  for (const share of sharesTo(target, [], prices, pricerFor(draft, start))) {
    create(draft, share, start, null, zero, { rule: 'start', day: start, to: quantity(target) })
  }
  return true
}

/** Whether one price rule, or none, holds from a day to another. */
const isOneRule = ({ pricing: { rules } }: Draft, from: Day, to: Day): boolean =>
  ruleOn(rules, from) === ruleOn(rules, to)

/** How PRISM's prices are written for what begins on a day; at a price that a person agreed to, that is what runs on from `next`. */
const pricerFor = (draft: Draft, day: Day): Pricer => {
  const { pricing, held, window } = draft
  return day === window.next && agreedAs(draft) === 'prism' ? atPrism : pricerOn(pricing.rules, held, day)
}

/** Second simplification: gone before ConnectWise invoiced any of the period: end all on the day before it. */
export const endBefore = (draft: Draft): boolean => {
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
export const step = (draft: Draft): void => {
  const { horizon, first } = draft.window
  for (const day of boundaries(draft)) {
    const { quantity: target, prices } = segmentOn(draft.timeline, day)
    const shares = sharesTo(target, activeOn(draft.held, day), prices, pricerFor(draft, day))
    if (shares.length === 0) continue
    const from = day === first ? quantityOn(draft.held, day) : invoicedOn(draft.timeline, previousDay(day))
    const reason: Reason = { rule: 'step', day, from: quantity(from), to: quantity(target) }
    for (const share of shares) create(draft, share, day, horizon, zero, reason)
  }
}

/** Rule 2: what would not run on at the right quantity is ended, earliest first. */
export const endAtHorizon = (draft: Draft, target: Decimal): void => {
  const { horizon, next } = draft.window
  const candidates = activeOn(draft.held, next)
    .filter((held) => held.startedOn <= horizon)
    .sort(byStart)
  for (const held of candidates) {
    if (quantityOn(draft.held, next).eq(target) && !target.eq(0)) return
    // It ends by then or is deleted, and what ConnectWise has invoiced after it stays.
    if (isOver(draft, held)) continue
    endAt(draft, held, horizon, { rule: 'replace', day: next, to: quantity(target) })
  }
}

/** Whether the addition ends by the horizon as it is now, or is there no more. */
const isOver = ({ held, window }: Draft, { id, addition }: CountedAddition): boolean => {
  if (addition === null) return false
  const isThere = held.some((each) => each.id === id && each.writable)
  return !isThere || (addition.cancelledDate !== null && addition.cancelledDate <= window.horizon)
}

/**
 * What would run on at another price ends, and rule 3 creates it anew: at a price to which a person said yes (J3), or at that of a
 * price rule that takes hold with `next` (J11). Of another price than is offered by now, or of another day, nobody has said yes.
 */
export const endOtherPrices = (draft: Draft): void => {
  const { horizon, next, last } = draft.window
  const as = agreedAs(draft)
  if (as === null && takingHold(draft.pricing, next) === null) return
  const pricer = pricerFor(draft, next)
  const prices = segmentOn(draft.timeline, last).prices.map(({ unit }) => pricer(unit).unit.price)
  if (prices.length === 0) return
  for (const held of activeOn(draft.held, next).sort(byStart)) {
    const isAtOne = prices.some((price) => price.eq(held.unit.price))
    if (held.startedOn > horizon || isAtOne || isOver(draft, held)) continue
    endAt(draft, held, horizon, {
      rule: 'replace',
      day: next,
      to: quantity(invoicedOn(draft.timeline, last)),
    })
  }
}

/** Whether what a person said yes to is still so, of PRISM's one price and of the day: that price, or that of a rule; `null`: it is not. */
const agreedAs = ({ window, timeline, pricing, held }: Draft): 'prism' | 'rule' | null => {
  const { agreed, rules } = pricing
  const [price, ...others] = segmentOn(timeline, window.last).prices
  if (agreed === undefined || others.length > 0 || price === undefined || window.next !== agreed.from)
    return null
  if (pricerOn(rules, held, window.next)(price.unit).unit.price.eq(agreed.unitPrice)) return 'rule'
  return price.unit.price.eq(agreed.unitPrice) ? 'prism' : null
}

/** Whether what runs on is replaced by its price alone. */
export const isRepricing = (draft: Draft): boolean =>
  agreedAs(draft) !== null || takingHold(draft.pricing, draft.window.next) !== null

/** Licences included for free that ended at the horizon and no addition from `next` has yet: a replacement inherits them (F19). */
const lessIncludedLost = (draft: Draft): Decimal => {
  const { horizon, next } = draft.window
  const ended = activeOn(draft.held, horizon).filter((held) => !isActiveOn(held, next))
  const started = activeOn(draft.held, next).filter((held) => held.start === next)
  return sum(ended.map((held) => held.lessIncluded)).minus(sum(started.map((held) => held.lessIncluded)))
}

/** Rule 3: what is missing from `next` on runs open. */
export const runOn = (draft: Draft, target: Decimal): void => {
  const { next, last } = draft.window
  const prices = segmentOn(draft.timeline, last).prices
  for (const share of sharesTo(target, activeOn(draft.held, next), prices, pricerFor(draft, next))) {
    const lost = lessIncludedLost(draft)
    const lessIncluded = share.quantity.gt(0) && lost.gt(0) ? least(lost, share.quantity) : zero
    create(draft, share, next, null, lessIncluded, { rule: 'next', day: next, to: quantity(target) })
  }
}
