/**
 * The plan: what would be written to ConnectWise so that it bills what PRISM invoiced. A synchronous pure function of the
 * situation; a preview is this function, a sync carries out exactly what it returns, and a sync is proved by an empty one.
 */

import { normalise } from './classify.ts'
import { planUsage } from './plan-usage.ts'
import { simulate } from './simulate.ts'
import type { Change, Period, PeriodPlan, Plan, Situation, SubscriptionPlan, Usage } from './types.ts'

/** Everything that a period writes, in order. */
export const changesOf = (period: PeriodPlan): Change[] => [
  ...period.catalogItems,
  ...period.subscriptions.flatMap((subscription) => subscription.changes),
]

/** True where a plan writes nothing: all it has is `keep`. */
export const isNothingToWrite = (plan: Plan): boolean =>
  plan.periods.every((period) => changesOf(period).every((change) => change.kind === 'keep'))

/** Whether a row leaves its subscription good for the period, once its changes are made. */
export const isGood = ({ status, waits }: Pick<SubscriptionPlan, 'status' | 'waits'>): boolean =>
  status !== 'Error' && waits === undefined

/** Additions of which the rows ask whose they are. */
export const disputedIn = (rows: readonly Pick<SubscriptionPlan, 'findings'>[]): number[] =>
  rows.flatMap(({ findings }) =>
    findings.flatMap(({ code, additionIds }) => (code === 'ambiguous-additions' ? additionIds : [])),
  )

const afterPeriod = (situation: Situation, usage: Usage, planned: PeriodPlan): Situation => {
  const good: Record<string, readonly Period[]> = { ...situation.good }
  const waiting: Record<string, Period> = { ...situation.waiting }
  for (const row of planned.subscriptions) {
    if (row.kind !== 'subscription') continue
    const id = normalise(row.subscriptionId)
    if (isGood(row)) good[id] = [...(good[id] ?? []), usage.period]
    else if (!row.late) waiting[id] ??= usage.period
  }
  const latest = { ...situation.latest }
  for (const line of usage.lines) {
    const id = normalise(line.subscriptionId)
    if (latest[id] === undefined || latest[id].last < line.last) latest[id] = line
  }
  const disputed = [...(situation.disputed ?? []), ...disputedIn(planned.subscriptions)]
  return { ...simulate(situation, changesOf(planned)), previous: usage, latest, good, waiting, disputed }
}

/** Plans every usage of the situation, oldest first, each on the simulated result of the one before. */
export const plan = (situation: Situation): Plan => {
  const periods: PeriodPlan[] = []
  let current = situation
  const newest = situation.newest ?? situation.usages.at(-1)?.period
  for (const usage of situation.usages) {
    const planned = planUsage(current, usage, usage.period === newest)
    periods.push(planned)
    current = afterPeriod(current, usage, planned)
  }
  return { agreementId: situation.agreement.id, periods }
}
