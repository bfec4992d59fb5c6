import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'

/** Resolves where the database answers. */
export const ping = async (db: Database): Promise<void> => {
  await db.execute(sql`SELECT 1`)
}
