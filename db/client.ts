import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as schema from './schema.ts'

/** What every query function takes first: the database, or a transaction of it. */
export type Database = Pick<
  NodePgDatabase<typeof schema>,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | 'transaction'
  | 'query'
  | '$count'
  | 'with'
  | '$with'
>

export interface OpenDatabase {
  readonly db: Database
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** Opens a pool of at most `max` connections; nothing connects before the first query. */
export const openDatabase = (url: string, max = 10): OpenDatabase => {
  const pool = new pg.Pool({ connectionString: url, max })
  // An idle connection that the server ends is no error of a query; the pool opens another.
  pool.on('error', () => undefined)
  return { db: drizzle({ client: pool, schema }), pool, close: () => pool.end() }
}
