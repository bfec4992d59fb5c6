/** A database that ends a connection at the very moment at which a process stores something. */
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { settlesSoon, workerOf } from './processes.ts'
import type { World } from './world.ts'

/**
 * Has the database end the connection that changes the table, the n-th time that it does so; what its transaction did is undone. The
 * world's worker soon gives up what is lost by it.
 */
export const loseConnection = async (
  world: Pick<World, 'db' | 'addresses' | 'worker'>,
  table: string,
  nth: number,
  when = 'true',
): Promise<void> => {
  const { db, addresses } = world
  world.worker = workerOf(db, addresses, settlesSoon)
  await db.execute(
    sql.raw(`
    CREATE SEQUENCE changes_so_far;
    CREATE FUNCTION lose_connection() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('changes_so_far') = ${nth} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER lose_connection AFTER INSERT OR UPDATE ON ${table}
    FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION lose_connection()`),
  )
}
/** Whether it has done so. */
export const hasStruck = async (db: Database, nth: number): Promise<boolean> => {
  const { rows } = await db.execute<{ isCalled: boolean; last: string }>(
    sql`SELECT is_called AS "isCalled", last_value AS last FROM changes_so_far`,
  )
  return rows[0]?.isCalled === true && Number(rows[0].last) >= nth
}
