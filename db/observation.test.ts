/** The figures of a deployment on tables as large as those of years. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from './client.ts'
import { figuresOf, workStanding } from './observation.ts'
import { noteThrottled } from './pacing/pacing.ts'

const ORGANISATIONS = 10
const WRITES_EACH = 6_000
const program = 'microsoft-csp'
const PLENTY = 60_000

let database: TestDatabase
/** One connection, so that what PostgreSQL counts of it is there at once. */
let open: OpenDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url, { max: 1 })
  const { db } = open
  await db.execute(sql`
    INSERT INTO organisations (public_id, name) SELECT 'org-' || n, 'Organisation ' || n FROM generate_series(1, ${ORGANISATIONS}) AS n`)
  await db.execute(sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status, created_at, finished_at)
    SELECT o.id, ${program}, 'customers', 'schedule', 'Scheduled', 'finished', 'Success', now() - n * interval '1 hour', now()
    FROM organisations AS o, generate_series(1, 2000) AS n`)
  await db.execute(sql`
    INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, subscription_id, lease_token, kind,
                         intent, known_addition_ids, outcome, created_at)
    SELECT o.id, ${program}, n % 300, o.id, '2026-09', 'INV-1', 'sub-' || n, o.id,
           CASE WHEN n % 10 = 0 THEN 'keep' ELSE 'create' END, '{}', '[]',
           CASE WHEN n = 7 THEN 'unknown' ELSE 'done' END, now() - n * interval '30 minutes'
    FROM organisations AS o, generate_series(1, ${WRITES_EACH}) AS n`)
  await db.execute(sql`
    INSERT INTO pgboss.job (name, data, state, created_on, start_after, started_on, completed_on, policy, singleton_key)
    SELECT 'sync-agreement', '{}', 'completed', at, at, at, at, 'singleton', 'key-' || n
    FROM generate_series(1, 20000) AS n, LATERAL (SELECT now() - n * interval '20 seconds' AS at) AS moment`)
  await db.execute(sql`ANALYZE`)
}, PLENTY)
afterAll(async () => {
  await open.close()
  await database.drop()
})

/** How many rows were read by going through the whole of a table. */
async function readThrough(tables: readonly string[]): Promise<number> {
  await open.db.execute(sql`SELECT pg_stat_force_next_flush()`)
  const { rows } = await open.db.execute<{ read: string }>(
    sql`SELECT coalesce(sum(seq_tup_read), 0) AS read FROM pg_stat_user_tables WHERE relname = ANY (${sql.param([...tables])}::text[])`,
  )
  return Number(rows[0]?.read)
}

describe('the figures of a deployment', () => {
  it('count the last day, by kind, status and outcome; adoptions are no writes', async () => {
    const figures = await figuresOf(open.db, [program])
    expect(figures.runs).toEqual([{ kind: 'customers', status: 'Success', count: 23 * ORGANISATIONS }])
    // 47 half hours back, of which four are adoptions and one is not known.
    expect(figures.writes).toEqual([
      { outcome: 'done', count: 42 * ORGANISATIONS },
      { outcome: 'unknown', count: ORGANISATIONS },
    ])
    expect(figures.open).toMatchObject([{ outcome: 'unknown', count: ORGANISATIONS }])
    expect(figures.looks).toEqual({ longest: null, newest: null, again: null })
    expect(figures.jobs.map(({ queue, waiting, active }) => [queue, waiting, active])).toEqual([
      ['delete-organisations', 0, 0],
      ['detect', 0, 0],
      ['invoicing', 0, 0],
      ['load-invoice', 0, 0],
      ['notify', 0, 0],
      ['remove-old', 0, 0],
      ['scan', 0, 0],
      ['sync-agreement', 0, 0],
      ['sync-products', 0, 0],
    ])
  })

  it('never go through the whole of a table that grows', async () => {
    const growing = ['changes', 'runs', 'job', 'job_common']
    const before = await readThrough(growing)
    await figuresOf(open.db, [program])
    await workStanding(open.db)
    expect(await readThrough(growing)).toBe(before)
    // What is counted here is counted at all.
    await open.db.execute(sql`SELECT count(*) FROM changes WHERE subscription_id LIKE '%7'`)
    expect(await readThrough(growing)).toBeGreaterThan(before)
  })

  it('count refusals for asking too much an hour and connection, and forget old hours', async () => {
    const { db } = open
    const { rows } = await db.execute<{ id: string }>(
      sql`SELECT id FROM organisations ORDER BY public_id LIMIT 1`,
    )
    const id = rows[0]?.id ?? ''
    await db.execute(sql`
      INSERT INTO throttled_hours VALUES (${id}, 'prism', now() - interval '32 days', 5), (${id}, 'prism', now() - interval '25 hours', 5)`)
    for (const connection of ['connectwise', 'connectwise', 'prism'] as const)
      await noteThrottled(db, id, connection)
    expect((await figuresOf(db, [program])).throttled).toEqual([
      { connection: 'connectwise', count: 2 },
      { connection: 'prism', count: 1 },
    ])
    const left = await db.execute(sql`SELECT 1 FROM throttled_hours`)
    expect(left.rows).toHaveLength(3)
  })
})

describe('whether work goes on', () => {
  it('is told by when a job was last begun or done, and what waits', async () => {
    expect(await workStanding(open.db)).toMatchObject({ oldestJob: null, lastLook: null })
    expect((await workStanding(open.db)).lastWork).toBeGreaterThanOrEqual(20)
    expect((await workStanding(open.db)).lastWork).toBeLessThan(PLENTY / 1000)
  })
})
