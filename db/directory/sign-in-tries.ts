import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOneOf, pruned } from '../rows.ts'
import { signInTries } from './tables.ts'

/** Failures that cost nothing yet, and the longest pause that one more costs. */
const FREE_TRIES = 5
const LONGEST_PAUSE_MINUTES = 15

/**
 * Counts a try as failed for each identifier before it is made, so that tries at once cannot outrun the count. Gives those
 * that are not locked; a locked one is not counted. From the fifth failure on each costs a pause of 1, 2, 4, 8 and then 15
 * minutes; a day without one forgets all.
 */
export const takeSignInTries = async (
  db: Database,
  identifiers: readonly string[],
): Promise<ReadonlySet<string>> => {
  await db.execute(pruned(signInTries, sql`last_failed_at < clock_timestamp() - interval '1 day'`))
  // In one order, so that two tries of the same people never wait for each other.
  const values = [...identifiers]
    .sort()
    .map((identifier) => sql`(${identifier}, 1, clock_timestamp(), clock_timestamp())`)
  const taken = await db.execute<{ identifier: string }>(sql`
    INSERT INTO ${signInTries} AS t (identifier, failures, last_failed_at, locked_until)
    VALUES ${sql.join(values, sql`, `)}
    ON CONFLICT (identifier) DO UPDATE SET
      failures = CASE WHEN t.last_failed_at < clock_timestamp() - interval '1 day' THEN 1 ELSE t.failures + 1 END,
      last_failed_at = clock_timestamp(),
      locked_until = clock_timestamp() + CASE
        WHEN t.last_failed_at < clock_timestamp() - interval '1 day' OR t.failures + 1 < ${FREE_TRIES}::int THEN interval '0'
        ELSE least(${LONGEST_PAUSE_MINUTES}::int, power(2, least(t.failures + 1 - ${FREE_TRIES}::int, 10))) * interval '1 minute'
      END
    WHERE t.locked_until <= clock_timestamp()
    RETURNING identifier`)
  return new Set(taken.rows.map(({ identifier }) => identifier))
}

/** Takes back tries that were counted and then not made, and the pause that the last of them began. */
export const giveSignInTriesBack = async (db: Database, identifiers: readonly string[]): Promise<void> => {
  await db
    .update(signInTries)
    .set({ failures: sql`greatest(${signInTries.failures} - 1, 0)`, lockedUntil: sql`clock_timestamp()` })
    .where(isOneOf(signInTries.identifier, identifiers))
}

/** In how many seconds the first of them is not locked any more; 0 where one is not. */
export const secondsLocked = async (db: Database, identifiers: readonly string[]): Promise<number> => {
  const [row] = await db
    .select({
      seconds: sql<string>`coalesce(ceil(extract(epoch FROM min(locked_until) - clock_timestamp())), 0)`,
    })
    .from(signInTries)
    .where(isOneOf(signInTries.identifier, identifiers))
  return Math.max(0, Number(row?.seconds ?? 0))
}

/** After the right password. */
export const forgetSignInTries = async (db: Database, identifiers: readonly string[]): Promise<void> => {
  await db.delete(signInTries).where(isOneOf(signInTries.identifier, identifiers))
}
