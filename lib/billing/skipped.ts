/**
 * Months of a subscription that a person skipped, passed over or undid (docs/billing-rules.md, "Terms"): never
 * planned, and a named term of the proof with what is invoiced and what its additions bill all the same.
 */
import { chargedTotal } from './bad-lines.ts'
import type { Context, Group } from './context.ts'
import * as findings from './findings.ts'
import { goneGroups, heldOf } from './gone-groups.ts'
import { groupLines } from './groups.ts'
import type { Matching } from './matching.ts'
import { reconcileAs } from './reconcile.ts'
import { billedBy, keeps, toRow } from './subscription-row.ts'
import { timelineOf } from './timeline.ts'
import type { SubscriptionPlan } from './types.ts'

/** A row of each product of each subscription of which the period is skipped; Azure usage as that of a subscription. */
export const skippedRows = (context: Context, matching: Matching): SubscriptionPlan[] => {
  if (!context.isAnySkipped) return []
  const azure = groupLines(context.classified.skippedAzure, context.lookup)
  const isInvoiced = ({ id, product }: Group): boolean =>
    azure.some((each) => each.id === id && each.product?.item?.id === product?.item?.id)
  const gone = goneGroups(context, matching).filter((each) => !isInvoiced(each))
  const groups = [...context.groups, ...azure, ...gone].filter(({ id }) => context.isSkipped(id))
  return groups.map((group) => skippedRow(context, matching, group, groups))
}

const skippedRow = (
  context: Context,
  { matched }: Matching,
  group: Group,
  groups: readonly Group[],
): SubscriptionPlan => {
  const { window } = context
  const isParked = context.situation.parked?.[group.id]?.includes(window.period) === true
  const held = heldOf(matched, group, groups)
  const inside = group.lines.filter((line) => line.first >= window.first && line.last <= window.last)
  return toRow(context, {
    group,
    timeline: timelineOf(inside, window),
    held,
    additions: { matched: held, ended: [], doubts: [], ofId: held },
    findings: [isParked ? findings.monthParked(window.period) : findings.monthSkipped(window.period)],
    changes: keeps(held, []),
    reconciliation: reconcileAs('skipped', chargedTotal(context, group), billedBy(held, window)),
  })
}
