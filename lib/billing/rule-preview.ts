/**
 * What other price rules do to an agreement (J11), before they are saved: by what it held when it was read last and by the newest
 * invoice, subscription by subscription. It is computed as a sync would write it, so that both come to the same. Pure.
 */
import { type CountedAddition, hold, isActiveOn, isCounted } from './additions.ts'
import { billHeld } from './bill.ts'
import { classify } from './classify.ts'
import type { Group } from './context.ts'
import { periodOf } from './days.ts'
import { decimal, money, quantity, sum } from './decimal.ts'
import { groupLines } from './groups.ts'
import { subscriptionKey } from './keys.ts'
import { isBelowMargin, isYetToHold, pricerOn, ruleOn, rulesFor } from './price-rules.ts'
import { productLookup, subscriptionsById } from './products.ts'
import type { WrittenRule } from './rule-types.ts'
import { sequenceAtPrice } from './steps.ts'
import { segmentOn, timelineOf, type Window, windowOf } from './timeline.ts'
import type { Money, PriceRule, Quantity, Situation, Usage } from './types.ts'

/** What of an agreement a preview looks at. */
export type RuledSituation = Pick<
  Situation,
  'agreement' | 'additions' | 'owned' | 'tenants' | 'subscriptions' | 'products' | 'rulesTaken' | 'options'
> & { readonly usage: Usage }

/** A subscription and product whose rule would be another one. Money is retail, of the first month that is not decided. */
export interface RulePreviewRow {
  readonly agreementId: number
  readonly tenantId: string
  readonly subscriptionId: string
  readonly product: string
  readonly quantity: Quantity
  /** The rule that holds now, and the one that would; `null`: none. */
  readonly before: WrittenRule | null
  readonly after: WrittenRule | null
  /** PRISM's unit prices, and as they would be written. */
  readonly prices: readonly { readonly cost: Money; readonly prism: Money; readonly written: Money }[]
  /** What it bills in the month of `next`, as it is and with the rules. */
  readonly now: Money
  readonly changed: Money
  /** What its quantity would bill a month at the rules' price, whenever that is written. */
  readonly atRule: Money
  /** Additions that the next sync creates and ends for it. */
  readonly creates: number
  readonly ends: number
  /** It takes hold a month later: what runs on begins only then. */
  readonly isLater: boolean
  readonly isBelowCost: boolean
  readonly isBelowMargin: boolean
}

/** Those whose rule would be another one. @param before the rules as they are. @param after as they would be */
export const previewRules = (
  of: RuledSituation,
  before: readonly PriceRule[],
  after: readonly PriceRule[],
): RulePreviewRow[] => {
  const { agreement, usage } = of
  const window = windowOf(agreement, usage.period)
  const situation: Situation = {
    ...of,
    currency: '',
    // A line's product is told by PRISM alone; what bills it is read off its additions.
    products: of.products.map((each) => ({ ...each, current: true })),
    catalog: [],
    usages: [usage],
    previous: null,
    good: {},
    foreignSubscriptionIds: [],
  }
  const stored = subscriptionsById(situation)
  const { planned } = classify(situation, usage, window, stored)
  const groups = groupLines(planned, productLookup(situation, stored, window.first))
  return groups.flatMap((group) => {
    const sku = group.product?.sku
    if (sku === undefined) return []
    const [now, then] = [before, after].map((all) => rulesFor(all, group.tenantId, sku)) as [
      PriceRule[],
      PriceRule[],
    ]
    if (ruleOn(now, window.next)?.id === ruleOn(then, window.next)?.id) return []
    return [rowOf(of, group, heldOf(of, group, groups), window, now, then)]
  })
}

/** The additions of the subscription; where it has several products, those at one of the group's costs. */
const heldOf = (of: RuledSituation, group: Group, all: readonly Group[]): CountedAddition[] => {
  const owned = new Map(of.owned.map((each) => [each.additionId, each]))
  const held = of.additions
    .filter(({ serialNumber }) => subscriptionKey(serialNumber) === group.id)
    .map((each) => hold(each, of.agreement, owned.get(each.id)))
    .filter(isCounted)
  if (all.filter(({ id }) => id === group.id).length < 2) return held
  const costs = group.lines.map(({ unitCost }) => decimal(unitCost))
  return held.filter(({ unit }) => costs.some((cost) => cost.eq(unit.cost)))
}

const rowOf = (
  { agreement, options, rulesTaken = {} }: RuledSituation,
  group: Group,
  held: readonly CountedAddition[],
  window: Window,
  now: readonly PriceRule[],
  then: readonly PriceRule[],
): RulePreviewRow => {
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(inside, window)
  const { prices, quantity: last } = segmentOn(timeline, window.last)
  const taken = rulesTaken[group.id] ?? []
  const product = { sku: group.product?.sku ?? '', catalogItemId: null, taxable: true }
  const at = (rules: readonly PriceRule[]) =>
    sequenceAtPrice(group.subscriptionId, product, agreement, window, timeline, held, { rules, taken })
  const billed = (all: readonly CountedAddition[]): Money =>
    money(
      sum(
        all
          .filter((each) => isActiveOn(each, window.next))
          .map((each) => billHeld(each, periodOf(window.next)).price),
      ),
    )
  const [asIs, asThen] = [at(now), at(then)]
  const pricer = pricerOn(then, held, window.next)
  const written = prices.map((each) => ({ prism: each, unit: pricer(each.unit).unit }))
  const count = (kind: 'create' | 'end'): number => {
    const of = ({ changes }: typeof asIs): number => changes.filter((change) => change.kind === kind).length
    return Math.max(0, of(asThen) - of(asIs))
  }
  const ruleAs = (rules: readonly PriceRule[]): WrittenRule | null =>
    prices[0] === undefined ? null : pricerOn(rules, held, window.next)(prices[0].unit).rule
  const { marginPercent = null } = options
  return {
    agreementId: agreement.id,
    tenantId: group.tenantId,
    subscriptionId: group.subscriptionId,
    product: group.name,
    quantity: quantity(last),
    before: ruleAs(now),
    after: ruleAs(then),
    prices: written.map(({ prism, unit }) => ({
      cost: money(prism.unit.cost),
      prism: money(prism.unit.price),
      written: money(unit.price),
    })),
    now: billed(asIs.held),
    changed: billed(asThen.held),
    atRule: money(sum(written.map(({ prism, unit }) => unit.price.times(prism.quantity)))),
    creates: count('create'),
    ends: count('end'),
    isLater: isYetToHold({ rules: then, taken }, asThen.held, window),
    isBelowCost: written.some(({ unit }) => unit.price.lt(unit.cost)),
    isBelowMargin:
      marginPercent !== null &&
      written.some(({ unit }) => !unit.price.lt(unit.cost) && isBelowMargin(unit, marginPercent)),
  }
}
