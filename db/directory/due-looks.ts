/** When PRISM is looked at next for each organisation: one index instead of a walk over all of them (H7, I2). */
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { dueLooks } from './tables.ts'

export interface TakeDue {
  readonly now: Date
  readonly limit: number
  /** An organisation is looked at again after this, or when one of its agreements is to be looked at again. */
  readonly everyMs: number
}

/**
 * Takes organisations whose look is due, the longest waiting first, and notes when they are looked at next. Another process
 * that takes some at the same time takes others.
 */
export const takeDueLooks = async (db: Database, { now, limit, everyMs }: TakeDue): Promise<string[]> => {
  const at = now.toISOString()
  const again = (table: 'mappings' | 'former_mappings') => sql`
    (SELECT min(look_again_at) FROM ${sql.raw(table)} AS again
     WHERE again.organisation_id = look.organisation_id AND look_again_at > ${at}::timestamptz)`
  const { rows } = await db.execute<{ id: string; due: string }>(sql`
    WITH due AS MATERIALIZED (
      SELECT organisation_id, next_look_at FROM due_looks WHERE next_look_at <= ${at}::timestamptz
      ORDER BY next_look_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE due_looks AS look
    SET next_look_at = least(${at}::timestamptz + ${everyMs} * interval '1 millisecond', ${again('mappings')}, ${again('former_mappings')})
    FROM due WHERE due.organisation_id = look.organisation_id
    RETURNING look.organisation_id AS id, due.next_look_at::text AS due`)
  return rows.toSorted((a, b) => (a.due < b.due ? -1 : 1)).map(({ id }) => id)
}

/**
 * Has the organisation looked at no later than `at`; one that is not to be looked at stays so. It waits for nobody, as the
 * transactions that ask it hold other rows: where somebody else is at the row, that one's time counts, or the next hour's.
 */
export const lookNoLaterThan = async (db: Database, organisationId: string, at: Date): Promise<void> => {
  await db.execute(sql`
    UPDATE due_looks SET next_look_at = ${at.toISOString()}::timestamptz
    WHERE organisation_id = (
      SELECT organisation_id FROM due_looks
      WHERE organisation_id = ${organisationId} AND next_look_at > ${at.toISOString()}::timestamptz
      FOR UPDATE SKIP LOCKED)`)
}

/** Whether the organisation is looked at by itself: both of its systems are connected. */
export const isLookedAt = async (db: Database, organisationId: string): Promise<boolean> => {
  const rows = await db
    .select({ at: dueLooks.nextLookAt })
    .from(dueLooks)
    .where(eq(dueLooks.organisationId, organisationId))
  return rows.length > 0
}

/** Has every organisation looked at now; one that waits already keeps its place. */
export const lookAtAll = async (db: Database, now: Date): Promise<void> => {
  const at = sql`${now.toISOString()}::timestamptz`
  await db.update(dueLooks).set({ nextLookAt: at }).where(sql`${dueLooks.nextLookAt} > ${at}`)
}

/** An organisation is looked at while both of its systems are connected: at once when the second one is. */
export const noteConnected = async (db: Database, organisationId: string): Promise<void> => {
  await db.execute(sql`
    INSERT INTO due_looks (organisation_id, next_look_at)
    SELECT id, now() FROM organisations
    WHERE id = ${organisationId} AND 2 = (SELECT count(*) FROM connections WHERE organisation_id = ${organisationId})
    ON CONFLICT (organisation_id) DO UPDATE SET next_look_at = least(due_looks.next_look_at, excluded.next_look_at)`)
}

export const noteDisconnected = async (db: Database, organisationId: string): Promise<void> => {
  await db.delete(dueLooks).where(eq(dueLooks.organisationId, organisationId))
}
