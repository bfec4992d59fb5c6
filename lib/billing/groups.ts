/** An invoice's lines by subscription and product, and the additions that belong to each. */
import { type Held, hold, isCounted } from './additions.ts'
import { badGroups } from './bad-lines.ts'
import { type Classified, classify, isAnnual, isAzure, normalise } from './classify.ts'
import { previousDay } from './days.ts'
import { decimal, sum } from './decimal.ts'
import * as findings from './findings.ts'
import type { MatchInput, Matching, Treatment } from './match.ts'
import { type ProductLookup, productLookup, productName, type ResolvedProduct } from './products.ts'
import { type Window, windowOf } from './timeline.ts'
import type { Finding, InvoiceLine, Situation, Usage } from './types.ts'
import type { Untouched } from './unreadable.ts'

/** The lines of one subscription and product, with the additions matched to it. */
export interface Group {
  readonly id: string
  readonly subscriptionId: string
  readonly tenantId: string
  /** `null` where it could not be resolved: the finding says why. */
  readonly product: ResolvedProduct | null
  readonly finding: Finding | null
  readonly name: string
  readonly lines: readonly InvoiceLine[]
}

/** Everything that the plan of one usage looks at, read once. */
export interface Context {
  readonly situation: Situation
  readonly usage: Usage
  readonly window: Window
  readonly isNewest: boolean
  readonly lookup: ProductLookup
  readonly classified: Classified
  readonly groups: readonly Group[]
  readonly previousGroups: readonly Group[]
  readonly held: readonly Held[]
  /** Counted additions that end on the day before the period, by serial number and catalog item: they tell what was before it. */
  readonly endedBefore: Matching['matched']
}

const offersOf = (lines: readonly InvoiceLine[]): Map<string, Set<string>> => {
  const offers = new Map<string, Set<string>>()
  for (const line of lines) {
    const id = normalise(line.subscriptionId)
    offers.set(id, (offers.get(id) ?? new Set()).add(line.offerName))
  }
  return offers
}

/** Groups lines by subscription and product. */
const groupLines = (lines: readonly InvoiceLine[], lookup: ProductLookup): Group[] => {
  const offers = offersOf(lines)
  const groups = new Map<string, Group & { lines: InvoiceLine[] }>()
  for (const line of lines) {
    const id = normalise(line.subscriptionId)
    const resolution = lookup.resolve(line, (offers.get(id)?.size ?? 0) > 1)
    const product = 'product' in resolution ? resolution.product : null
    const key = `${id}|${product?.key ?? line.offerName}`
    const group = groups.get(key)
    if (group) group.lines.push(line)
    else {
      groups.set(key, {
        id,
        subscriptionId: line.subscriptionId,
        tenantId: line.tenantId,
        product,
        finding: 'finding' in resolution ? resolution.finding : null,
        name: product?.name ?? productName(line.offerName),
        lines: [line],
      })
    }
  }
  return [...groups.values()]
}

export const contextOf = (situation: Situation, usage: Usage, isNewest: boolean): Context => {
  const window = windowOf(situation.agreement, usage.period)
  const lookup = productLookup(situation)
  const classified = classify(situation, usage, window)
  const groups = groupLines(classified.planned, lookup)
  const owned = new Map(situation.owned.map((each) => [each.additionId, each]))
  const counted = situation.additions
    .map((addition) => hold(addition, situation.agreement, owned.get(addition.id)))
    .filter(isCounted)
  const dayBefore = previousDay(window.first)
  return {
    situation,
    usage,
    window,
    isNewest,
    lookup,
    classified,
    groups: [...groups, ...badGroups(classified.bad, groups, lookup)],
    previousGroups: groupLines(situation.previous?.lines ?? [], lookup),
    held: counted.filter(({ end }) => end === null || end >= window.first),
    endedBefore: bySerialAndItem(counted.filter(({ end }) => end === dayBefore)),
  }
}

const bySerialAndItem = (all: readonly Held[]): Matching['matched'] => {
  const groups = new Map<string, Map<number, Held[]>>()
  for (const each of all) {
    const { serialNumber = '', catalogItemId = 0 } = each.addition ?? {}
    const items = groups.get(normalise(serialNumber)) ?? new Map<number, Held[]>()
    groups.set(normalise(serialNumber), items.set(catalogItemId, [...(items.get(catalogItemId) ?? []), each]))
  }
  return groups
}

/** Each subscription has its own last good period (design.md 3): after it, or the last good one again where nothing is newer. */
export const isDue = ({ situation, usage, isNewest }: Context, id: string): boolean => {
  const good = situation.lastGood[id]
  return good === undefined || good < usage.period || (good === usage.period && isNewest)
}

export const isFirstTime = ({ situation, usage }: Context, id: string): boolean =>
  situation.lastGood[id] !== usage.period

/** Every subscription that an invoice, our ledger or PRISM knows as this agreement's, and what happens to its additions. */
export const treatments = (context: Context): Map<string, Treatment> => {
  const { situation, classified, groups, held } = context
  const syncing = new Set(situation.tenants.filter((tenant) => tenant.syncs).map((tenant) => tenant.id))
  const known = new Map<string, Treatment>()
  for (const each of held) {
    const serial = normalise(each.addition?.serialNumber ?? '')
    if (each.ours && serial !== '' && !situation.foreignSubscriptionIds.includes(serial))
      known.set(serial, 'planned')
  }
  for (const line of situation.previous?.lines ?? []) {
    const isOut = !syncing.has(line.tenantId) || isAnnual(line, situation.options.annualTermsMonthly)
    known.set(normalise(line.subscriptionId), isOut ? 'untouched' : 'planned')
  }
  for (const each of situation.subscriptions) {
    const isOut =
      !syncing.has(each.tenantId) || isAzure(each, '') || /annual|year/i.test(each.billingCycle ?? '')
    const id = normalise(each.id)
    if (isOut || !known.has(id)) known.set(id, isOut ? 'untouched' : 'planned')
  }
  for (const { line } of classified.ignored) known.set(normalise(line.subscriptionId), 'untouched')
  for (const line of [...classified.azure, ...classified.badAzure])
    known.set(normalise(line.subscriptionId), 'untouched')
  for (const group of groups) known.set(group.id, 'planned')
  for (const [id, treatment] of known) {
    if (treatment === 'planned' && !isDue(context, id)) known.set(id, 'untouched')
  }
  return known
}

/** What the additions are matched with. */
export const matchInputOf = (context: Context, subscriptions: ReadonlyMap<string, Treatment>): MatchInput => {
  const { situation, lookup, window, classified, groups, previousGroups, held } = context
  const byItem = new Map<number, Set<string>>()
  const invoicedItems = new Set<number>()
  const have = (itemId: number | null | undefined, id: string, isInvoiced: boolean): void => {
    if (itemId === null || itemId === undefined) return
    byItem.set(itemId, (byItem.get(itemId) ?? new Set()).add(id))
    if (isInvoiced) invoicedItems.add(itemId)
  }
  const aside = groupLines([...classified.ignored.map(({ line }) => line), ...classified.azure], lookup)
  for (const group of [...groups, ...aside]) have(group.product?.item?.id, group.id, true)
  for (const group of previousGroups) have(group.product?.item?.id, group.id, false)
  const lines = [...groups, ...aside]
  return {
    held,
    window,
    decisions: situation.decisions,
    subscriptions,
    byItem,
    invoicedItems,
    refused: new Set(classified.refused.keys()),
    invoiced: (id, itemId, day) =>
      sum(
        lines
          .filter((group) => group.id === id && group.product?.item?.id === itemId)
          .flatMap((group) => group.lines)
          .filter((line) => line.first <= day && line.last >= day)
          .map((line) => decimal(line.quantity)),
      ),
    foreign: new Set(situation.foreignSubscriptionIds.map(normalise)),
    priceListSku: (itemId) => {
      const sku = lookup.item(itemId)?.vendorSku ?? ''
      return sku.trim() !== '' && lookup.bySku(sku) ? sku.trim() : null
    },
    itemName: (itemId) => lookup.item(itemId)?.identifier ?? `${itemId}`,
    isKnownItem: (itemId) => lookup.item(itemId) !== undefined,
  }
}

/** Additions of a planned subscription whose product is on none of its lines: gone, or moved to another offer. */
export const goneGroups = (
  context: Context,
  matching: Matching,
  subscriptions: ReadonlyMap<string, Treatment>,
): Group[] => {
  const { situation, groups, lookup, classified } = context
  const ignored = new Set(classified.ignored.map(({ line }) => normalise(line.subscriptionId)))
  const stored = new Map(situation.subscriptions.map((each) => [normalise(each.id), each]))
  const tenantOf = new Map(
    [...(situation.previous?.lines ?? [])].map((line) => [normalise(line.subscriptionId), line.tenantId]),
  )
  return [...matching.matched].flatMap(([id, items]) => {
    if (subscriptions.get(id) !== 'planned' || ignored.has(id)) return []
    const own = groups.filter((group) => group.id === id)
    if (own.some((group) => group.product === null)) return []
    return [...items].flatMap(([itemId, held]): Group[] => {
      if (own.some((group) => group.product?.item?.id === itemId)) return []
      const item = lookup.item(itemId) ?? null
      const unreadable = lookup.unreadable(itemId)
      const product = item ? lookup.bySku(item.vendorSku) : undefined
      const serial = held.find((each) => normalise(each.addition?.serialNumber ?? '') === id)?.addition
        ?.serialNumber
      return [
        {
          id,
          subscriptionId: stored.get(id)?.id ?? serial ?? id,
          tenantId: stored.get(id)?.tenantId ?? tenantOf.get(id) ?? '',
          product: {
            key: `item:${itemId}`,
            productId: product?.productId ?? '',
            sku: product?.sku ?? item?.vendorSku ?? '',
            name: product?.name ?? item?.identifier ?? stored.get(id)?.productName ?? '',
            item: item ?? { id: itemId, identifier: '', vendorSku: '', inactive: false, taxable: true },
            missing: null,
          },
          finding:
            unreadable === null ? null : findings.productUnreadable(unreadable.vendorSku ?? '', unreadable),
          name: product?.name ?? stored.get(id)?.productName ?? item?.identifier ?? '',
          lines: [],
        },
      ]
    })
  })
}

/** Subscriptions of which nothing is left to plan but an addition that cannot be read: they are not gone. */
export const unreadableGroups = (
  { situation }: Context,
  { subscriptions }: Untouched,
  groups: readonly Group[],
): Group[] => {
  const known = new Set(groups.map((group) => group.id))
  const stored = new Map(situation.subscriptions.map((each) => [normalise(each.id), each]))
  return [...subscriptions]
    .filter(([id]) => !known.has(id))
    .map(([id, [finding = null]]) => ({
      id,
      subscriptionId: stored.get(id)?.id ?? id,
      tenantId: stored.get(id)?.tenantId ?? '',
      product: null,
      finding,
      name: stored.get(id)?.productName ?? '',
      lines: [],
    }))
}

export const heldOf = (
  matched: Matching['matched'],
  group: Group,
  groups: readonly Group[],
): readonly Held[] => {
  const items = matched.get(group.id)
  if (!items) return []
  const itemId = group.product?.item?.id
  if (itemId !== undefined) return items.get(itemId) ?? []
  const isFirstUnresolved = groups.find((each) => each.id === group.id && each.product === null) === group
  if (!isFirstUnresolved) return []
  const resolved = new Set(
    groups.filter((each) => each.id === group.id).map((each) => each.product?.item?.id),
  )
  return [...items].filter(([id]) => !resolved.has(id)).flatMap(([, held]) => held)
}
