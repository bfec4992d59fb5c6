/**
 * What is sent as one: where a change of it fails, no later one of it is sent (docs/billing-rules.md,
 * "One id").
 */
import { isRoundingSerial } from './exact-amounts.ts'
import { subscriptionKey } from './keys.ts'
import { statusOf } from './subscription-row.ts'
import type { Situation, SubscriptionPlan } from './types.ts'

/**
 * Which rows are sent together: all of a subscription id, the agreement's Azure, its correction, or one addition that is no subscription's.
 * The key of `Situation.failed`.
 */
export function sentTogether({ kind, subscriptionId, findings }: SubscriptionPlan): string {
  if (kind === 'azure') return AZURE
  const id = subscriptionKey(subscriptionId)
  if (kind === 'subscription' || kind === 'annual' || kind === 'closing' || isRoundingSerial(id)) return id
  return [kind, ...(findings[0]?.additionIds ?? [])].join(' ')
}

export const AZURE = 'azure'

/** A row with nothing to send where something that it is sent with has failed; subscriptions and Azure are planned so. */
export function unlessFailed(row: SubscriptionPlan, { failed }: Pick<Situation, 'failed'>): SubscriptionPlan {
  const found = failed?.[sentTogether(row)]
  if (found === undefined || row.kind === 'subscription' || row.kind === 'azure') return row
  const findings = [...row.findings, ...found]
  return { ...row, status: statusOf(findings, []), findings, changes: [] }
}
