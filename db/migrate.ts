import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { databaseUnreachable, NoConnection } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import { newestMigration } from './health.ts'
import { queueNames, queues } from './queues.ts'

export const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url))
/** Any number that nothing else in this database locks on: two launches at once migrate one after the other. */
const migrationLock = 7_246_001

export interface MigrateOptions {
  /** A database of a later version is left as it is, instead of being refused: after a step back to the version before. */
  readonly allowNewer?: boolean
}

/**
 * Brings a database to the current schema, pg-boss and its queues included. Safe to run again, and by several at once. Throws
 * `database-unreachable`, and `database-newer` where a later version has migrated it.
 */
export const migrate = async (
  databaseUrl: string,
  { allowNewer = false }: MigrateOptions = {},
): Promise<void> => {
  const client = await connected(databaseUrl)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    if (await isNewer(client)) {
      if (allowNewer) return
      throw newer()
    }
    await bringTo(client, databaseUrl, migrationsFolder)
  } finally {
    await client.end()
  }
}

/** A client of the database. Throws `database-unreachable` with the reason and the server's name. */
export const connected = async (databaseUrl: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  // One that the server ends later fails the next statement; unheard, it would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    const { detail, code } = databaseUnreachable(new NoConnection('', { cause: error }), {
      since: null,
      isRestarted: false,
    })
    throw new ProductError(code, `${detail} DATABASE_URL names ${serverOf(client)}.`, { cause: error })
  }
}

const serverOf = ({ host, port, database = '' }: pg.Client): string =>
  `the database “${database}” at ${host}:${port}`

/** When the newest migration of the database was made; 0 where it has none. Milliseconds since 1970. */
export const newestApplied = async (client: pg.Client): Promise<number> => {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS there",
  )
  if (found[0]?.there !== true) return 0
  const { rows } = await client.query<{ newest: string | null }>(
    'SELECT max(created_at) AS newest FROM drizzle.__drizzle_migrations',
  )
  return Number(rows[0]?.newest ?? 0)
}

const isNewer = async (client: pg.Client): Promise<boolean> =>
  (await newestApplied(client)) > newestMigration.when

const newer = (): ProductError =>
  new ProductError(
    'database-newer',
    `A later version has migrated this database: it is beyond ${newestMigration.tag}, the last migration of this version. ` +
      'Start the later version, or restore a backup from before. The version just before runs on it, too: set ALLOW_NEWER_DATABASE=on to do so knowingly.',
  )

/** Applies the migrations of a folder alone, which may end before this version's; the queues are this version's. */
export const migrateTo = async (databaseUrl: string, folder: string): Promise<void> => {
  const client = await connected(databaseUrl)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await bringTo(client, databaseUrl, folder)
  } finally {
    await client.end()
  }
}

const bringTo = async (client: pg.Client, databaseUrl: string, folder: string): Promise<void> => {
  await applyMigrations(drizzle({ client }), { migrationsFolder: folder })
  await installQueues(databaseUrl)
}

const installQueues = async (databaseUrl: string): Promise<void> => {
  const boss = new PgBoss({ connectionString: databaseUrl, schedule: false, supervise: false, max: 2 })
  boss.on('error', () => undefined)
  await boss.start()
  try {
    for (const name of queueNames) {
      const { policy, ...options } = queues[name]
      await boss.createQueue(name, { policy, ...options })
      await boss.updateQueue(name, options)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}
