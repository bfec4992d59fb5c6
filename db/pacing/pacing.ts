import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { pacing } from './tables.ts'

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
