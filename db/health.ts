import { sql } from 'drizzle-orm'
import journal from '#drizzle/meta/_journal.json' with { type: 'json' }
import type { Database } from './client.ts'
import { queueNames } from './queues.ts'

/** Resolves where the database answers. */
export const ping = async (db: Database): Promise<void> => {
  await db.execute(sql`SELECT 1`)
}

/** The newest migration of this version of the product. */
export const newestMigration: { readonly tag: string; readonly when: number } = journal.entries.reduce(
  (newest, each) => (each.when > newest.when ? each : newest),
)

export interface Standing {
  /** The newest migration that was applied reaches this version's. */
  readonly isMigrated: boolean
  /** Every queue of this version is there. */
  readonly hasQueues: boolean
}

/** How the database stands against this version of the product. */
export const standing = async (db: Database): Promise<Standing> => {
  const { rows } = await db.execute<{ migrations: boolean; queues: boolean }>(sql`
    SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS migrations,
           to_regclass('pgboss.queue') IS NOT NULL AS queues`)
  const has = rows[0] ?? { migrations: false, queues: false }
  return {
    isMigrated: has.migrations && (await newestApplied(db)) >= newestMigration.when,
    hasQueues: has.queues && (await countQueues(db)) === queueNames.length,
  }
}

const newestApplied = async (db: Database): Promise<number> => {
  const { rows } = await db.execute<{ newest: string | null }>(
    sql`SELECT max(created_at) AS newest FROM drizzle.__drizzle_migrations`,
  )
  return Number(rows[0]?.newest ?? 0)
}

const countQueues = async (db: Database): Promise<number> => {
  const names = sql.join(
    queueNames.map((name) => sql`${name}`),
    sql`, `,
  )
  const { rows } = await db.execute<{ queues: number }>(
    sql`SELECT count(*)::int AS queues FROM pgboss.queue WHERE name IN (${names})`,
  )
  return rows[0]?.queues ?? 0
}
