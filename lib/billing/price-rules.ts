/**
 * Price rules (J11, docs/billing-rules.md, "Price rules"): which one holds for a subscription on a day, and the unit price that is
 * written for PRISM's. Cost is never changed. Pure.
 */
import { activeOn, type CountedAddition, priceKey } from './additions.ts'
import { firstDay, previousDay } from './days.ts'
import { type Decimal, decimal, holdable, type Pair, pair, roundToCents, zero } from './decimal.ts'
import { type SubscriptionKey, skuKey } from './keys.ts'
import { ruleText } from './rule-text.ts'
import type { PriceRule, RuleTerms, WrittenRule } from './rule-types.ts'
import type { Day, PriceOffer, Situation } from './types.ts'

/** What decides the price of one subscription and product. */
export interface Pricing {
  /** Those that it can have, the one that wins first. */
  readonly rules: readonly PriceRule[]
  /** Ids of those that took hold of it already: what a person changed since is left. */
  readonly taken: readonly string[]
  /** A unit price to which a person said yes (J3), from a day on. */
  readonly agreed?: PriceOffer | undefined
}

/** What decides the price of a subscription and product in a situation. */
export const pricingOf = (
  {
    priceRules = [],
    rulesTaken = {},
    agreedPrices = {},
  }: Pick<Situation, 'priceRules' | 'rulesTaken' | 'agreedPrices'>,
  {
    id,
    tenantId,
    product,
  }: {
    readonly id: SubscriptionKey
    readonly tenantId: string
    readonly product: { readonly sku: string } | null
  },
): Pricing => ({
  rules: priceRules.length === 0 ? [] : rulesFor(priceRules, tenantId, product?.sku ?? ''),
  taken: rulesTaken[id] ?? [],
  agreed: agreedPrices[id],
})

type Scope = WrittenRule['scope']
const scopes: readonly Scope[] = ['customer-product', 'customer', 'product', 'program']

export const scopeOf = ({ tenantId, sku }: Pick<PriceRule, 'tenantId' | 'sku'>): Scope =>
  tenantId === null ? (sku === null ? 'program' : 'product') : sku === null ? 'customer' : 'customer-product'

/**
 * The rules that a customer's product can have, the one that wins first: the one for the customer and the product, then the
 * customer's, then the product's, then the program's; of one kind the one that begins last.
 */
export const rulesFor = (all: readonly PriceRule[], tenantId: string, sku: string): PriceRule[] =>
  all
    .filter((rule) => rule.tenantId === null || rule.tenantId === tenantId)
    .filter((rule) => rule.sku === null || skuKey(rule.sku) === skuKey(sku))
    .sort(byRank)

const byRank = (a: PriceRule, b: PriceRule): number => {
  const rank = scopes.indexOf(scopeOf(a)) - scopes.indexOf(scopeOf(b))
  const [from, other] = [a.from ?? '', b.from ?? '']
  return rank || (from > other ? -1 : from < other ? 1 : 0)
}

/** The rule of those for what begins on a day. @param rules as `rulesFor` gives them */
export const ruleOn = (rules: readonly PriceRule[], day: Day): PriceRule | null =>
  rules.find(({ from }) => from === null || firstDay(from) <= day) ?? null

/**
 * The rule that takes hold of what runs on from `next`, in whose month or earlier it begins: it is replaced at the rule's price.
 * `null` where none does, or it did before.
 */
export const takingHold = ({ rules, taken }: Pricing, next: Day): PriceRule | null => {
  const rule = ruleOn(rules, next)
  if (rule === null || rule.from === null || rule.terms.kind === 'keep') return null
  return taken.includes(rule.id) ? null : rule
}

/**
 * Whether a rule that takes hold has to wait for the next month: what runs on begins with `next` itself, so that nothing of it can be
 * ended before, and was not written under the rule.
 */
export const isYetToHold = (
  pricing: Pricing,
  held: readonly CountedAddition[],
  { horizon, next }: { readonly horizon: Day; readonly next: Day },
): boolean => {
  const rule = takingHold(pricing, next)
  if (rule === null) return false
  const isBy = ({ lots }: CountedAddition): boolean =>
    lots.some((lot) => lot.rule !== undefined && ruleText(lot.rule.terms) === ruleText(rule.terms))
  return activeOn(held, next).some((each) => each.startedOn > horizon && each.quantity.gt(0) && !isBy(each))
}

/**
 * The rules that have taken hold once a plan is done whose rest begins on `next`: those that another one went before included, so that
 * the removal of that one has nothing replaced. @param held what the subscription has then
 */
export const takenWith = (
  pricing: Pricing,
  held: readonly CountedAddition[],
  window: { readonly horizon: Day; readonly next: Day },
): string[] =>
  isYetToHold(pricing, held, window)
    ? []
    : pricing.rules.filter(({ from }) => from !== null && firstDay(from) <= window.next).map(({ id }) => id)

/** Cost plus so many per cent, half up to cents. */
const plusPercent = (cost: Decimal, percent: string): Decimal =>
  roundToCents(cost.times(decimal(percent).plus(100)).times('0.01'))

/**
 * What is written for PRISM's unit price.
 * @param kept the unit price that the subscription has in ConnectWise on that day; `null`: none
 */
export const writtenBy = (terms: RuleTerms, prism: Pair, kept: Decimal | null): Pair => {
  switch (terms.kind) {
    case 'cost-plus':
      return { cost: prism.cost, price: holdable(plusPercent(prism.cost, terms.percent)) }
    case 'fixed':
      return { cost: prism.cost, price: decimal(terms.unitPrice) }
    case 'keep':
      return { cost: prism.cost, price: kept ?? prism.price }
  }
}

/**
 * The unit price that the subscription has in ConnectWise for PRISM's on a day: that of the addition that began first of those there
 * before the day, one at the same price of PRISM's before others; `null` where there is none.
 */
export const keptPrice = (held: readonly CountedAddition[], day: Day, prism: Pair): Decimal | null => {
  const there = (on: Day): CountedAddition[] =>
    activeOn(held, on)
      .filter(({ startedOn, quantity }) => startedOn < day && quantity.gt(0))
      .sort(asCreated)
  const now = there(day)
  const all = now.length > 0 ? now : there(previousDay(day))
  const key = priceKey(prism)
  return (all.find((each) => isAtPrism(each, key)) ?? all[0])?.unit.price ?? null
}

/** Earliest start first, then as they were created: those of the plan, whose ids count down, after those that are there. */
const asCreated = (a: CountedAddition, b: CountedAddition): number => {
  if (a.startedOn !== b.startedOn) return a.startedOn < b.startedOn ? -1 : 1
  const isNew = Number(a.id < 0) - Number(b.id < 0)
  return isNew || Math.abs(a.id) - Math.abs(b.id)
}

const isAtPrism = ({ lots, unit }: CountedAddition, key: string): boolean =>
  lots.length === 0 ? priceKey(unit) === key : lots.some((lot) => priceKey(pair(lot.prism)) === key)

/** PRISM's unit price as it is written, and the rule by which; without one it is PRISM's own. */
export interface Written {
  readonly unit: Pair
  readonly rule: WrittenRule | null
}
export type Pricer = (prism: Pair) => Written

export const atPrism: Pricer = (unit) => ({ unit, rule: null })

/** How PRISM's prices are written for what begins on a day. @param held what the subscription has by then */
export const pricerOn = (rules: readonly PriceRule[], held: readonly CountedAddition[], day: Day): Pricer => {
  const rule = ruleOn(rules, day)
  if (rule === null) return atPrism
  const { terms } = rule
  return (prism) => ({
    unit: writtenBy(terms, prism, terms.kind === 'keep' ? keptPrice(held, day, prism) : null),
    rule: { scope: scopeOf(rule), terms },
  })
}

/** Whether a part of the addition was written under a rule. */
export const isUnderRule = ({ lots }: Pick<CountedAddition, 'lots'>): boolean =>
  lots.some(({ rule }) => rule !== undefined)

const percentParts = 10_000

/** The lowest unit price at which a cost has the margin, to the cent above. @param percent of the price, below 100 */
export const priceAtMargin = (cost: Decimal, percent: string): Decimal => {
  const parts = Number(decimal(percent).times(100).toFixed())
  const exact = cost.times(percentParts).dividedBy(percentParts - parts, 12)
  const rounded = roundToCents(exact)
  return rounded.lt(exact) ? rounded.plus('0.01') : rounded
}

/** Whether a price leaves less than the margin. */
export const isBelowMargin = (unit: Pair, percent: string): boolean =>
  unit.price.gt(zero) && unit.price.minus(unit.cost).times(100).lt(unit.price.times(percent))
