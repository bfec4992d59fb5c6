/** Where subscriptions begin on an agreement (docs/billing-rules.md, "First sync"). */
import { and, eq, sql } from 'drizzle-orm'
import { type BySubscription, type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Start } from '#lib/billing/start.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf } from '../rows.ts'
import { subscriptionStarts } from './tables.ts'

export type StoredStart = Exclude<Start, undefined>

const of = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(subscriptionStarts.organisationId, organisationId),
    eq(subscriptionStarts.program, program),
    eq(subscriptionStarts.agreementId, agreementId),
  )

/** By subscription. */
export const subscriptionStartsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<BySubscription<StoredStart>> => {
  const rows = await db
    .select()
    .from(subscriptionStarts)
    .where(of(organisationId, program, agreementId))
  return Object.fromEntries(rows.map((row) => [row.subscriptionId, row.starts]))
}

/** Remembers where subscriptions begin. What was decided stays; what was only to be decided is decided by it. */
export const rememberStarts = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  starts: BySubscription<StoredStart>,
): Promise<void> => {
  const rows = Object.entries(starts).map(([id, each]) => ({
    subscriptionId: subscriptionKey(id),
    starts: each,
  }))
  for (const part of batches(rows))
    await db
      .insert(subscriptionStarts)
      .values(part.map((row) => ({ ...row, organisationId, program, agreementId })))
      .onConflictDoUpdate({
        target: [
          subscriptionStarts.organisationId,
          subscriptionStarts.program,
          subscriptionStarts.agreementId,
          subscriptionStarts.subscriptionId,
        ],
        set: { starts: sql`excluded.starts`, decidedAt: sql`now()` },
        setWhere: sql`${subscriptionStarts.starts} IN ('next', 'catch-up')`,
      })
}

/** Has the subscriptions begin in another way, or forgets where they did. @param starts `null`: forget. */
export const changeStarts = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  subscriptionIds: readonly SubscriptionKey[],
  starts: StoredStart | null,
): Promise<void> => {
  if (subscriptionIds.length === 0) return
  const which = and(
    of(organisationId, program, agreementId),
    isOneOf(subscriptionStarts.subscriptionId, subscriptionIds),
  )
  if (starts === null) await db.delete(subscriptionStarts).where(which)
  else await db.update(subscriptionStarts).set({ starts, decidedAt: sql`now()` }).where(which)
}

/** Those of the tenant's subscriptions: as PRISM listed them, or on any stored invoice. */
const ofTenant = (organisationId: string, program: string, agreementId: number, tenantId: string) =>
  and(
    of(organisationId, program, agreementId),
    sql`${subscriptionStarts.subscriptionId} IN (
      SELECT id FROM prism_subscriptions
      WHERE organisation_id = ${organisationId} AND program = ${program} AND tenant_id = ${tenantId}
      UNION SELECT l.subscription_id FROM invoices i JOIN invoice_lines l
        ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id AND l.tenant_id = ${tenantId}
      WHERE i.organisation_id = ${organisationId} AND i.program = ${program})`,
  )

/** Of the tenant's subscriptions. */
export const startsOfTenant = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantId: string,
): Promise<ReadonlyMap<SubscriptionKey, StoredStart>> => {
  const rows = await db
    .select()
    .from(subscriptionStarts)
    .where(ofTenant(organisationId, program, agreementId, tenantId))
  return new Map(rows.map((row) => [row.subscriptionId, row.starts]))
}

/** Forgets where the tenant's subscriptions began, for a start at another month. */
export const forgetStarts = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantId: string,
): Promise<void> => {
  await db.delete(subscriptionStarts).where(ofTenant(organisationId, program, agreementId, tenantId))
}
