import { eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { signInTries } from '../schema.ts'

/** Failures that cost nothing yet, and the longest pause that one more costs. */
const FREE_TRIES = 5
const LONGEST_PAUSE_MINUTES = 15

/**
 * Counts a try as failed before it is made, so that tries at once cannot outrun the count; false where the address is
 * locked. From the fifth failure on each costs a pause of 1, 2, 4, 8 and then 15 minutes; a day without one forgets all.
 */
export const takeSignInTry = async (db: Database, identifier: string): Promise<boolean> => {
  const taken = await db.execute(sql`
    INSERT INTO ${signInTries} AS t (identifier, failures, last_failed_at, locked_until)
    VALUES (${identifier}, 1, clock_timestamp(), clock_timestamp())
    ON CONFLICT (identifier) DO UPDATE SET
      failures = CASE WHEN t.last_failed_at < clock_timestamp() - interval '1 day' THEN 1 ELSE t.failures + 1 END,
      last_failed_at = clock_timestamp(),
      locked_until = clock_timestamp() + CASE
        WHEN t.last_failed_at < clock_timestamp() - interval '1 day' OR t.failures + 1 < ${FREE_TRIES}::int THEN interval '0'
        ELSE least(${LONGEST_PAUSE_MINUTES}::int, power(2, least(t.failures + 1 - ${FREE_TRIES}::int, 10))) * interval '1 minute'
      END
    WHERE t.locked_until <= clock_timestamp()
    RETURNING failures`)
  return taken.rows.length > 0
}

/** After the right password. */
export const forgetSignInTries = async (db: Database, identifier: string): Promise<void> => {
  await db.delete(signInTries).where(eq(signInTries.identifier, identifier))
}
