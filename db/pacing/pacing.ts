import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { pruned } from '../rows.ts'
import { pacing, throttledHours } from './tables.ts'

type PacedConnection = (typeof pacing.$inferSelect)['connection']

export interface Pace {
  readonly requestsPerMinute: number
  /** Requests that may go out at once after a pause. */
  readonly burst: number
}

/**
 * Takes one token of the connection's bucket and returns how many milliseconds to wait before the request. Waiting callers
 * get consecutive places, also across processes: the bucket is one row, changed in one statement. The time is that of the
 * row's change: now() would be the start of a statement that may have waited for others.
 */
export const takeToken = async (
  db: Database,
  organisationId: string,
  connection: PacedConnection,
  pace: Pace,
): Promise<number> => {
  const spacingMs = 60_000 / pace.requestsPerMinute
  const { rows } = await db.execute<{ wait_ms: string }>(sql`
    INSERT INTO pacing (organisation_id, connection, full_at)
    VALUES (${organisationId}, ${connection}, clock_timestamp() + ${spacingMs} * interval '1 millisecond')
    ON CONFLICT (organisation_id, connection) DO UPDATE
      SET full_at = greatest(pacing.full_at, clock_timestamp()) + ${spacingMs} * interval '1 millisecond'
    RETURNING extract(epoch FROM full_at - clock_timestamp()) * 1000 - ${spacingMs} * ${pace.burst}::double precision AS wait_ms`)
  return Math.max(0, Math.ceil(Number(rows[0]?.wait_ms ?? 0)))
}

/** Lets nobody take a token for `pauseMs`: the other side said that it has had too many (429). */
export const pauseTokens = async (
  db: Database,
  organisationId: string,
  connection: PacedConnection,
  pace: Pace,
  pauseMs: number,
): Promise<void> => {
  const fullAt = sql`clock_timestamp() + ${pauseMs + (60_000 / pace.requestsPerMinute) * (pace.burst - 1)} * interval '1 millisecond'`
  await db
    .insert(pacing)
    .values({ organisationId, connection, fullAt })
    .onConflictDoUpdate({
      target: [pacing.organisationId, pacing.connection],
      set: { fullAt: sql`greatest(${pacing.fullAt}, excluded.full_at)` },
    })
}

const THROTTLED_KEPT = '31 days'

/** Counts an answer that said that the connection was asked too much (429). */
export const noteThrottled = async (
  db: Database,
  organisationId: string,
  connection: PacedConnection,
): Promise<void> => {
  await db
    .insert(throttledHours)
    .values({ organisationId, connection, hour: sql`date_trunc('hour', now(), 'UTC')`, answers: 1 })
    .onConflictDoUpdate({
      target: [throttledHours.organisationId, throttledHours.connection, throttledHours.hour],
      set: { answers: sql`${throttledHours.answers} + 1` },
    })
  const isOld = sql`organisation_id = ${organisationId} AND hour < now() - ${THROTTLED_KEPT}::interval`
  await db.execute(pruned(throttledHours, isOld))
}
