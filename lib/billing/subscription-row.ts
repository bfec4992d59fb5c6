/** One row of a plan: a subscription and product, as its month comes out. */
import { type CountedAddition, quantityOn } from './additions.ts'
import { chargedTotal } from './bad-lines.ts'
import { billHeld } from './bill.ts'
import type { Context, Group } from './context.ts'
import { previousDay } from './days.ts'
import { type Decimal, type Pair, quantity, sumPairs } from './decimal.ts'
import type { Doubt } from './doubts.ts'
import { reconcileFailed } from './reconcile.ts'
import { stepsOf, type Timeline, timelineOf, type Window } from './timeline.ts'
import type { Change, Finding, Reconciliation, Status, SubscriptionPlan } from './types.ts'

export const statusOf = (found: readonly Finding[], changes: readonly Change[]): Status => {
  if (found.some((finding) => finding.severity === 'error')) return 'Error'
  if (found.some((finding) => finding.severity === 'warning')) return 'Warning'
  return changes.some((change) => change.kind !== 'keep') ? 'Success' : 'No Change'
}

/** A group's additions: those active on or after the period's first day, and those that end on the day before it. */
export interface GroupAdditions {
  readonly matched: readonly CountedAddition[]
  readonly ended: readonly CountedAddition[]
  /** Those of the subscription, whatever their product. */
  readonly ofId: readonly CountedAddition[]
  /** Those of the subscription, whatever product. */
  readonly doubts: readonly Doubt[]
}

export interface Row {
  readonly group: Group
  readonly timeline: Timeline
  /** What of the matched additions is planned with. */
  readonly held: readonly CountedAddition[]
  readonly additions: GroupAdditions
  readonly findings: readonly Finding[]
  readonly changes: readonly Change[]
  readonly reconciliation: Reconciliation
  readonly waits?: SubscriptionPlan['waits']
  readonly begins?: SubscriptionPlan['begins']
}

/** On the day before the period. */
const quantityBefore = ({ matched, ended }: GroupAdditions, { first }: Window): Decimal => {
  const day = previousDay(first)
  return quantityOn(matched, day).plus(quantityOn(ended, day))
}

export const toRow = ({ window, isLate }: Context, row: Row): SubscriptionPlan => ({
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
  ...(row.waits === undefined ? {} : { waits: row.waits }),
  ...(row.begins === undefined ? {} : { begins: row.begins }),
  ...(isLate(row.group.id) ? { late: true } : {}),
  quantityBefore: quantity(quantityBefore(row.additions, window)),
  steps: stepsOf(row.timeline),
  invoiced: row.reconciliation.invoiced,
  billed: row.reconciliation.billed,
  reconciliation: row.reconciliation,
})

/** What is neither written nor adopted stays as it is. */
export const keeps = (held: readonly CountedAddition[], changes: readonly Change[]): Change[] => {
  const named = new Set(changes.flatMap((change) => ('additionId' in change ? [change.additionId] : [])))
  return held.flatMap((each): Change[] =>
    each.addition === null || !each.writable || named.has(each.id)
      ? []
      : [{ kind: 'keep', reason: { rule: 'unchanged' }, additionId: each.id, addition: each.addition }],
  )
}

/** What additions bill of a period, price and cost. */
export const billedBy = (held: readonly CountedAddition[], { period }: Window): Pair =>
  sumPairs(held.map((each) => billHeld(each, period)))

/** A subscription of which nothing is written, because something stops it. */
export const failedRow = (
  context: Context,
  group: Group,
  additions: GroupAdditions,
  found: readonly Finding[],
): SubscriptionPlan => {
  const { window } = context
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  return toRow(context, {
    group,
    timeline: timelineOf(inside, window),
    held: additions.matched,
    additions,
    findings: found,
    changes: [],
    reconciliation: reconcileFailed(chargedTotal(context, group), billedBy(additions.matched, window)),
  })
}
