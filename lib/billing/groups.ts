/** An invoice's lines by subscription and product, and the additions that belong to each. */

import { type CountedAddition, isActiveWithin } from './additions.ts'
import { unfitness } from './agreement-rules.ts'
import { badGroups } from './bad-lines.ts'
import { additionsById, heldAdditions } from './billed-days.ts'
import { isCalled, namesakesIn } from './called.ts'
import { classify, isAdjustment, isAzure } from './classify.ts'
import type { Context, Group } from './context.ts'
import { daysOf, firstDay, previousDay } from './days.ts'
import { type Decimal, decimal, sum, zero } from './decimal.ts'
import { doubtsOf } from './doubts.ts'
import { motionOf } from './item-names.ts'
import { type SubscriptionKey, subscriptionKey, subscriptionKeysIn } from './keys.ts'
import type { MatchInput, Matching, Owner } from './matching.ts'
import { customersOf, mayTakeOver, membershipOf, ofMembers, tenantOf } from './moving.ts'
import { once, onceEach } from './once.ts'
import { type ProductLookup, productLookup, productName, subscriptionsById } from './products.ts'
import { standings } from './standing.ts'
import { isBeforeStart } from './start.ts'
import { invoicedThrough, isInvoicedWhole, type Window, windowOf } from './timeline.ts'
import type { Day, InvoiceLine, Period, Situation, Usage } from './types.ts'

/** Subscriptions with lines of different offers. */
const withSeveralOffers = (lines: readonly InvoiceLine[]): ReadonlySet<SubscriptionKey> => {
  const offers = new Map<SubscriptionKey, string>()
  const several = new Set<SubscriptionKey>()
  for (const line of lines) {
    const id = subscriptionKey(line.subscriptionId)
    const known = offers.get(id)
    if (known === undefined) offers.set(id, line.offerName)
    else if (known !== line.offerName) several.add(id)
  }
  return several
}

/** Groups lines by subscription and product. */
export const groupLines = (lines: readonly InvoiceLine[], lookup: ProductLookup): Group[] => {
  const several = withSeveralOffers(lines)
  const groups: (Group & { lines: InvoiceLine[] })[] = []
  const known = new Map<SubscriptionKey, typeof groups>()
  for (const line of lines) {
    const id = subscriptionKey(line.subscriptionId)
    const resolution = lookup.resolve(line, several.has(id))
    const product = 'product' in resolution ? resolution.product : null
    const own = known.get(id) ?? []
    const same = own.find(({ product: its, lines: [first] }) =>
      product === null ? its === null && first?.offerName === line.offerName : its?.key === product.key,
    )
    if (same) same.lines.push(line)
    else {
      const group = {
        id,
        subscriptionId: line.subscriptionId,
        tenantId: line.tenantId,
        product,
        finding: 'finding' in resolution ? resolution.finding : null,
        name: product?.name ?? productName(line.offerName),
        lines: [line],
      }
      groups.push(group)
      known.set(id, [...own, group])
    }
  }
  return groups
}

export const contextOf = (situation: Situation, whole: Usage, isNewest: boolean): Context => {
  const usage = ofMembers(situation, whole, isNewest)
  const window = windowOf(situation.agreement, usage.period)
  const stored = subscriptionsById(situation)
  const lookup = productLookup(situation, stored, window.first)
  const classified = classify(situation, usage, window, stored)
  const onLines = groupLines(classified.planned, lookup)
  const groups = [...onLines, ...badGroups(classified.bad, onLines, lookup)]
  const groupsById = Map.groupBy(groups, ({ id }) => id)
  const previousGroups = groupLines(usageBefore(situation), lookup)
  const previous = Map.groupBy(previousGroups, ({ id }) => id)
  const counted = heldAdditions(situation)
  const dayBefore = previousDay(window.first)
  const customers = customersOf(situation, window.last)
  const isLate = onceEach((id: SubscriptionKey): boolean =>
    goodHere(situation, id).some((period) => period > usage.period),
  )
  const isBeforeIts = (id: SubscriptionKey): boolean => isBeforeStart(situation.starts?.[id], usage.period)
  const toBeBilled = toBeBilledIn(situation, window, counted)
  const isMonthInvoiced = isInvoicedWhole(situation.agreement, window)
  const isInvoiced = (id: SubscriptionKey): boolean => isMonthInvoiced && !toBeBilled.has(id)
  const isGoodFor = (id: SubscriptionKey): boolean => goodOf(situation, id).includes(usage.period)
  const isAgain = (id: SubscriptionKey): boolean => isNewest && goodHere(situation, id).includes(usage.period)
  const tenantFor = (id: SubscriptionKey) => tenantOf(situation, customers.get(id) ?? '')
  const skipped = skippedIn(situation, usage.period)
  const isSkipped = (id: SubscriptionKey): boolean => skipped.has(id)
  const mayBePlanned = (id: SubscriptionKey): boolean => {
    const tenant = tenantFor(id)
    if (tenant && membershipOf(tenant, usage.period) !== 'member') return false
    if (isSkipped(id)) return false
    return !(isBeforeIts(id) && isLate(id))
  }
  const dueAs = onceEach((id: SubscriptionKey): ReturnType<Context['dueAs']> => {
    if (mayBePlanned(id) && (!isGoodFor(id) || (isAgain(id) && (isBeforeIts(id) || !isInvoiced(id)))))
      return 'member'
    const tenant = tenantFor(id)
    return tenant && isNewest && mayTakeOver(tenant, usage.period) ? 'takes-over' : null
  })
  return {
    situation,
    usage,
    window,
    isNewest,
    unfit: hasMembers(situation, usage.period)
      ? unfitness(situation.agreement, usage.period, situation.currency)
      : [],
    lookup,
    classified,
    groups,
    groupsOf: (id) => groupsById.get(id) ?? [],
    stored,
    customers,
    additions: additionsById(situation.additions),
    previousGroups,
    previousOf: ({ id, product }) => previous.get(id)?.find((each) => each.product?.key === product?.key),
    held: counted.filter(({ end }) => end === null || end >= window.first),
    doubts: doubtsOf(situation, counted),
    endedBefore: bySerialAndItem(counted.filter(({ end }) => end === dayBefore)),
    isDue: (id) => dueAs(id) !== null,
    dueAs,
    isBilled: onceEach(
      (id) => dueAs(id) === null && mayBePlanned(id) && isAgain(id) && isInvoiced(id) && !isBeforeIts(id),
    ),
    isSkipped,
    isAnySkipped: skipped.size > 0,
    isLate,
  }
}

/** The lines of the invoice synced before that say what was used in its month. */
const usageBefore = ({ previous }: Situation): readonly InvoiceLine[] =>
  previous === null ? [] : previous.lines.filter((line) => !isAdjustment(line, daysOf(previous.period)))

/** Where it is known what ConnectWise invoiced of a period: subscriptions of which it has days to catch up with. */
const toBeBilledIn = (
  { invoices = [] }: Situation,
  { first, last }: Window,
  counted: readonly CountedAddition[],
): ReadonlySet<SubscriptionKey> =>
  new Set(
    invoices.some(({ through }) => through >= last)
      ? counted
          .filter((each) => !each.billed && isActiveWithin(each, first, last))
          .map(({ addition }) => subscriptionKey(addition?.serialNumber ?? ''))
      : [],
  )

const bySerialAndItem = (all: readonly CountedAddition[]): Matching['matched'] => {
  const groups = new Map<SubscriptionKey, Map<number, CountedAddition[]>>()
  for (const each of all) {
    const { serialNumber = '', catalogItemId = 0 } = each.addition ?? {}
    const id = subscriptionKey(serialNumber)
    const items = groups.get(id) ?? new Map<number, CountedAddition[]>()
    groups.set(id, items.set(catalogItemId, [...(items.get(catalogItemId) ?? []), each]))
  }
  return groups
}

const skippedIn = ({ skipped = {} }: Situation, period: Period): ReadonlySet<SubscriptionKey> =>
  new Set(subscriptionKeysIn(skipped).filter((id) => skipped[id]?.includes(period)))

const goodOf = ({ good }: Situation, id: SubscriptionKey): readonly Period[] => good[id] ?? []

/** Those on this very agreement: what was good on another one is billed there. */
const goodHere = (situation: Situation, id: SubscriptionKey): readonly Period[] => {
  const elsewhere = situation.goodElsewhere?.[id]
  if (elsewhere === undefined) return goodOf(situation, id)
  return goodOf(situation, id).filter((period) => !elsewhere.includes(period))
}

/** Whether the period is one of any customer's here; before it takes over, or after it left, what is wrong with the agreement is not. */
const hasMembers = ({ tenants }: Situation, period: Period): boolean =>
  tenants.length === 0 || tenants.some((each) => membershipOf(each, period) === 'member')

export const isFirstTime = ({ situation, usage }: Context, id: SubscriptionKey): boolean =>
  !goodOf(situation, id).includes(usage.period)

/** What the additions are matched with. */
export const matchInputOf = (context: Context): MatchInput => {
  const { situation, lookup, window, classified, groups, held } = context
  const ignored = once(() =>
    groupLines(
      classified.ignored.map(({ line }) => line),
      lookup,
    ),
  )
  const owners = once(() => ownersByKind(context, [...groups, ...ignored()]))
  const ownersOf = onceEach((itemId: number): readonly Owner[] => {
    const all = owners().get(lookup.kindOf(itemId)) ?? []
    const motion = lookup.motionOf(itemId)
    const fitting = motion === null ? [] : all.filter((owner) => owner.motion === motion)
    return fitting.length > 0 ? fitting : all
  })
  const kindsOf = (all: readonly Group[]): ReadonlySet<string> =>
    new Set(all.flatMap(({ product }) => (product ? [lookup.kindOfProduct(product)] : [])))
  const azure = once(() => kindsOf(groupLines(classified.azure, lookup)))
  const beginning = once(() => namesakesIn(context))
  const invoiced = once(() => new Set([...kindsOf([...groups, ...ignored()]), ...azure()]))
  return {
    held,
    window,
    answers: situation.answers ?? [],
    earliestEnd: invoicedThrough(situation.agreement) ?? window.last,
    standingOf: onceEach(standings(context)),
    ownersOf,
    kindOf: lookup.kindOf,
    motionOf: lookup.motionOf,
    itemsOf: (id) => new Set(context.groupsOf(id).flatMap(({ product }) => product?.item?.id ?? [])),
    isInvoiced: (itemId) => invoiced().has(lookup.kindOf(itemId)),
    isAzureItem: (itemId) => situation.options.syncAzure && azure().has(lookup.kindOf(itemId)),
    disputed: new Set(situation.disputed ?? []),
    refused: new Set([
      ...classified.refused.keys(),
      ...subscriptionKeysIn({ ...situation.waiting, ...situation.unanswered }),
    ]),
    priceListSku: (itemId) => {
      const item = lookup.item(itemId)
      return (item && lookup.productOf(item)?.sku) ?? null
    },
    namesakesOf: ({ itemId, pieces }) => {
      const texts = [
        lookup.item(itemId)?.identifier ?? '',
        ...pieces.map(({ addition }) => addition?.invoiceDescription ?? ''),
      ]
      return beginning().flatMap((each) => (isCalled(texts, each) ? [each.id] : []))
    },
    itemName: (itemId) => lookup.item(itemId)?.identifier ?? `${itemId}`,
    isKnownItem: (itemId) => lookup.item(itemId) !== undefined,
  }
}

/**
 * By kind of product the subscriptions that have it: on this or the previous invoice, or as PRISM lists them; those without any
 * quantity only where they are alone.
 */
const ownersByKind = (
  { situation, lookup, previousGroups, window }: Context,
  current: readonly Group[],
): Map<string, Owner[]> => {
  const onLines = new Set(current.map(({ id }) => id))
  const listed = situation.subscriptions.flatMap(
    (each): { id: SubscriptionKey; kind: string; quantity: Decimal }[] => {
      const id = subscriptionKey(each.id)
      const kind = lookup.kindOfSubscription(each)
      return onLines.has(id) || kind === null || isAzure(each, '')
        ? []
        : [{ id, kind, quantity: decimal(each.listedQuantity ?? '0') }]
    },
  )
  const lines = [...current, ...previousGroups].flatMap((group) =>
    group.product ? [{ ...group, kind: lookup.kindOfProduct(group.product) }] : [],
  )
  const groupsById = Map.groupBy(lines, ({ id }) => id)
  const linesOf = (id: SubscriptionKey, kind: string): InvoiceLine[] =>
    (groupsById.get(id) ?? []).filter((group) => group.kind === kind).flatMap((group) => group.lines)
  const quantityOn = (id: SubscriptionKey, kind: string, day: Day): Decimal =>
    onLines.has(id) || day < window.first
      ? sum(
          linesOf(id, kind)
            .filter((line) => line.first <= day && line.last >= day)
            .map((line) => decimal(line.quantity)),
        )
      : (listed.find((each) => each.id === id && each.kind === kind)?.quantity ?? zero)
  const ids = new Map<string, Set<SubscriptionKey>>()
  for (const { id, kind } of [...lines, ...listed]) ids.set(kind, (ids.get(kind) ?? new Set()).add(id))
  return new Map(
    [...ids].map(([kind, all]) => {
      const owners = [...all].sort().map(
        (id): Owner => ({
          id,
          hasBeenGood: goodHere(situation, id).length > 0,
          motion: motionOf(linesOf(id, kind)[0] ?? {}),
          quantityOn: (day) => quantityOn(id, kind, day),
        }),
      )
      const having = owners.filter(
        (owner) =>
          owner.hasBeenGood ||
          onLines.has(owner.id) ||
          isBehind(situation, owner.id) ||
          !owner.quantityOn(window.first).eq(zero),
      )
      return [kind, having.length > 0 ? having : owners]
    }),
  )
}

/** It was invoiced in a month that is synced here, and none of it is good yet: an addition without serial number may be its. */
const isBehind = ({ latest = {}, tenants }: Situation, id: SubscriptionKey): boolean => {
  const line = latest[id]
  const from = tenants.find((tenant) => tenant.id === line?.tenantId)?.from
  return line !== undefined && from !== undefined && from !== null && line.last >= firstDay(from)
}
