/**
 * The plan: what would be written to ConnectWise so that it bills what PRISM invoiced. A synchronous pure function of the
 * situation; a preview is this function, a sync carries out exactly what it returns, and a sync is proved by an empty one.
 */

import { isNegative } from './classify.ts'
import { heldBackAfter, isGood } from './held-back.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { planUsage } from './plan-usage.ts'
import { simulate } from './simulate.ts'
import { tellsMore } from './standing.ts'
import { firstSyncOf } from './start.ts'
import type {
  Change,
  MappedTenant,
  Period,
  PeriodPlan,
  Plan,
  Situation,
  SubscriptionPlan,
  Usage,
} from './types.ts'

/** Everything that a period writes, in order. */
export const changesOf = (period: PeriodPlan): Change[] => [
  ...period.catalogItems,
  ...period.subscriptions.flatMap((subscription) => subscription.changes),
]

/** True where a plan writes nothing: all it has is `keep`. */
export const isNothingToWrite = (plan: Plan): boolean =>
  plan.periods.every((period) => changesOf(period).every((change) => change.kind === 'keep'))

const afterPeriod = (situation: Situation, usage: Usage, planned: PeriodPlan): Situation => {
  const good: Record<SubscriptionKey, readonly Period[]> = { ...situation.good }
  const starts = { ...situation.starts }
  const open = new Set(
    planned.subscriptions.flatMap((row) =>
      row.kind === 'credit' && !isGood(row) ? [subscriptionKey(row.subscriptionId)] : [],
    ),
  )
  for (const row of ofPlanned(situation, planned)) {
    const id = subscriptionKey(row.subscriptionId)
    if (row.begins !== undefined) starts[id] = row.begins
    if (row.begins !== 'elsewhere' && isGood(row) && !open.has(id))
      good[id] = [...(good[id] ?? []), usage.period]
  }
  const latest = { ...situation.latest }
  for (const line of usage.lines.filter((each) => !isNegative(each))) {
    const id = subscriptionKey(line.subscriptionId)
    if (tellsMore(line, latest[id], situation.options.annualTermsMonthly)) latest[id] = line
  }
  const tenants = situation.tenants.map((tenant) =>
    afterFirstSync(tenant, usage.period, ofPlanned(situation, planned)),
  )
  return {
    ...simulate(situation, changesOf(planned)),
    previous: usage,
    latest,
    good,
    ...(situation.synced === undefined
      ? {}
      : { synced: [...situation.synced, ...syncedIn(situation, planned)] }),
    ...heldBackAfter(situation, planned, isGood),
    starts,
    tenants,
  }
}

/** Rows of subscriptions, without those of which a person skipped the month: it is not good by that. */
const ofPlanned = ({ skipped = {} }: Situation, { period, subscriptions }: PeriodPlan): SubscriptionPlan[] =>
  subscriptions.filter(
    ({ kind, subscriptionId }) =>
      kind === 'subscription' && skipped[subscriptionKey(subscriptionId)]?.includes(period) !== true,
  )

const syncedIn = (situation: Situation, planned: PeriodPlan): SubscriptionKey[] =>
  ofPlanned(situation, planned)
    .filter((row) => isGood(row) && row.begins !== 'elsewhere')
    .map(({ subscriptionId }) => subscriptionKey(subscriptionId))

const afterFirstSync = (
  tenant: MappedTenant,
  period: Period,
  planned: readonly SubscriptionPlan[],
): MappedTenant => {
  const { firstSync } = tenant
  if (firstSync === undefined || firstSync.through !== undefined) return tenant
  const good = planned.filter((row) => row.tenantId === tenant.id && isGood(row))
  const here = good.filter(({ begins }) => begins !== 'elsewhere')
  const through = firstSyncOf(
    here.map(() => period),
    here.map(({ begins }) => begins),
  )
  return { ...tenant, firstSync: { ...firstSync, ...through } }
}

/**
 * Plans every usage of the situation, oldest first, each on the simulated result of the one before.
 * @param planMonth how one of them is planned
 */
export const plan = (
  situation: Situation,
  planMonth: (situation: Situation, usage: Usage, isNewest: boolean) => PeriodPlan = planUsage,
): Plan => {
  const periods: PeriodPlan[] = []
  let current = situation
  const last = situation.usages.at(-1)
  const newest = situation.newest ?? last?.period
  for (const usage of situation.usages) {
    const planned = planMonth(current, usage, usage.period === newest)
    periods.push(planned)
    if (usage !== last) current = afterPeriod(current, usage, planned)
  }
  return { agreementId: situation.agreement.id, periods }
}
