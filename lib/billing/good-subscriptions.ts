/** Which subscriptions a month is done for (F12): on the invoice, or known from an earlier one and gone. */
import { type BySubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import { customersOf, membershipOf, type Telling } from './moving.ts'
import type { MappedTenant, Period, PeriodPlan, SubscriptionPlan } from './types.ts'

type MonthsOf = BySubscription<readonly Period[]>

/** How far the subscriptions of an agreement are; by subscription, or by tenant. */
export interface GoodSoFar {
  readonly good: MonthsOf
  readonly goodElsewhere: MonthsOf
  readonly skipped: MonthsOf
  readonly stays: ReadonlyMap<
    string,
    Pick<MappedTenant, 'from' | 'until' | 'returns' | 'takesOver' | 'syncs'>
  >
}

/** @param isGood whether a row of the plan is good, all that was to be sent of it having been sent */
export function goodSubscriptions<Row extends SubscriptionPlan>(
  plan: Pick<PeriodPlan, 'period' | 'findings' | 'ignored'> & { readonly subscriptions: readonly Row[] },
  isGood: (row: Row) => boolean,
  situation: Telling,
  soFar: GoodSoFar,
): { readonly subscriptionId: SubscriptionKey; readonly tenantId: string }[] {
  // What is wrong with the agreement as a whole is wrong with each of its subscriptions.
  if (plan.findings.some(({ severity }) => severity === 'error')) return []
  const { subscriptions, usages } = situation
  const known = subscriptions
    .map(({ id }) => subscriptionKey(id))
    .filter((id) => soFar.good[id] !== undefined)
  const onLines = usages.flatMap(({ lines }) => lines.map((line) => subscriptionKey(line.subscriptionId)))
  const customers = customersOf(situation)
  const tenantOf = new Map([...known, ...onLines].map((id) => [id, customers.get(id) ?? ''] as const))

  const planned = plan.subscriptions.filter(({ kind }) => kind === 'subscription' || kind === 'credit')
  const bad = new Set(
    planned.flatMap((row) =>
      row.begins === 'elsewhere' || !isGood(row) ? [subscriptionKey(row.subscriptionId)] : [],
    ),
  )
  // Azure is one entry for the agreement: its subscriptions are those on the invoice that have none of their own.
  const isAzureBad = plan.subscriptions.some((row) => row.kind === 'azure' && !isGood(row))
  const apart = new Set([...planned, ...plan.ignored].map((each) => subscriptionKey(each.subscriptionId)))
  const isBad = (id: SubscriptionKey): boolean => bad.has(id) || (isAzureBad && !apart.has(id))
  const isDone = (id: SubscriptionKey): boolean =>
    [soFar.goodElsewhere[id], soFar.skipped[id]].some((months) => months?.includes(plan.period))
  return [...tenantOf].flatMap(([subscriptionId, tenantId]) => {
    const stay = soFar.stays.get(tenantId)
    const isTheirs = stay?.syncs === true && membershipOf(stay, plan.period) === 'member'
    return isTheirs && !isBad(subscriptionId) && !isDone(subscriptionId) ? [{ subscriptionId, tenantId }] : []
  })
}
