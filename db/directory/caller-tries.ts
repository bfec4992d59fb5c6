import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { pruned } from '../rows.ts'
import { callerTries } from './tables.ts'

export type CallerTryKind = (typeof callerTries.$inferSelect)['kind']

export interface CallerKey {
  readonly kind: CallerTryKind
  readonly caller: string
}

export interface Allowance {
  /** Tries that may be made at once after a pause. */
  readonly atOnce: number
  /** After so many seconds one more may be made. */
  readonly everySeconds: number
}

/**
 * Takes one try of the caller's allowance; the seconds to wait where there is none left, `null` where there was one. In any
 * stretch of `atOnce * everySeconds` there are fewer than twice `atOnce` tries. One statement changes one row, so that tries
 * at once cannot outrun the count.
 */
export const takeCallerTry = async (
  db: Database,
  { kind, caller }: CallerKey,
  { atOnce, everySeconds }: Allowance,
): Promise<number | null> => {
  await db.execute(pruned(callerTries, sql`forgotten_at < clock_timestamp()`))
  const one = sql`${everySeconds}::double precision * interval '1 second'`
  const most = sql`${everySeconds * (atOnce - 1)}::double precision * interval '1 second'`
  const taken = await db.execute(sql`
    INSERT INTO ${callerTries} AS t (kind, caller, forgotten_at)
    VALUES (${kind}, ${caller}, clock_timestamp() + ${one})
    ON CONFLICT (kind, caller) DO UPDATE SET forgotten_at = greatest(t.forgotten_at, clock_timestamp()) + ${one}
    WHERE t.forgotten_at <= clock_timestamp() + ${most}
    RETURNING 1`)
  if (taken.rows.length > 0) return null
  const [row] = await db
    .select({
      seconds: sql<string>`ceil(extract(epoch FROM ${callerTries.forgottenAt} - clock_timestamp() - ${most}))`,
    })
    .from(callerTries)
    .where(is({ kind, caller }))
  return Math.max(1, Number(row?.seconds ?? 1))
}

/** Gives a try back that does not count. */
export const giveCallerTryBack = async (
  db: Database,
  key: CallerKey,
  { everySeconds }: Allowance,
): Promise<void> => {
  await db
    .update(callerTries)
    .set({
      forgottenAt: sql`${callerTries.forgottenAt} - ${everySeconds}::double precision * interval '1 second'`,
    })
    .where(is(key))
}

const is = ({ kind, caller }: CallerKey) => and(eq(callerTries.kind, kind), eq(callerTries.caller, caller))
