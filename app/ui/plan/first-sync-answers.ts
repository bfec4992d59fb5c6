import type { FirstSync } from '#lib/billing/types.ts'
import type { SubscriptionPlan } from './shown.ts'

export type AnswerableRow = Pick<SubscriptionPlan, 'tenantId' | 'waits' | 'begins'>

/** What can be said of a row now: how its customer is to begin, or that it is to begin otherwise than was said. */
export function answersOf({ waits, begins }: AnswerableRow): readonly FirstSync[] {
  if (waits?.question === 'first-sync') return ['next', 'catch-up', 'elsewhere']
  if (begins === undefined) return []
  return begins === 'elsewhere' ? ['next', 'catch-up'] : ['catch-up']
}
