/** The plan of one subscription and product: what stops it, what changes, and how the month reconciles. */
import { byStart, comparePrices, type Held, isActiveOn, quantityOn } from './additions.ts'
import { chargedTotal, mayBeIts } from './bad-lines.ts'
import { billHeld } from './bill.ts'
import { normalise } from './classify.ts'
import { inconsistency } from './consistency.ts'
import { laterOf, previousDay } from './days.ts'
import { amount, money, quantity, sumPairs } from './decimal.ts'
import * as findings from './findings.ts'
import { type Context, type Group, isFirstTime } from './groups.ts'
import { priceChanges, priceDifferences, unbilledParts } from './price-warnings.ts'
import type { ResolvedProduct } from './products.ts'
import { amountGap, computedAmount, reconcile, reconcileFailed } from './reconcile.ts'
import { type AdditionProduct, sequence } from './steps.ts'
import { stepsOf, type Timeline, timelineOf, unitOf, type Window, windowOf } from './timeline.ts'
import type {
  Change,
  Finding,
  InvoiceLine,
  Lot,
  Money,
  Reconciliation,
  Status,
  SubscriptionPlan,
} from './types.ts'

export const statusOf = (found: readonly Finding[], changes: readonly Change[]): Status => {
  if (found.some((finding) => finding.severity === 'error')) return 'Error'
  if (found.some((finding) => finding.severity === 'warning')) return 'Warning'
  return changes.some((change) => change.kind !== 'keep') ? 'Success' : 'No Change'
}

/** A group's additions: those active on or after the period's first day, and those that end on the day before it. */
interface GroupAdditions {
  readonly matched: readonly Held[]
  readonly ended: readonly Held[]
}

interface Row {
  readonly group: Group
  readonly timeline: Timeline
  readonly additions: GroupAdditions
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
  quantityBefore: quantity(
    quantityOn([...row.additions.matched, ...row.additions.ended], previousDay(window.first)),
  ),
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

export const productOf = (context: Context, product: ResolvedProduct): AdditionProduct => ({
  sku: product.sku,
  catalogItemId: product.item?.id ?? null,
  taxable: product.item?.taxable ?? context.situation.options.defaults.taxable,
})

const failedRow = (
  context: Context,
  group: Group,
  additions: GroupAdditions,
  found: readonly Finding[],
): SubscriptionPlan => {
  const { window } = context
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  const billed = sumPairs(additions.matched.map((each) => billHeld(each, window.period)))
  return toRow(context, {
    group,
    timeline: timelineOf(inside, window),
    additions,
    findings: found,
    changes: [],
    reconciliation: reconcileFailed(chargedTotal(context, group), billed),
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
  const unplaced = mayBeIts(context, group)
  if (unplaced) return [unplaced]
  const found = inconsistency(held, timeline, window)
  return found ? [findings.inconsistentAdditions(found.detail, found.additionIds)] : []
}

const lineFindings = (group: Group, window: Window): Finding[] => [
  ...group.lines
    .filter((line) => !amountGap(line, window).cost.eq(0) || !amountGap(line, window).price.eq(0))
    .map((line) => findings.amountDiffers(line, money(computedAmount(line, window).price))),
  ...priceCuts(group.lines),
  ...linesTwice(group.lines),
]

/** Each unit price that ConnectWise cannot hold as the file has it, once. */
const priceCuts = (lines: readonly InvoiceLine[]): Finding[] => {
  const cuts = new Map<string, Money>()
  for (const line of lines) {
    const unit = unitOf(line)
    if (!unit.cost.eq(line.unitCost)) cuts.set(line.unitCost, money(unit.cost))
    if (!unit.price.eq(line.unitPrice)) cuts.set(line.unitPrice, money(unit.price))
  }
  return [...cuts.keys()].sort().map((from) => findings.priceCut(from, cuts.get(from) as Money))
}

/** The same line twice counts twice, as the invoice charges it twice. */
export const linesTwice = (lines: readonly InvoiceLine[]): Finding[] => {
  const rows = new Map<string, number[]>()
  for (const { row, ...line } of lines) {
    const key = JSON.stringify(line)
    rows.set(key, [...(rows.get(key) ?? []), row])
  }
  return [...rows.values()]
    .filter((same) => same.length > 1)
    .map((same) => findings.lineTwice([...same].sort((a, b) => a - b)))
}

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

export const planGroup = (
  context: Context,
  group: Group,
  additions: GroupAdditions,
  errors: readonly Finding[],
): SubscriptionPlan => {
  const { situation, window } = context
  const { matched } = additions
  const isInside = group.lines.every((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(isInside ? group.lines : [], window)
  const stops = errors.length > 0 ? errors : blocks(context, group, matched, timeline)
  if (stops.length > 0 || group.product === null) return failedRow(context, group, additions, stops)
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
    additions,
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
