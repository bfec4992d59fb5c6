/**
 * What is sent as one: where a change of it fails, no later one of it is sent (docs/billing-rules.md,
 * "One id").
 */
import { isRoundingSerial } from './exact-amounts.ts'
import { subscriptionKey } from './keys.ts'
import { statusOf } from './subscription-row.ts'
import type { Situation, SubscriptionPlan } from './types.ts'

/**
 * Which rows are sent together: all of a subscription id, its credits, the agreement's Azure, its correction, or one addition that is no subscription's.
 * The key of `Situation.failed`.
 */
export function sentTogether({ kind, subscriptionId, findings }: SubscriptionPlan): string {
  if (kind === 'azure') return AZURE
  if (kind === 'credit') return creditTogether(subscriptionId)
  const id = subscriptionKey(subscriptionId)
  if (kind === 'subscription' || kind === 'annual' || kind === 'closing' || isRoundingSerial(id)) return id
  return [kind, ...(findings[0]?.additionIds ?? [])].join(' ')
}

export const AZURE = 'azure'

/** The credits of a subscription, apart from all else of it. */
export const creditTogether = (subscriptionId: string): string => `credit ${subscriptionKey(subscriptionId)}`

/** Rows that are planned by what failed of them. */
const plannedSo: readonly SubscriptionPlan['kind'][] = ['subscription', 'azure', 'credit']

/** A row with nothing to send where something that it is sent with has failed. */
export function unlessFailed(row: SubscriptionPlan, { failed }: Pick<Situation, 'failed'>): SubscriptionPlan {
  const found = failed?.[sentTogether(row)]
  if (found === undefined || plannedSo.includes(row.kind)) return row
  const findings = [...row.findings, ...found]
  return { ...row, status: statusOf(findings, []), findings, changes: [] }
}
