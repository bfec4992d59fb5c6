/**
 * Price changes between PRISM's own days (F6), and additions whose price is not PRISM's.
 *
 * PRISM is compared with PRISM, day by day where the set of prices changes: with the day before, or with the last day of
 * the invoice synced before.
 */
import { type CountedAddition, isActiveOn, isActiveWithin } from './additions.ts'
import { type Decimal, money, zero } from './decimal.ts'
import * as findings from './findings.ts'
import { differsFromInvoice } from './steps.ts'
import { type PricedQuantity, segmentOn, type Timeline, type Window } from './timeline.ts'
import type { Change, Day, Finding } from './types.ts'

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
    if (segment.prices.length === 0) continue
    for (const part of ['cost', 'price'] as const) {
      found.push(
        ...changes(valuesOf(known, part), valuesOf(segment.prices, part), part, segment.first, isFirst),
      )
    }
    known = segment.prices
  }
  return found
}

/** Additions at another price than PRISM's: a note where they stay, a Warning where they are replaced at PRISM's price. */
export const priceDifferences = (
  held: readonly CountedAddition[],
  planned: readonly Change[],
  timeline: Timeline,
  window: Window,
): Finding[] => {
  const replaced = new Set(
    planned.flatMap((change) =>
      change.kind === 'end' && change.reason.rule === 'replace' ? [change.additionId] : [],
    ),
  )
  const isFollowed = planned.some((change) => change.kind === 'create' && change.reason.rule === 'next')
  const prices = segmentOn(timeline, window.last).prices
  const highest = prices[prices.length - 1]
  if (highest === undefined) return []
  return held
    .filter(
      (each) =>
        isActiveWithin(each, window.last, window.last) && differsFromInvoice(each, timeline, window.last),
    )
    .map((each) => {
      if (replaced.has(each.id) && isFollowed)
        return findings.priceReplaced(each.id, money(each.unit.price), money(highest.unit.price))
      const found = findings.priceDiffers(each.id, money(each.unit.price), money(highest.unit.price))
      const [running] = runningOn(held, planned, window).filter(({ id }) => id === each.id)
      if (running === undefined) return found
      const amount = billedQuantity(running).times(highest.unit.price.minus(each.unit.price))
      return withOffer(withAmount(found, amount), running, prices, window)
    })
}

/** Additions that bill less than what they cost from `next` on (J3): at PRISM's cost of their price, else of its highest. */
export const belowCost = (
  held: readonly CountedAddition[],
  planned: readonly Change[],
  timeline: Timeline,
  window: Window,
): Finding[] => {
  const { prices } = segmentOn(timeline, window.last)
  return runningOn(held, planned, window).flatMap((each) => {
    const own = prices.find(({ unit }) => unit.price.eq(each.unit.price)) ?? prices[prices.length - 1]
    const lost = own?.unit.cost.minus(each.unit.price)
    if (own === undefined || lost === undefined || !lost.gt(0) || !billedQuantity(each).gt(0)) return []
    const found = findings.priceBelowCost(each.id, money(each.unit.price), money(own.unit.cost))
    return [withOffer(withAmount(found, lost.times(billedQuantity(each))), each, prices, window)]
  })
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

/** Where PRISM has one price, and what bills another one can end before `next`. */
const withOffer = (
  found: Finding,
  running: CountedAddition,
  prices: readonly PricedQuantity[],
  { next, horizon, endsWithin }: Window,
): Finding => {
  const [price, ...others] = prices
  if (found.amount === undefined || price === undefined || others.length > 0) return found
  if (endsWithin || running.startedOn > horizon || price.unit.price.eq(running.unit.price)) return found
  return { ...found, offers: { unitPrice: money(price.unit.price), from: next } }
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
