/** pg-boss on our own pool. It is installed by `migrate`; here it only sends, fetches and settles. */
import { sql } from 'drizzle-orm'
import { fromDrizzle, PgBoss } from 'pg-boss'
import type { Database } from '#db/client.ts'
import { type QueueName, queueNames } from '#db/queues.ts'
import { log } from '#lib/base/log.ts'

const opened = new WeakMap<Database, Promise<PgBoss>>()

/** The process's pg-boss on a database, started at the first call. */
export const queueOf = (db: Database): Promise<PgBoss> => {
  const known = opened.get(db)
  if (known) return known
  const boss = new PgBoss({
    db: fromDrizzle(db, sql),
    migrate: false,
    schedule: false,
    supervise: false,
    // Dead jobs are looked for by each drain (`supervise`), at most once in this time.
    monitorIntervalSeconds: 1,
    monitorVacuum: false,
    reindex: false,
    registerInstance: false,
  })
  boss.on('error', (error) => log.error('queue', { error }))
  const starting = boss.start()
  opened.set(db, starting)
  starting.catch(() => opened.delete(db))
  return starting
}

/** Ends the timers that pg-boss keeps; for tests and launchers, before the database is closed. */
export const closeQueue = async (db: Database): Promise<void> => {
  const boss = await opened.get(db)
  opened.delete(db)
  await boss?.stop({ graceful: false })
}

/** `tx` as pg-boss takes it, so that jobs are part of our transaction. */
export const within = (tx: Database) => ({ db: fromDrizzle(tx, sql) })

/**
 * Jobs that are still to be done: created + retrying + active. In SQL, because pg-boss' own counts (`getQueueStats`) are up to
 * a minute old, and a drain ends by this one.
 */
export const jobsLeft = async (db: Database): Promise<number> => {
  const names = sql.join(
    queueNames.map((name) => sql`${name}`),
    sql`, `,
  )
  const { rows } = await db.execute<{ left: number }>(
    sql`SELECT count(*)::int AS left FROM pgboss.job WHERE name IN (${names}) AND state IN ('created', 'retry', 'active')`,
  )
  return rows[0]?.left ?? 0
}

/**
 * Queues with a job that may begin now, and the highest priority of one. In SQL, because pg-boss only says it by taking one
 * (`fetch`), a statement for each queue and share.
 */
export const readyQueues = async (db: Database): Promise<ReadonlyMap<string, number>> => {
  const each = sql.join(
    queueNames.map(
      (name) => sql`(
        SELECT name, priority FROM pgboss.job
        WHERE name = ${name} AND state < 'active' AND NOT blocked AND start_after <= now()
        ORDER BY priority DESC, created_on LIMIT 1)`,
    ),
    sql` UNION ALL `,
  )
  const { rows } = await db.execute<{ name: string; priority: number }>(each)
  return new Map(rows.map(({ name, priority }) => [name, priority]))
}

/** Whether a job of the run with this key waits or is being done, as `tx` sees it. */
export const hasJob = async (
  db: Database,
  tx: Database,
  name: QueueName,
  key: string,
  runId: string,
): Promise<boolean> => {
  const boss = await queueOf(db)
  const found = await boss.findJobs(name, { key, data: { runId }, ...within(tx) })
  return found.some(({ state }) => state === 'created' || state === 'retry' || state === 'active')
}

/**
 * Has agreements that wait for their program's products begin now. In SQL, because pg-boss changes one job a call (`update`),
 * and all agreements of a program may wait.
 */
export const releaseSyncs = async (db: Database, organisationId: string, program: string): Promise<void> => {
  await db.execute(sql`
    UPDATE pgboss.job SET start_after = now()
    WHERE name = 'sync-agreement' AND state = 'created' AND group_id = ${organisationId}
      AND data->>'program' = ${program} AND start_after > now()`)
}
