/**
 * Price changes between PRISM's own days (F6), and additions whose price is not PRISM's.
 *
 * PRISM is compared with PRISM, day by day where the set of prices changes: with the day before, or with the last day of
 * the invoice synced before.
 */
import { type CountedAddition, comparePrices, isActiveOn, isActiveWithin } from './additions.ts'
import { type Decimal, money, pair, zero } from './decimal.ts'
import * as findings from './findings.ts'
import {
  isBelowMargin,
  isUnderRule,
  type Pricer,
  type Pricing,
  priceAtMargin,
  pricerOn,
  ruleOn,
} from './price-rules.ts'
import type { Sequence } from './step-rules.ts'
import { differsFromInvoice } from './steps.ts'
import { type PricedQuantity, segmentOn, type Timeline, type Window } from './timeline.ts'
import type { Change, Day, Finding, Situation } from './types.ts'

type Part = 'cost' | 'price'

/** Distinct unit amounts, ascending. */
const valuesOf = (prices: readonly PricedQuantity[], part: Part): Decimal[] => {
  const sorted = prices.map((entry) => entry.unit[part]).sort((a, b) => a.cmp(b))
  return sorted.filter((value, i) => i === 0 || !value.eq(sorted[i - 1] as Decimal))
}

/** One finding for each amount that is new: from the highest that is gone, else from the highest there was. */
const changes = (before: Decimal[], now: Decimal[], part: Part, day: Day, isFirst: boolean): Finding[] => {
  const gone = before.filter((value) => !now.some((each) => each.eq(value)))
  const added = now.filter((value) => !before.some((each) => each.eq(value)))
  const from = gone[gone.length - 1] ?? before[before.length - 1]
  if (from === undefined) return []
  return added.map((to) =>
    findings.priceChanged(part === 'cost' ? 'cost' : 'retail', money(from), money(to), day, isFirst),
  )
}

const isSame = (before: readonly PricedQuantity[], now: readonly PricedQuantity[]): boolean =>
  before.length === now.length && before.every(({ key }, i) => key === now[i]?.key)

/**
 * @param before the prices of the last day of the previously synced invoice; empty where there is none.
 * @param isFirst false where the period was synced before: then the change is shown, not raised again.
 */
export const priceChanges = (
  timeline: Timeline,
  before: readonly PricedQuantity[],
  isFirst: boolean,
): Finding[] => {
  const found: Finding[] = []
  let known = before
  for (const segment of timeline) {
    if (segment.prices.length === 0 || isSame(known, segment.prices)) continue
    for (const part of ['cost', 'price'] as const) {
      found.push(
        ...changes(valuesOf(known, part), valuesOf(segment.prices, part), part, segment.first, isFirst),
      )
    }
    known = segment.prices
  }
  return found
}

/** What is to be said of the prices that a subscription has, and of those that its plan writes. */
export const priceFindings = (
  { options }: Pick<Situation, 'options'>,
  pricing: Pricing,
  held: readonly CountedAddition[],
  steps: Sequence,
  timeline: Timeline,
  window: Window,
): Finding[] => {
  const rule = ruleOn(pricing.rules, window.next)
  const priced: Priced = {
    held,
    planned: steps.changes,
    window,
    prices: segmentOn(timeline, window.last).prices,
    pricer: pricerOn(pricing.rules, held, window.next),
    isKept: rule?.terms.kind === 'keep',
    isRuled: rule !== null && rule.terms.kind !== 'keep',
  }
  const created = window.isLate ? [] : createdIn(steps, window)
  const marginPercent = options.marginPercent ?? null
  return [
    ...priceDifferences(priced, timeline),
    ...belowCost(priced, marginPercent === null ? created.filter(isUnderRule) : created, marginPercent),
    ...underRules([
      ...held.filter((each) => isActiveWithin(each, window.first, window.next)),
      ...steps.held.filter(isNew),
    ]),
  ]
}

interface Priced {
  readonly held: readonly CountedAddition[]
  readonly planned: readonly Change[]
  readonly window: Window
  /** PRISM's, on the last day of the month. */
  readonly prices: readonly PricedQuantity[]
  /** As they are written from `next` on. */
  readonly pricer: Pricer
  /** Whether a rule keeps what ConnectWise has, or another one holds. */
  readonly isKept: boolean
  readonly isRuled: boolean
}

const isNew = ({ addition }: CountedAddition): boolean => addition === null
const createdIn = ({ held }: Sequence, { next }: Window): CountedAddition[] =>
  held.filter((each) => isNew(each) && isActiveOn(each, next))

/** Additions at another price than PRISM's, or than their rule's: a note where they stay, a Warning where they are replaced at it. */
const priceDifferences = (priced: Priced, timeline: Timeline): Finding[] => {
  const { held, planned, window, prices, pricer, isKept, isRuled } = priced
  const replaced = new Set(
    planned.flatMap((change) =>
      change.kind === 'end' && change.reason.rule === 'replace' ? [change.additionId] : [],
    ),
  )
  const isFollowed = planned.some((change) => change.kind === 'create' && change.reason.rule === 'next')
  const highest = prices[prices.length - 1]
  if (highest === undefined || isKept) return []
  const due = pricer(highest.unit).unit.price
  const texts = isRuled ? findings.ofRule : findings.ofPrism
  return held
    .filter(
      (each) => isActiveWithin(each, window.last, window.last) && isAtOtherPrice(priced, each, timeline),
    )
    .map((each) => {
      if (replaced.has(each.id) && isFollowed)
        return findings.priceReplaced(each.id, money(each.unit.price), money(due), texts)
      const found = findings.priceDiffers(each.id, money(each.unit.price), money(due), texts)
      const [running] = runningOn(held, planned, window).filter(({ id }) => id === each.id)
      if (running === undefined) return found
      const amount = billedQuantity(running).times(due.minus(each.unit.price))
      return withOffer(withAmount(found, amount), running, priced)
    })
}

/**
 * F6 compares PRISM with PRISM: what was written under a rule differs where PRISM's price of then is none any more, or somebody edited it;
 * all else where its own price is none of PRISM's. What a rule would write now differs from nothing.
 */
const isAtOtherPrice = (
  { prices, pricer, isRuled, window }: Priced,
  each: CountedAddition,
  timeline: Timeline,
): boolean => {
  if (isRuled && prices.some(({ unit }) => pricer(unit).unit.price.eq(each.unit.price))) return false
  if (!isUnderRule(each)) return differsFromInvoice(each, timeline, window.last)
  return each.lots.some(
    (lot) =>
      comparePrices(pair(lot.set), each.unit) !== 0 ||
      !prices.some(({ unit }) => comparePrices(unit, pair(lot.prism)) === 0),
  )
}

/**
 * What bills less than it costs from `next` on (J3), or leaves less than the margin that the program asks for (J11): at PRISM's cost
 * of its price, else of PRISM's highest.
 */
const belowCost = (
  priced: Priced,
  created: readonly CountedAddition[],
  marginPercent: string | null,
): Finding[] => {
  const { held, planned, window, prices } = priced
  return [...runningOn(held, planned, window), ...created].flatMap((each) => {
    const own = prismPriceOf(each, prices)
    if (own === undefined || !billedQuantity(each).gt(0)) return []
    const unit = { cost: own.unit.cost, price: each.unit.price }
    const lost = unit.cost.minus(unit.price)
    const [price, cost] = [money(unit.price), money(unit.cost)]
    if (lost.gt(0)) {
      const found = findings.priceBelowCost(each.id, price, cost)
      return [withOffer(withAmount(found, lost.times(billedQuantity(each))), each, priced)]
    }
    if (marginPercent === null || !isBelowMargin(unit, marginPercent)) return []
    const missing = priceAtMargin(unit.cost, marginPercent).minus(unit.price)
    const found = findings.priceBelowMargin(each.id, price, cost, marginPercent)
    return [withOffer(withAmount(found, missing.times(billedQuantity(each))), each, priced)]
  })
}

/** The price of PRISM's that an addition was written for, where PRISM has it still; else the highest. */
const prismPriceOf = (
  { lots, unit }: CountedAddition,
  prices: readonly PricedQuantity[],
): PricedQuantity | undefined => {
  const ruled = lots.find(({ rule }) => rule !== undefined)
  const own =
    ruled === undefined
      ? prices.find((each) => each.unit.price.eq(unit.price))
      : prices.find((each) => comparePrices(each.unit, pair(ruled.prism)) === 0)
  return own ?? prices[prices.length - 1]
}

/** What was written under rules, each rule and price once. */
const underRules = (all: readonly CountedAddition[]): Finding[] => {
  const said = new Map<string, Finding>()
  for (const { id, quantity, lots } of all) {
    if (!quantity.gt(0)) continue
    for (const { rule, set, prism } of lots) {
      if (rule === undefined) continue
      const found = findings.priceByRule(rule, set.price, prism.price)
      const before = said.get(found.message + found.detail)
      const ids = [...(before?.additionIds ?? []), ...(id > 0 ? [id] : [])]
      said.set(found.message + found.detail, { ...found, additionIds: [...new Set(ids)] })
    }
  }
  return [...said.values()]
}

/** What goes on with `next` as it is now; nothing of a late month, as later ones tell that. */
const runningOn = (
  held: readonly CountedAddition[],
  planned: readonly Change[],
  window: Window,
): CountedAddition[] => {
  if (window.isLate) return []
  const ended = new Set(planned.flatMap((change) => (change.kind === 'end' ? [change.additionId] : [])))
  return held.filter((each) => isActiveOn(each, window.next) && !ended.has(each.id))
}

/** What of it ConnectWise bills. */
const billedQuantity = (held: CountedAddition): Decimal =>
  held.billCustomer === 'Billable' ? held.quantity.minus(held.lessIncluded) : zero

/** Where PRISM has one price (a rule's, where one holds), and what bills another one can end before `next`. */
const withOffer = (
  found: Finding,
  running: CountedAddition,
  { prices, pricer, isKept, window: { next, horizon, endsWithin } }: Priced,
): Finding => {
  const [price, ...others] = prices
  if (found.amount === undefined || price === undefined || others.length > 0) return found
  const offered = isKept ? price.unit.price : pricer(price.unit).unit.price
  if (endsWithin || running.startedOn > horizon || offered.eq(running.unit.price)) return found
  return { ...found, offers: { unitPrice: money(offered), from: next } }
}

const withAmount = (found: Finding, amount: Decimal): Finding =>
  amount.eq(0) ? found : { ...found, amount: money(amount.abs()) }

/** F19: parts that are not billed. */
export const unbilledParts = (
  held: readonly CountedAddition[],
  planned: readonly Change[],
  window: Window,
  isFirst: boolean,
): Finding[] => {
  const running = runningOn(held, planned, window)
  const withLost = (found: Finding, each: CountedAddition, quantity: Decimal): Finding =>
    running.some(({ id }) => id === each.id) ? withAmount(found, quantity.times(each.unit.price)) : found
  return held
    .filter((each) => isActiveWithin(each, window.first, window.last))
    .flatMap((each) => {
      if (each.billCustomer !== 'Billable') {
        const why = each.billCustomer === 'DoNotBill' ? 'it is set to Do Not Bill' : 'it is set to No Charge'
        const found = findings.notBilled(each.id, `The quantity of ${money(each.quantity)}`, why, isFirst)
        return [withLost(found, each, each.quantity)]
      }
      if (each.lessIncluded.eq(0)) return []
      const found = findings.notBilled(
        each.id,
        `A quantity of ${money(each.lessIncluded)}`,
        'it is included in the agreement',
        isFirst,
      )
      return [withLost(found, each, each.lessIncluded)]
    })
}
