/** Apply: carries one period's plan out, one recorded change at a time. It decides nothing but when to stop. */
import type { AppliedChange, AppliedPeriodPlan, AppliedSubscription } from '#db/values.ts'
import { explainChange } from '#lib/billing/explain.ts'
import type {
  AdditionWrite,
  Change,
  Finding,
  PeriodPlan,
  Situation,
  SubscriptionPlan,
} from '#lib/billing/types.ts'
import * as writeFindings from '#lib/ledger/findings.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { noteAdoption, writeAddition } from '#lib/ledger/write.ts'
import { type CreatedItems, createCatalogItems } from './catalog-items.ts'
import type { SyncContext } from './context.ts'
import { applied, type Interruption, skuKey, Work, writesOf } from './work.ts'

export interface ApplyInput {
  readonly runId: string
  /** The customers that sync. */
  readonly tenantIds: readonly string[]
  readonly situation: Situation
  readonly period: PeriodPlan
  readonly lease: Lease
}

export interface Applied {
  readonly plan: AppliedPeriodPlan
  readonly interrupted: Interruption | null
}

export const apply = async ({ ctx, input }: { ctx: SyncContext; input: ApplyInput }): Promise<Applied> => {
  const { period, situation, runId, tenantIds, lease } = input
  const about = {
    agreementId: situation.agreement.id,
    runId,
    period: period.period,
    invoiceId: period.invoiceId,
    knownAdditionIds: [...situation.additions, ...(situation.unreadableAdditions ?? [])]
      .map((each) => each.id)
      .filter((id) => id !== null),
  }
  const work = new Work(ctx, { lease, about }, tenantIds)
  await work.begin(writesOf(period))
  const created = await createCatalogItems(work, period.catalogItems)
  const subscriptions: AppliedSubscription[] = []
  const stopped = new Set<string>()
  for (const each of period.subscriptions)
    subscriptions.push(await applySubscription(work, each, created, stopped))
  await work.end()
  return {
    plan: { ...period, subscriptions, appliedCatalogItems: created.applied },
    interrupted: work.interrupted,
  }
}

/** @param stopped subscriptions of which a change failed: their later changes are not sent, also of another product. */
const applySubscription = async (
  work: Work,
  subscription: SubscriptionPlan,
  created: CreatedItems,
  stopped: Set<string>,
): Promise<AppliedSubscription> => {
  const key = sentTogether(subscription)
  const productFailure = failedProduct(subscription, created)
  if (productFailure !== null) stopped.add(key)
  const found: Finding[] = productFailure === null ? [] : [writeFindings.productNotCreated(productFailure)]
  const results: AppliedChange[] = []
  for (const change of subscription.changes) {
    const result = stopped.has(key)
      ? applied(change, change.kind === 'keep' ? 'kept' : 'not-sent')
      : await applyChange(work, subscription.subscriptionId.toLowerCase(), withItem(change, created))
    results.push(result)
    if (change.kind !== 'keep') work.pass()
    if (stopped.has(key)) continue
    if (result.outcome === 'done' || result.outcome === 'kept') continue
    stopped.add(key)
    if (result.outcome === 'refused')
      found.push(writeFindings.connectWiseRefused(result.message ?? '', explainChange(change)))
  }
  return withFindings({ ...subscription, applied: results }, found)
}

/** Of a subscription id all is sent or nothing more; additions that are no subscription's do not stop each other. */
const sentTogether = ({ kind, subscriptionId, findings: [found] }: SubscriptionPlan): string =>
  [kind, subscriptionId.toLowerCase(), ...(kind === 'addition' ? (found?.additionIds ?? []) : [])].join(' ')

/** A subscription with findings added; an error makes its status Error, a warning at least Warning. */
export const withFindings = <S extends SubscriptionPlan>(subscription: S, found: readonly Finding[]): S => {
  if (found.length === 0) return subscription
  const isError = subscription.status === 'Error' || found.some((each) => each.severity === 'error')
  const isWarning = found.some((each) => each.severity === 'warning')
  return {
    ...subscription,
    findings: [...subscription.findings, ...found],
    status: isError ? 'Error' : isWarning ? 'Warning' : subscription.status,
  }
}

/** Why the catalog item that the subscription needs could not be created; `null` where it needs none or has it. */
const failedProduct = (subscription: SubscriptionPlan, created: CreatedItems): string | null => {
  for (const change of subscription.changes) {
    if (change.kind !== 'create' || change.addition.catalogItemId !== null) continue
    const failure = created.failures.get(skuKey(change.addition.sku))
    if (failure !== undefined) return failure
  }
  return null
}

/** A draft with the id of the catalog item that was created for it. */
const withItem = (change: Change, created: CreatedItems): Change =>
  change.kind === 'create' && change.addition.catalogItemId === null
    ? {
        ...change,
        addition: { ...change.addition, catalogItemId: created.ids.get(skuKey(change.addition.sku)) ?? null },
      }
    : change

const applyChange = async (work: Work, subscriptionId: string, change: Change): Promise<AppliedChange> => {
  if (change.kind === 'keep') {
    if (change.lots) await noteAdoption(work.writing, subscriptionId, change)
    return applied(change, 'kept')
  }
  if (change.kind === 'createCatalogItem') throw new Error('A catalog item is no change of a subscription')
  if (isUnnamed(change) || !(await work.mayWrite())) return applied(change, 'not-sent')
  await work.noteWrite(explainChange(change))
  const written = await writeAddition(work.writing, subscriptionId, change)
  if (written.outcome === 'done')
    return applied(change, 'done', written.result === null ? {} : { additionId: written.result.id })
  if (written.outcome === 'unknown') work.interrupted = { by: 'unknown' }
  return applied(change, written.outcome, { message: written.message })
}

/** A draft whose catalog item was not created because the sync was interrupted before. */
const isUnnamed = (change: AdditionWrite): boolean =>
  change.kind === 'create' && change.addition.catalogItemId === null
