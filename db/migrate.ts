import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { queueNames, queues } from './queues.ts'

const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url))
/** Any number that nothing else in this database locks on: two launches at once migrate one after the other. */
const migrationLock = 7_246_001

/** Brings a database to the current schema, pg-boss and its queues included. Safe to run again, and by several at once. */
export const migrate = async (databaseUrl: string): Promise<void> => {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await applyMigrations(drizzle({ client }), { migrationsFolder })
    await installQueues(databaseUrl)
  } finally {
    await client.end()
  }
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
