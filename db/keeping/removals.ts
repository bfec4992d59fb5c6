/** Removing what is kept for a time alone, a part at a time, and how far that is (J14). */
import { and, eq, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { forgetDigests } from '#db/notices/outbox.ts'
import type { Database } from '../client.ts'
import {
  apiTokens,
  auditEvents,
  companyReadings,
  endedSessions,
  invitations,
  memberChecks,
  organisations,
  throttledHours,
} from '../schema.ts'
import { packPlans } from './packing.ts'
import type { Part, RemovedPart } from './part.ts'
import { removals } from './tables.ts'

export type Removal = typeof removals.$inferSelect

type Remove = (db: Database, organisationId: string, part: Part) => Promise<RemovedPart>

/** Where the next part of rows begins that are gone when they were seen: anywhere. */
const AGAIN = 'again'

/** Rows of tables by a condition: a part is full where there may be more. */
const rowsOf =
  (
    ...tables: readonly (readonly [table: PgTable, isOld: (before: string) => ReturnType<typeof sql>])[]
  ): Remove =>
  async (db, organisationId, { before, limit }) => {
    let removed = 0
    for (const [table, isOld] of tables) {
      const { rowCount } = await db.execute(sql`DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM ${table} WHERE organisation_id = ${organisationId} AND ${isOld(before.toISOString())}
        LIMIT ${limit - removed} FOR UPDATE SKIP LOCKED))`)
      removed += rowCount ?? 0
      if (removed >= limit) return { removed, next: AGAIN }
    }
    return { removed, next: null }
  }

/** What in the audit names who was where; whatever else people did is kept for longer. */
export const signInActions = ['sign-in', 'refuse-sign-in'] as const
const isSignIn = sql.raw(`action IN (${signInActions.map((action) => `'${action}'`).join(', ')})`)

const rules: Readonly<Record<string, Remove>> = {
  'proofs-of-members': rowsOf(
    [memberChecks, (before) => sql`checked_at < ${before}::timestamptz`],
    [endedSessions, (before) => sql`ends_at < ${before}::timestamptz`],
    [throttledHours, (before) => sql`hour < ${before}::timestamptz`],
  ),
  'company-readings': rowsOf([companyReadings, (before) => sql`read_at < ${before}::timestamptz`]),
  messages: async (db, organisationId, { before, limit }) => {
    const removed = await forgetDigests(db, organisationId, before, limit)
    return { removed, next: removed < limit ? null : AGAIN }
  },
  'sign-ins': rowsOf([auditEvents, (before) => sql`at < ${before}::timestamptz AND ${isSignIn}`]),
  invitations: rowsOf(
    [invitations, (before) => sql`coalesce(accepted_at, withdrawn_at, expires_at) < ${before}::timestamptz`],
    [apiTokens, (before) => sql`coalesce(revoked_at, expires_at) < ${before}::timestamptz`],
  ),
  plans: packPlans,
}

/** The rules that there is something for; `plans` removes none, but packs them. */
export const removalRules = Object.keys(rules)

/** How far every rule is. */
export const removalsOf = (db: Database, organisationId: string): Promise<Removal[]> =>
  db.select().from(removals).where(eq(removals.organisationId, organisationId))

/** Notes that a rule begins to look through what there is, unless it is at it. */
export const beginRemoval = async (
  db: Database,
  organisationId: string,
  rule: string,
  now: Date,
): Promise<void> => {
  await db
    .insert(removals)
    .values({ organisationId, rule, beganAt: now })
    .onConflictDoUpdate({
      target: [removals.organisationId, removals.rule],
      set: { beganAt: now, endedAt: null, place: null, removed: 0 },
      setWhere: sql`${removals.endedAt} IS NOT NULL`,
    })
}

/** Removes the next part of a rule that was begun, and notes both at once. @returns whether there may be more */
export const removePart = async (
  db: Database,
  organisationId: string,
  rule: string,
  { before, limit, now }: { readonly before: Date; readonly limit: number; readonly now: Date },
): Promise<boolean> => {
  const remove = rules[rule]
  if (remove === undefined) throw new Error(`Nothing is removed by a rule ${rule}`)
  return db.transaction(async (tx) => {
    const own = and(eq(removals.organisationId, organisationId), eq(removals.rule, rule))
    const [row] = await tx.select().from(removals).where(own).for('update')
    if (row === undefined || row.endedAt !== null) return false
    const { removed, next } = await remove(tx, organisationId, { before, limit, place: row.place })
    await tx
      .update(removals)
      .set({
        place: next,
        removed: sql`${removals.removed} + ${removed}`,
        total: sql`${removals.total} + ${removed}`,
        endedAt: next === null ? now : null,
      })
      .where(own)
    return next !== null
  })
}

/** Looks through all again after so long. */
export const setNextRemoval = async (db: Database, organisationId: string, at: Date): Promise<void> => {
  await db.update(organisations).set({ removalsDueAt: at }).where(eq(organisations.id, organisationId))
}
