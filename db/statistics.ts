/** What PostgreSQL plans its queries by. */
import { sql } from 'drizzle-orm'
import type { Database } from './client.ts'

const pageBytes = 8192
/** A table that small is read quickly in any order. */
const fewPages = 20

/**
 * Has PostgreSQL analyse the tables that have grown by more than a tenth since it last did, as its autovacuum does minutes later:
 * until then it takes a table that was just filled for an empty one, and reads all of an organisation where a customer is asked
 * for. To be called outside of a transaction. Tables that another process analyses just now are left to it.
 */
export const refreshStatistics = async (db: Database): Promise<void> => {
  const { rows } = await db.execute<{ name: string }>(sql`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_get_userbyid(relowner) = current_user
      AND pg_relation_size(oid) / ${pageBytes} > ${fewPages} + 1.1 * greatest(relpages, 0)`)
  if (rows.length > 0)
    await db.execute(sql.raw(`ANALYZE (SKIP_LOCKED) ${rows.map(({ name }) => name).join(', ')}`))
}
