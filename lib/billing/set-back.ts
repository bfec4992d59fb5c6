/**
 * Setting back what somebody edited by hand of additions that a sync wrote (docs/billing-rules.md, "Setting back"): each becomes
 * as the ledger left it, as a plan that is previewed, sent and proved like any other. Only where that alone leads to what the
 * invoice says: what a later sync has settled otherwise stays. Pure, and by what the agreement holds now.
 */
import { decimal } from './decimal.ts'
import { finding } from './finding.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { planUsage } from './plan-usage.ts'
import { totalReconciliation } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { statusOf } from './subscription-row.ts'
import type {
  Addition,
  AdditionPatch,
  Day,
  Finding,
  PeriodPlan,
  Situation,
  SubscriptionPlan,
  UpdateChange,
} from './types.ts'
import { emptyRow } from './undo-plan.ts'

/** An addition as the ledger's last write of it left it. */
export interface LeftAddition {
  /** `''`: the agreement's Azure, or no subscription's. */
  readonly subscriptionId: SubscriptionKey
  readonly after: Addition
}

/** @param touched subscriptions of which this run has set something back already: they stay in the plan */
export const planSetBack = (
  situation: Situation,
  left: readonly LeftAddition[],
  touched: readonly SubscriptionKey[] = [],
): PeriodPlan => {
  const usage = situation.usages.at(-1)
  if (usage === undefined) throw new Error('Setting back is of a month that has an invoice')
  const edits = editsOf(situation, left)
  const changes = edits.flatMap(({ change }) => change ?? [])
  const of = { ...situation, usages: [usage], newest: usage.period, failed: {} }
  const planned = planUsage({ ...of, ...simulate(of, changes) }, usage, true).subscriptions
  const ids = [...new Set([...touched, ...edits.map(({ subscriptionId }) => subscriptionId)])]
  const rows = ids.map((subscriptionId) => {
    const theirs = edits.filter((edit) => edit.subscriptionId === subscriptionId)
    return rowOf(of, usage.period, subscriptionId, theirs, planned)
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

interface Edit {
  readonly subscriptionId: SubscriptionKey
  readonly additionId: number
  /** `null`: it has another product now, which cannot be set back. */
  readonly change: UpdateChange | null
}

const editsOf = ({ additions, agreement, owned }: Situation, left: readonly LeftAddition[]): Edit[] => {
  const now = new Map(additions.map((addition) => [addition.id, addition]))
  const lotsOf = new Map(owned.map(({ additionId, lots }) => [additionId, lots]))
  return left.flatMap(({ subscriptionId, after }): Edit[] => {
    const before = now.get(after.id)
    if (before === undefined) return []
    const common = { subscriptionId, additionId: after.id }
    if (before.catalogItemId !== after.catalogItemId) return [{ ...common, change: null }]
    const set = patchTo(before, after, agreement.startDate)
    if (Object.keys(set).length === 0) return []
    const lots = lotsOf.get(after.id)
    const reason = { rule: 'set-back' as const }
    const change: UpdateChange = {
      kind: 'update',
      reason,
      additionId: after.id,
      before,
      set,
      ...(lots === undefined ? {} : { lots: [...lots] }),
    }
    return [{ ...common, change }]
  })
}

/** What of an addition is billed otherwise than the ledger left it. */
const patchTo = (now: Addition, after: Addition, agreementStart: Day): AdditionPatch => {
  const isOther = (field: 'quantity' | 'lessIncluded' | 'unitCost' | 'unitPrice'): boolean =>
    !decimal(now[field]).eq(after[field])
  const begins = after.effectiveDate ?? agreementStart
  return {
    ...(subscriptionKey(now.serialNumber) === subscriptionKey(after.serialNumber)
      ? {}
      : { serialNumber: after.serialNumber }),
    ...(isOther('quantity') ? { quantity: after.quantity } : {}),
    ...(isOther('lessIncluded') ? { lessIncluded: after.lessIncluded } : {}),
    ...((now.effectiveDate ?? agreementStart) === begins ? {} : { effectiveDate: begins }),
    ...(now.cancelledDate === after.cancelledDate ? {} : { cancelledDate: after.cancelledDate }),
    ...(now.billCustomer === after.billCustomer ? {} : { billCustomer: after.billCustomer }),
    ...(isOther('unitCost') ? { unitCost: after.unitCost } : {}),
    ...(isOther('unitPrice') ? { unitPrice: after.unitPrice } : {}),
  }
}

const rowOf = (
  situation: Situation,
  period: PeriodPlan['period'],
  subscriptionId: SubscriptionKey,
  edits: readonly Edit[],
  planned: readonly SubscriptionPlan[],
): SubscriptionPlan => {
  const ids = edits.map(({ additionId }) => additionId)
  const theirs = planned.filter((row) => isOf(row, subscriptionId, ids))
  const isWritten = theirs.some(({ changes }) => changes.some(isMore))
  const hasOtherProduct = edits.some(({ change }) => change === null)
  const found: Finding[] = hasOtherProduct ? [otherProduct(ids)] : isWritten ? [settledOtherwise(ids)] : []
  const changes = found.length > 0 ? [] : edits.flatMap(({ change }) => change ?? [])
  const row = theirs[0] ?? emptyRow(situation, period, { subscriptionId, changes })
  return { ...row, findings: found, changes, status: statusOf(found, changes) }
}

/** Azure's row, that of an addition, or the subscription's. */
const isOf = (row: SubscriptionPlan, id: SubscriptionKey, additionIds: readonly number[]): boolean =>
  id === ''
    ? row.kind === 'azure' ||
      row.changes.some((change) => 'additionId' in change && additionIds.includes(change.additionId))
    : row.kind !== 'azure' && subscriptionKey(row.subscriptionId) === id

const isMore = ({ kind }: SubscriptionPlan['changes'][number]): boolean => kind !== 'keep'

const settledOtherwise = (additionIds: readonly number[]): Finding =>
  finding(
    'set-back-settled',
    'note',
    'What was edited here is not set back, because that alone would not make the quantity that PRISM invoices',
    'A sync may have settled it since, with other additions.',
    'Nothing to do: a sync bills what PRISM invoices, whatever was edited. Preview shows what it would write.',
    additionIds,
  )

const otherProduct = (additionIds: readonly number[]): Finding =>
  finding(
    'set-back-product',
    'warning',
    'What was edited here is not set back, because an addition has another product now',
    'The product of an addition cannot be changed by a sync.',
    'Choose the former product for the addition in ConnectWise, or delete it there; then sync.',
    additionIds,
  )
