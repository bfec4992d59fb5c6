/**
 * How far each subscription is: the months that are good, and those that a person skipped (F12) or undid (J2;
 * docs/applying.md, "What is due").
 */
import { and, eq, lt, ne, sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf } from '../rows.ts'
import { periodStates } from './tables.ts'

export type PeriodState = typeof periodStates.$inferSelect

/** Of the tenants' subscriptions, by subscription and month; on whichever agreement a month was good. */
export const periodStatesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<PeriodState[]> =>
  tenantIds.length === 0
    ? []
    : db
        .select()
        .from(periodStates)
        .where(
          and(
            eq(periodStates.organisationId, organisationId),
            eq(periodStates.program, program),
            isOneOf(periodStates.tenantId, tenantIds),
          ),
        )
        .orderBy(periodStates.subscriptionId, periodStates.period)

/** Months of subscriptions that are skipped, or undone and not released, as they were noted on the agreements. */
export const monthsNotPlanned = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<PeriodState[]> =>
  db
    .select()
    .from(periodStates)
    .where(
      and(
        eq(periodStates.organisationId, organisationId),
        eq(periodStates.program, program),
        isOneOf(periodStates.agreementId, agreementIds),
        ne(periodStates.state, 'good'),
      ),
    )

/** A month as it was synced or passed over, of one invoice. */
export interface StatedPeriod {
  readonly agreementId: number
  readonly period: Period
  readonly invoiceId: string
  readonly state: PeriodState['state']
  /** Who skipped or undid it; left out for a good one. */
  readonly by?: string
}

export interface StatedSubscription {
  readonly subscriptionId: SubscriptionKey
  readonly tenantId: string
  /** Of its lines on the invoice, `''` where it has none. */
  readonly linesHash: string
}

/** Notes a month of each subscription; what was noted of it before is replaced. */
export const putPeriodStates = async (
  db: Database,
  organisationId: string,
  program: string,
  { by = null, ...stated }: { readonly by?: string | null } & Omit<StatedPeriod, 'by'>,
  subscriptions: readonly StatedSubscription[],
): Promise<void> => {
  for (const part of batches(subscriptions))
    await db
      .insert(periodStates)
      .values(part.map((each) => ({ ...each, ...stated, by, organisationId, program })))
      .onConflictDoUpdate({
        target: [
          periodStates.organisationId,
          periodStates.program,
          periodStates.subscriptionId,
          periodStates.period,
        ],
        set: {
          tenantId: sql`excluded.tenant_id`,
          agreementId: sql`excluded.agreement_id`,
          invoiceId: sql`excluded.invoice_id`,
          linesHash: sql`excluded.lines_hash`,
          state: sql`excluded.state`,
          by: sql`excluded.by`,
          updatedAt: new Date(),
        },
      })
}

/** Forgets the months of tenants on an agreement, for a start at another one. */
export const deletePeriodStates = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantIds: readonly string[],
): Promise<void> => {
  if (tenantIds.length === 0) return
  await db
    .delete(periodStates)
    .where(
      and(
        eq(periodStates.organisationId, organisationId),
        eq(periodStates.program, program),
        eq(periodStates.agreementId, agreementId),
        isOneOf(periodStates.tenantId, tenantIds),
      ),
    )
}

/** Forgets that a month of a subscription was skipped or undone; false where it was not. */
export const deleteSkipped = async (
  db: Database,
  organisationId: string,
  program: string,
  {
    tenantId,
    subscriptionId,
    period,
  }: { readonly tenantId: string; readonly subscriptionId: SubscriptionKey; readonly period: Period },
): Promise<boolean> => {
  const rows = await db
    .delete(periodStates)
    .where(
      and(
        eq(periodStates.organisationId, organisationId),
        eq(periodStates.program, program),
        eq(periodStates.tenantId, tenantId),
        eq(periodStates.subscriptionId, subscriptionId),
        eq(periodStates.period, period),
        ne(periodStates.state, 'good'),
      ),
    )
    .returning({ period: periodStates.period })
  return rows.length > 0
}

/** How many customers are mapped, and how many months were synced for any of them, in all programs. */
export const billedSoFar = async (
  db: Database,
  organisationId: string,
): Promise<{ readonly customers: number; readonly months: number }> => {
  const { rows } = await db.execute<{ customers: number; months: number }>(sql`
    SELECT
      (SELECT count(*)::int FROM mappings WHERE organisation_id = ${organisationId}) AS customers,
      (SELECT count(DISTINCT period)::int FROM period_states
       WHERE organisation_id = ${organisationId} AND state = 'good') AS months`)
  return rows[0] ?? { customers: 0, months: 0 }
}

/** Forgets the good months of a subscription before one, which is to be planned again. */
export const forgetGoodBefore = async (
  db: Database,
  organisationId: string,
  program: string,
  subscriptionId: SubscriptionKey,
  before: Period,
): Promise<void> => {
  await db
    .delete(periodStates)
    .where(
      and(
        eq(periodStates.organisationId, organisationId),
        eq(periodStates.program, program),
        eq(periodStates.subscriptionId, subscriptionId),
        eq(periodStates.state, 'good'),
        lt(periodStates.period, before),
      ),
    )
}
