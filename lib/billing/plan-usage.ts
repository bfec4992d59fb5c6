/** The plan of one month's invoice for one agreement: lines are classified, grouped, matched with additions, and sequenced. */
import { byStart, comparePrices, type Held, hold, isActiveOn, isCounted, quantityOn } from './additions.ts'
import { planAzure } from './azure.ts'
import { billHeld } from './bill.ts'
import { type Classified, classify, isAnnual, isAzure, normalise } from './classify.ts'
import { inconsistency } from './consistency.ts'
import { laterOf, previousDay } from './days.ts'
import { amount, type Decimal, decimal, money, quantity, sum, sumPairs, zero, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import { type Matching, match, type Treatment } from './match.ts'
import { priceChanges, priceDifferences, unbilledParts } from './price-warnings.ts'
import {
  newCatalogItem,
  type ProductLookup,
  productLookup,
  productName,
  type ResolvedProduct,
} from './products.ts'
import {
  amountGap,
  computedAmount,
  emptyReconciliation,
  invoicedTotal,
  reconcile,
  reconcileFailed,
  reconcileIgnored,
  totalReconciliation,
} from './reconcile.ts'
import { type AdditionProduct, sequence } from './steps.ts'
import { segmentOn, stepsOf, type Timeline, timelineOf, type Window, windowOf } from './timeline.ts'
import type {
  Change,
  CreateCatalogItemChange,
  Finding,
  InvoiceLine,
  Lot,
  PeriodPlan,
  Reconciliation,
  Situation,
  Status,
  SubscriptionPlan,
  Usage,
} from './types.ts'

/** The lines of one subscription and product, with the additions matched to it. */
interface Group {
  readonly id: string
  readonly subscriptionId: string
  readonly tenantId: string
  /** `null` where it could not be resolved: the finding says why. */
  readonly product: ResolvedProduct | null
  readonly finding: Finding | null
  readonly name: string
  readonly lines: readonly InvoiceLine[]
}

interface Context {
  readonly situation: Situation
  readonly usage: Usage
  readonly window: Window
  readonly isLast: boolean
  readonly lookup: ProductLookup
  readonly classified: Classified
  readonly groups: readonly Group[]
  readonly previousGroups: readonly Group[]
  readonly held: readonly Held[]
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

const contextOf = (situation: Situation, usage: Usage, isLast: boolean): Context => {
  const window = windowOf(situation.agreement, usage.period)
  const lookup = productLookup(situation)
  const classified = classify(situation, usage, window)
  const owned = new Map(situation.owned.map((each) => [each.additionId, each]))
  const held = situation.additions
    .map((addition) => hold(addition, situation.agreement, owned.get(addition.id)))
    .filter((each) => isCounted(each) && (each.end === null || each.end >= window.first))
  return {
    situation,
    usage,
    window,
    isLast,
    lookup,
    classified,
    groups: groupLines(classified.planned, lookup),
    previousGroups: groupLines(situation.previous?.lines ?? [], lookup),
    held,
  }
}

// ───────────────────────────── who is planned ─────────────────────────────

/** Each subscription has its own last good period (design.md 3): after it, or the last good one again where nothing is newer. */
const isDue = ({ situation, usage, isLast }: Context, id: string): boolean => {
  const good = situation.lastGood[id]
  return good === undefined || good < usage.period || (good === usage.period && isLast)
}

const isFirstTime = ({ situation, usage }: Context, id: string): boolean =>
  situation.lastGood[id] !== usage.period

/** Every subscription that an invoice, our ledger or PRISM knows as this agreement's, and what happens to its additions. */
const treatments = (context: Context): Map<string, Treatment> => {
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
  for (const line of classified.azure) known.set(normalise(line.subscriptionId), 'untouched')
  for (const group of groups) known.set(group.id, 'planned')
  for (const [id, treatment] of known) {
    if (treatment === 'planned' && !isDue(context, id)) known.set(id, 'untouched')
  }
  return known
}

const matchAdditions = (context: Context, subscriptions: ReadonlyMap<string, Treatment>): Matching => {
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
  return match({
    held,
    window,
    decisions: situation.decisions,
    subscriptions,
    byItem,
    invoicedItems,
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
  })
}

// ───────────────────────────── one subscription ─────────────────────────────

const statusOf = (found: readonly Finding[], changes: readonly Change[]): Status => {
  if (found.some((finding) => finding.severity === 'error')) return 'Error'
  if (found.some((finding) => finding.severity === 'warning')) return 'Warning'
  return changes.some((change) => change.kind !== 'keep') ? 'Success' : 'No Change'
}

interface Row {
  readonly group: Group
  readonly timeline: Timeline
  readonly held: readonly Held[]
  readonly findings: readonly Finding[]
  readonly changes: readonly Change[]
  readonly reconciliation: Reconciliation
}

const toRow = ({ window }: Context, row: Row): SubscriptionPlan => ({
  kind: 'subscription',
  subscriptionId: row.group.subscriptionId,
  tenantId: row.group.tenantId,
  product: {
    productId: row.group.product?.productId ?? '',
    sku: row.group.product?.sku ?? '',
    name: row.group.name,
    catalogItemId: row.group.product?.item?.id ?? null,
  },
  status: statusOf(row.findings, row.changes),
  findings: [...row.findings],
  changes: [...row.changes],
  quantityBefore: quantity(quantityOn(row.held, previousDay(window.first))),
  steps: stepsOf(row.timeline),
  invoiced: row.reconciliation.invoiced,
  billed: row.reconciliation.billed,
  reconciliation: row.reconciliation,
})

/** The price that PRISM had for an addition when it is adopted: its own where the invoice has it, else the lowest that no other addition bills. */
const baseline = (held: Held, all: readonly Held[], timeline: Timeline, window: Window): Lot => {
  const own: Lot = {
    quantity: quantity(held.quantity),
    origin: 'adopted',
    prism: amount(held.unit),
    set: amount(held.unit),
  }
  const from = laterOf(held.start, window.first)
  const segment = timeline.find((each) => each.last >= from && each.prices.length > 0)
  if (segment === undefined || segment.prices.some((entry) => entry.key === held.priceKey)) return own
  const taken = new Set(all.filter((each) => isActiveOn(each, segment.first)).map((each) => each.priceKey))
  const free = segment.prices
    .filter((entry) => !taken.has(entry.key))
    .sort((a, b) => comparePrices(a.unit, b.unit))
  const price = free[0] ?? segment.prices[segment.prices.length - 1]
  return price ? { ...own, prism: amount(price.unit) } : own
}

/** The writes and keeps that make matched additions ours (F5). */
const adopt = (held: readonly Held[], subscriptionId: string): Change[] =>
  held
    .filter((each) => each.addition !== null)
    .flatMap((each): Change[] => {
      const before = each.addition
      if (before === null) return []
      const lots = [...each.lots]
      if (normalise(before.serialNumber) !== normalise(subscriptionId)) {
        return [
          {
            kind: 'update',
            reason: { rule: 'adopt' },
            additionId: before.id,
            before,
            set: { serialNumber: subscriptionId },
            lots,
          },
        ]
      }
      return each.ours
        ? []
        : [{ kind: 'keep', reason: { rule: 'adopt' }, additionId: before.id, addition: before, lots }]
    })

/** What is neither written nor adopted stays as it is. */
const keeps = (held: readonly Held[], changes: readonly Change[]): Change[] => {
  const named = new Set(changes.flatMap((change) => ('additionId' in change ? [change.additionId] : [])))
  return held.flatMap((each): Change[] =>
    each.addition === null || named.has(each.id)
      ? []
      : [{ kind: 'keep', reason: { rule: 'unchanged' }, additionId: each.id, addition: each.addition }],
  )
}

const productOf = (context: Context, product: ResolvedProduct): AdditionProduct => ({
  sku: product.sku,
  catalogItemId: product.item?.id ?? null,
  taxable: product.item?.taxable ?? context.situation.options.defaults.taxable,
})

const failedRow = (
  context: Context,
  group: Group,
  held: readonly Held[],
  found: readonly Finding[],
): SubscriptionPlan => {
  const { window } = context
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const billed = sumPairs(held.map((each) => billHeld(each, window.period)))
  return toRow(context, {
    group,
    timeline: timelineOf(inside, window),
    held,
    findings: found,
    changes: [],
    reconciliation: reconcileFailed(invoicedTotal(group.lines), billed),
  })
}

/** What stops a subscription before it is planned. */
const blocks = (context: Context, group: Group, held: readonly Held[], timeline: Timeline): Finding[] => {
  const { situation, window, classified } = context
  const waiting = situation.waiting?.[group.id]
  if (waiting !== undefined && waiting < window.period) return [findings.earlierPeriodFailed(waiting)]
  const { endDate } = situation.agreement
  if (endDate !== null && endDate < window.first && group.lines.length > 0)
    return [findings.agreementEnded(endDate)]
  const refused = classified.refused.get(group.id)
  if (refused) return [refused]
  if (group.finding) return [group.finding]
  const found = inconsistency(held, timeline, window)
  return found ? [findings.inconsistentAdditions(found.detail, found.additionIds)] : []
}

const lineFindings = (group: Group, window: Window): Finding[] =>
  group.lines
    .filter((line) => !amountGap(line, window).cost.eq(0) || !amountGap(line, window).price.eq(0))
    .map((line) => findings.amountDiffers(line, money(computedAmount(line, window).price)))

const previousPrices = (context: Context, group: Group): Timeline[number]['prices'] => {
  const { situation, previousGroups } = context
  const before = previousGroups.find(
    (each) => each.id === group.id && each.product?.key === group.product?.key,
  )
  if (!before || !situation.previous) return []
  const window = windowOf(situation.agreement, situation.previous.period)
  const inside = before.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const charged = timelineOf(inside, window).filter((segment) => segment.prices.length > 0)
  return charged[charged.length - 1]?.prices ?? []
}

const planGroup = (
  context: Context,
  group: Group,
  matched: readonly Held[],
  errors: readonly Finding[],
): SubscriptionPlan => {
  const { situation, window } = context
  const isInside = group.lines.every((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(isInside ? group.lines : [], window)
  const stops = errors.length > 0 ? errors : blocks(context, group, matched, timeline)
  if (stops.length > 0 || group.product === null) return failedRow(context, group, matched, stops)
  const held = matched
    .map((each) => (each.ours ? each : { ...each, lots: [baseline(each, matched, timeline, window)] }))
    .sort(byStart)
  const steps = sequence(
    group.subscriptionId,
    productOf(context, group.product),
    situation.agreement,
    window,
    timeline,
    held,
  )
  const written = [...adopt(held, group.subscriptionId), ...steps.changes]
  const isFirst = isFirstTime(context, group.id)
  return toRow(context, {
    group,
    timeline,
    held,
    findings: [
      ...priceChanges(timeline, previousPrices(context, group), isFirst),
      ...priceDifferences(held, steps.changes, timeline, window),
      ...unbilledParts(held, window, isFirst),
      ...lineFindings(group, window),
    ],
    changes: [...written, ...keeps(held, written)],
    reconciliation: reconcile({
      lines: group.lines,
      timeline,
      window,
      expected: steps.held,
      actual: steps.held,
    }),
  })
}

/** Additions of a planned subscription whose product is on none of its lines: gone, or moved to another offer. */
const goneGroups = (
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
          finding: null,
          name: product?.name ?? stored.get(id)?.productName ?? item?.identifier ?? '',
          lines: [],
        },
      ]
    })
  })
}

const heldOf = (matching: Matching, group: Group, groups: readonly Group[]): readonly Held[] => {
  const items = matching.matched.get(group.id)
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

// ───────────────────────────── Azure, left-overs, the rest ─────────────────────────────

const azureRow = (context: Context, matching: Matching): SubscriptionPlan[] => {
  const { situation, window, classified, lookup, held } = context
  if (!situation.options.syncAzure) return []
  const lines = [...classified.azure].sort((a, b) =>
    normalise(a.subscriptionId) < normalise(b.subscriptionId) ? -1 : 1,
  )
  const ids = new Set(
    [...lines, ...(situation.previous?.lines ?? []).filter((line) => isAzure(undefined, line.offerName))].map(
      (line) => normalise(line.subscriptionId),
    ),
  )
  for (const each of situation.subscriptions) if (isAzure(each, '')) ids.add(normalise(each.id))
  const carrying = held.filter((each) => ids.has(normalise(each.addition?.serialNumber ?? '')))
  const [first] = lines
  const total = invoicedTotal(lines)
  const resolution = first ? lookup.resolve(first, false) : null
  const refused = lines
    .map((line) => classified.refused.get(normalise(line.subscriptionId)))
    .find((each) => each)
  const finding = refused ?? (resolution && 'finding' in resolution ? resolution.finding : null)
  const product = resolution && 'product' in resolution ? resolution.product : null
  const base = {
    kind: 'azure' as const,
    subscriptionId: '',
    tenantId: first?.tenantId ?? '',
    product: {
      productId: product?.productId ?? '',
      sku: product?.sku ?? '',
      name: 'Azure',
      catalogItemId: product?.item?.id ?? null,
    },
    quantityBefore: quantity(zero),
    steps: [
      { first: window.first, last: window.last, quantity: quantity(decimal(lines.length > 0 ? 1 : 0)) },
    ],
  }
  if (finding) {
    const reconciliation = reconcileFailed(
      total,
      sumPairs(
        matching.azure.filter((each) => isPeriods(each, window)).map((each) => billHeld(each, window.period)),
      ),
    )
    return [
      {
        ...base,
        status: 'Error',
        findings: [finding],
        changes: [],
        invoiced: reconciliation.invoiced,
        billed: reconciliation.billed,
        reconciliation,
      },
    ]
  }
  const azure = planAzure({
    window,
    agreement: situation.agreement,
    product: product ? productOf(context, product) : { sku: '', catalogItemId: null, taxable: true },
    total,
    held: [...matching.azure, ...carrying],
  })
  if (azure === null) return []
  const reconciliation =
    azure.findings.length > 0
      ? reconcileFailed(total, azure.billed)
      : {
          ...emptyReconciliation,
          invoiced: amount(total),
          billed: amount(azure.billed),
          unexplained: difference(total, azure.billed),
        }
  return [
    {
      ...base,
      status: statusOf(azure.findings, azure.changes),
      findings: [...azure.findings],
      changes: [...azure.changes],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    },
  ]
}

const difference = (
  a: { cost: Decimal; price: Decimal },
  b: { cost: Decimal; price: Decimal },
): { cost: ReturnType<typeof money>; price: ReturnType<typeof money> } =>
  amount({ cost: a.cost.minus(b.cost), price: a.price.minus(b.price) })

const isPeriods = (held: Held, window: Window): boolean =>
  normalise(held.addition?.serialNumber ?? '') === `azure-${window.period}`

const leftoverRows = ({ window, lookup }: Context, matching: Matching): SubscriptionPlan[] =>
  matching.leftovers.map(({ held, sku }) => {
    const product = lookup.bySku(sku)
    const reconciliation = reconcileFailed(zeroPair, billHeld(held, window.period))
    return {
      kind: 'leftover',
      subscriptionId: '',
      tenantId: '',
      product: {
        productId: product?.productId ?? '',
        sku,
        name: product?.name ?? sku,
        catalogItemId: held.addition?.catalogItemId ?? null,
      },
      status: 'Error',
      findings: [findings.leftoverAddition(sku, held.id)],
      changes: [],
      quantityBefore: quantity(quantityOn([held], previousDay(window.first))),
      steps: [{ first: window.first, last: window.last, quantity: quantity(zero) }],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    }
  })

/** Annual now, with additions of ours that still run (F4). */
const turnedAnnual = ({ classified, held }: Context): Finding[] => {
  const ids = new Set(
    classified.ignored.filter(({ reason }) => reason === 'annual').map(({ line }) => line.subscriptionId),
  )
  return [...ids].sort().flatMap((id) => {
    const open = held.filter(
      (each) =>
        each.ours && each.end === null && normalise(each.addition?.serialNumber ?? '') === normalise(id),
    )
    return open.length > 0
      ? [
          findings.turnedAnnual(
            id,
            open.map((each) => each.id),
          ),
        ]
      : []
  })
}

const catalogItems = (context: Context, rows: readonly SubscriptionPlan[]): CreateCatalogItemChange[] => {
  const needed = new Set(
    rows.flatMap((row) =>
      row.changes.some((change) => change.kind === 'create' && change.addition.catalogItemId === null)
        ? [normalise(row.product.sku)]
        : [],
    ),
  )
  return [...needed].sort().flatMap((sku) => {
    const product = context.situation.products.find((each) => each.current && normalise(each.sku) === sku)
    return product ? [newCatalogItem(product, context.situation.options)] : []
  })
}

const byName = (a: SubscriptionPlan, b: SubscriptionPlan): number => {
  const key = (row: SubscriptionPlan): string =>
    `${row.kind === 'subscription' ? 0 : row.kind === 'azure' ? 1 : 2}|${row.product.name}|${row.subscriptionId}|${row.product.sku}|${row.product.catalogItemId}`
  return key(a) < key(b) ? -1 : 1
}

/** Plans one invoice on the situation as it is. @param isLast whether no newer invoice follows: then the last good period is planned again. */
export const planUsage = (situation: Situation, usage: Usage, isLast: boolean): PeriodPlan => {
  const context = contextOf(situation, usage, isLast)
  const subscriptions = treatments(context)
  const matching = matchAdditions(context, subscriptions)
  const due = context.groups.filter((group) => isDue(context, group.id))
  const groups = [...due, ...goneGroups(context, matching, subscriptions)]
  const rows = [
    ...groups.map((group) =>
      planGroup(context, group, heldOf(matching, group, groups), matching.errors.get(group.id) ?? []),
    ),
    ...azureRow(context, matching),
    ...leftoverRows(context, matching),
  ].sort(byName)
  const { classified } = context
  const ignored = reconcileIgnored(invoicedTotal(classified.ignored.map(({ line }) => line)))
  return {
    period: usage.period,
    invoiceId: usage.invoiceId,
    catalogItems: catalogItems(context, rows),
    subscriptions: rows,
    ignored: classified.ignored.map(({ line, reason }) => ({
      subscriptionId: line.subscriptionId,
      tenantId: line.tenantId,
      offerName: line.offerName,
      reason,
      first: line.first,
      last: line.last,
      amount: { cost: line.cost, price: line.price },
    })),
    findings: [
      ...(classified.lacksCycleColumns ? [findings.cycleColumnsMissing()] : []),
      ...turnedAnnual(context),
      ...matching.listed,
    ],
    totals: totalReconciliation([...rows.map((row) => row.reconciliation), ignored]),
  }
}
