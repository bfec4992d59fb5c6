import { and, eq, sql } from 'drizzle-orm'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { syncPositions } from '../schema.ts'
import { batches, isOneOf } from './rows.ts'

export type SyncPosition = typeof syncPositions.$inferSelect

/** Last good periods of the tenants' subscriptions. */
export const positionsOfTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<SyncPosition[]> =>
  tenantIds.length === 0
    ? []
    : db
        .select()
        .from(syncPositions)
        .where(
          and(
            eq(syncPositions.organisationId, organisationId),
            eq(syncPositions.program, program),
            isOneOf(syncPositions.tenantId, tenantIds),
          ),
        )
        .orderBy(syncPositions.subscriptionId)

/** Notes a period as good for each subscription; a later one stays. `skippedBy`: a person passed over it (F12). */
export const advancePositions = async (
  db: Database,
  organisationId: string,
  program: string,
  good: { readonly period: Period; readonly invoiceId: string; readonly skippedBy?: string },
  subscriptions: readonly { readonly subscriptionId: string; readonly tenantId: string }[],
): Promise<void> => {
  const { period, invoiceId, skippedBy = null } = good
  for (const part of batches(subscriptions))
    await db
      .insert(syncPositions)
      .values(part.map((each) => ({ ...each, organisationId, program, period, invoiceId, skippedBy })))
      .onConflictDoUpdate({
        target: [syncPositions.organisationId, syncPositions.program, syncPositions.subscriptionId],
        set: {
          tenantId: sql`excluded.tenant_id`,
          period: sql`excluded.period`,
          invoiceId: sql`excluded.invoice_id`,
          skippedBy: sql`excluded.skipped_by`,
          updatedAt: new Date(),
        },
        setWhere: sql`${syncPositions.period} <= excluded.period`,
      })
}

/** Forgets the positions of tenants, for a start at another period. */
export const deletePositions = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<void> => {
  if (tenantIds.length === 0) return
  await db
    .delete(syncPositions)
    .where(
      and(
        eq(syncPositions.organisationId, organisationId),
        eq(syncPositions.program, program),
        isOneOf(syncPositions.tenantId, tenantIds),
      ),
    )
}
