/** What an undo writes, as the plan of a month: previewed, stored, sent and proved like any other (J2; docs/billing-rules.md, "Undo"). */
import { isAzure } from './classify.ts'
import { quantity, zero } from './decimal.ts'
import { roundingName } from './exact-amounts.ts'
import { type BySubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import { planUsage } from './plan-usage.ts'
import { emptyReconciliation, totalReconciliation } from './reconcile.ts'
import { statusOf } from './subscription-row.ts'
import { invoicedThrough, windowOf } from './timeline.ts'
import { AZURE } from './together.ts'
import type { Period, PeriodPlan, Situation, SubscriptionPlan, Usage } from './types.ts'
import { type UndoneSubscription, undo } from './undo.ts'
import type { UndoInput } from './undo-addition.ts'

/** All that is known of the run that is taken back, and of what this undo did so far. */
export type UndoneRun = Pick<UndoInput, 'written' | 'restored' | 'invoicedBefore'> & {
  /** As `UndoInput` has it; left out while the undo has not begun. */
  readonly invoicedThrough?: UndoInput['invoicedThrough']
}

/**
 * The plan of the run's last month: a row of each subscription that the run wrote, as the month comes out while it is parked.
 * @param situation with that month as its last usage
 */
export const planUndo = (situation: Situation, undone: UndoneRun): PeriodPlan => {
  const usage = situation.usages.at(-1)
  if (usage === undefined) throw new Error('An undo is of a month that has an invoice')
  const items = new Map(situation.catalog.map((item) => [item.id, item]))
  const all = undo({
    ...undone,
    situation,
    invoicedThrough:
      undone.invoicedThrough === undefined ? invoicedThrough(situation.agreement) : undone.invoicedThrough,
    skuOf: (id) => items.get(id)?.vendorSku ?? '',
  }).map((each) => withoutFailed(each, situation))
  const shown = rowsWhileParked(situation, usage, all)
  const rows = all.flatMap((each): SubscriptionPlan[] => {
    const [first, ...others] = shown.filter((row) => isOf(row, each))
    const row = first ?? emptyRow(situation, usage.period, each)
    return [withUndone(row, each), ...others.map((other) => ({ ...other, changes: [] }))]
  })
  return {
    period: usage.period,
    invoiceId: usage.invoiceId,
    catalogItems: [],
    subscriptions: rows,
    ignored: [],
    findings: [],
    totals: totalReconciliation(rows.map(({ reconciliation }) => reconciliation)),
  }
}

/** Subscriptions of which something is taken back, Azure's own ones for the agreement's Azure. */
export const undoneIds = (situation: Situation, { subscriptions }: PeriodPlan): SubscriptionKey[] => {
  const taken = subscriptions.filter(({ status }) => status !== 'Error')
  return taken.flatMap(({ kind, subscriptionId }) => {
    if (kind === 'azure') return azureIds(situation)
    return kind === 'subscription' ? [subscriptionKey(subscriptionId)] : []
  })
}

const azureIds = ({ usages, subscriptions }: Situation): SubscriptionKey[] => {
  const stored = new Map(subscriptions.map((each) => [subscriptionKey(each.id), each]))
  const lines = usages.at(-1)?.lines ?? []
  const ids = lines.flatMap(({ subscriptionId, offerName }) => {
    const id = subscriptionKey(subscriptionId)
    return isAzure(stored.get(id), offerName) ? [id] : []
  })
  return [...new Set(ids)]
}

/** A later round leaves alone what failed in an earlier one. */
const withoutFailed = (undone: UndoneSubscription, { failed }: Situation): UndoneSubscription => {
  const found = failed?.[undone.kind === 'azure' ? AZURE : undone.subscriptionId]
  return found === undefined ? undone : { ...undone, changes: [], findings: found }
}

/** The month as it is planned while what is taken back is parked. */
const rowsWhileParked = (
  situation: Situation,
  usage: Usage,
  all: readonly UndoneSubscription[],
): SubscriptionPlan[] => {
  const ids = all.flatMap(({ kind, subscriptionId }) => {
    if (kind === 'azure') return azureIds(situation)
    return kind === 'addition' ? [] : [subscriptionId]
  })
  const parked: BySubscription<readonly Period[]> = Object.fromEntries(
    ids.map((id) => [id, [...(situation.skipped?.[id] ?? []), usage.period]]),
  )
  const { subscriptions } = planUsage(
    {
      ...situation,
      usages: [usage],
      failed: {},
      skipped: { ...situation.skipped, ...parked },
      parked: { ...situation.parked, ...parked },
    },
    usage,
    true,
  )
  return subscriptions.filter(({ kind }) => kind === 'subscription' || kind === 'credit')
}

const isOf = (row: SubscriptionPlan, { kind, subscriptionId }: UndoneSubscription): boolean =>
  kind === 'subscription' && subscriptionKey(row.subscriptionId) === subscriptionId

const withUndone = (
  row: SubscriptionPlan,
  { kind, changes, findings }: UndoneSubscription,
): SubscriptionPlan => ({
  ...row,
  kind,
  changes: [...changes],
  findings: [...findings],
  status: statusOf(findings, changes),
})

/** Of one that the month has nothing of any more. */
export const emptyRow = (
  { catalog, additions, agreement, subscriptions }: Situation,
  period: Period,
  { subscriptionId, changes }: Pick<UndoneSubscription, 'subscriptionId' | 'changes'>,
): SubscriptionPlan => {
  const of = changes.map((change) =>
    'before' in change ? change.before : change.kind === 'create' ? change.addition : null,
  )
  const itemId =
    of.find((each) => each !== null)?.catalogItemId ??
    additions.find((each) => subscriptionKey(each.serialNumber) === subscriptionId)?.catalogItemId
  const item = catalog.find(({ id }) => id === itemId)
  const stored = subscriptions.find(({ id }) => subscriptionKey(id) === subscriptionId)
  const { first, last } = windowOf(agreement, period)
  return {
    kind: 'subscription',
    subscriptionId,
    tenantId: stored?.tenantId ?? '',
    product: {
      productId: stored?.productId ?? '',
      sku: item?.vendorSku ?? '',
      name: roundingName(subscriptionId) ?? stored?.productName ?? item?.identifier ?? '',
      catalogItemId: item?.id ?? null,
    },
    status: 'No Change',
    findings: [],
    changes: [],
    quantityBefore: quantity(zero),
    steps: [{ first, last, quantity: quantity(zero) }],
    invoiced: emptyReconciliation.invoiced,
    billed: emptyReconciliation.billed,
    reconciliation: emptyReconciliation,
  }
}
