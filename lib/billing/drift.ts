/**
 * A good month that ConnectWise has invoiced is not planned again (docs/billing-rules.md, "Days billed").
 * What somebody changed since it was synced is shown: as drift where the month was billed like that, by name
 * where it was changed after it was billed.
 */
import { byStart, type CountedAddition } from './additions.ts'
import { changedSinceBilled } from './billed-days.ts'
import { inconsistency } from './consistency.ts'
import type { Context, Group } from './context.ts'
import { amount, isZeroPair, pair, subtractPair } from './decimal.ts'
import { linesTwice, productOf } from './plan-subscription.ts'
import { type Pricing, pricingOf, takingHold } from './price-rules.ts'
import { priceFindings, unbilledParts } from './price-warnings.ts'
import { invoicedTotal, reconcile, reconcileAs } from './reconcile.ts'
import type { Sequence } from './step-rules.ts'
import { sequence, sequenceAtPrice } from './steps.ts'
import { billedBy, type GroupAdditions, keeps, type Row, toRow } from './subscription-row.ts'
import { type Timeline, timelineOf } from './timeline.ts'
import type { Reconciliation, SubscriptionPlan } from './types.ts'

/** The row of a subscription whose month is good and invoiced: nothing is written, but at a price that a person agreed to, or of a rule that takes hold. */
export const billedRow = (context: Context, group: Group, additions: GroupAdditions): SubscriptionPlan => {
  const { window } = context
  const isInside = group.lines.every((line) => line.first >= window.first && line.last <= window.last)
  const timeline = timelineOf(isInside ? group.lines : [], window)
  const { matched } = additions
  const pricing = pricingOf(context.situation, group)
  const steps = atOwnPrice(context, group, timeline, matched, pricing)
  const planned = steps.changes
  const row: Omit<Row, 'reconciliation'> = {
    group,
    timeline,
    held: matched,
    additions,
    findings: [
      ...priceFindings(context.situation, pricing, matched, steps, timeline, window),
      ...unbilledParts(matched, planned, window, false),
      ...changedSinceBilled(context, matched, window.period),
      ...linesTwice(group.lines),
    ],
    changes: [...planned, ...keeps(matched, planned)],
  }
  return toRow(context, { ...row, reconciliation: withDrift(context, row) })
}

/** J3, J11: nothing of what ConnectWise has invoiced is touched. */
const atOwnPrice = (
  context: Context,
  group: Group,
  timeline: Timeline,
  held: readonly CountedAddition[],
  pricing: Pricing,
): Sequence => {
  const { window, situation } = context
  const isAsked = pricing.agreed !== undefined || takingHold(pricing, window.next) !== null
  if (!isAsked || group.product === null || inconsistency(held, timeline, window) !== null)
    return { changes: [], held }
  const product = productOf(context, group.product)
  return sequenceAtPrice(
    group.subscriptionId,
    product,
    situation.agreement,
    window,
    timeline,
    held.toSorted(byStart),
    pricing,
  )
}

/** Drift is what the month would be billed otherwise, were it planned again with the additions and invoices of now. */
const withDrift = (context: Context, row: Omit<Row, 'reconciliation'>): Reconciliation => {
  const { window, situation } = context
  const { group, timeline, held } = row
  const billed = billedBy(held, window)
  if (group.product === null || inconsistency(held, timeline, window) !== null)
    return reconcileAs('drift', invoicedTotal(group.lines), billed)
  const { held: expected } = sequence(
    group.subscriptionId,
    productOf(context, group.product),
    situation.agreement,
    window,
    timeline,
    held,
    { ...pricingOf(situation, group), agreed: undefined },
  )
  const planned = reconcile({ lines: group.lines, timeline, window, expected, actual: expected })
  const drift = subtractPair(pair(planned.billed), billed)
  return {
    ...planned,
    billed: amount(billed),
    ...(isZeroPair(drift) ? {} : { terms: { ...planned.terms, drift: amount(drift) } }),
  }
}
