/** What waits for a person: an index of the last sync of each agreement, for lists. */
import { and, eq } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Amount, Period, WaitQuestion } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { insertRows } from '../rows.ts'
import { waitingSubscriptions } from './tables.ts'

export interface WaitingSubscription {
  readonly period: Period
  readonly subscriptionId: SubscriptionKey
  readonly tenantId: string
  readonly question: WaitQuestion
  readonly invoiced: Amount
  readonly billed: Amount
}

/** Stores what of an agreement waits, in place of what was stored. */
export const putWaiting = async (
  db: Database,
  organisationId: string,
  program: string,
  { runId, agreementId }: { readonly runId: string; readonly agreementId: number },
  waiting: readonly WaitingSubscription[],
): Promise<void> => {
  await db
    .delete(waitingSubscriptions)
    .where(
      and(
        eq(waitingSubscriptions.organisationId, organisationId),
        eq(waitingSubscriptions.program, program),
        eq(waitingSubscriptions.agreementId, agreementId),
      ),
    )
  const rows = waiting.map(({ invoiced, billed, ...each }, ordinal) => ({
    ...each,
    organisationId,
    program,
    runId,
    agreementId,
    ordinal,
    invoicedPrice: invoiced.price,
    billedPrice: billed.price,
  }))
  await insertRows(db, waitingSubscriptions, rows)
}
