import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from './client.ts'
import { standing } from './health.ts'

let database: TestDatabase
let opened: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

it('tells a database of this version from one that lacks its last migration, a queue, or everything', async () => {
  const { db } = opened
  expect(await standing(db)).toEqual({ isMigrated: true, hasQueues: true })
  await db.execute(sql`UPDATE drizzle.__drizzle_migrations SET created_at = created_at - 1`)
  expect(await standing(db)).toEqual({ isMigrated: false, hasQueues: true })
  await db.execute(sql`DELETE FROM pgboss.queue WHERE name = 'detect'`)
  expect(await standing(db)).toEqual({ isMigrated: false, hasQueues: false })
  await db.execute(sql`DROP SCHEMA drizzle CASCADE`)
  await db.execute(sql`DROP SCHEMA pgboss CASCADE`)
  expect(await standing(db)).toEqual({ isMigrated: false, hasQueues: false })
})

it('limits what a transaction that was forgotten may hold', async () => {
  const { rows } = await opened.db.execute(sql`SHOW idle_in_transaction_session_timeout`)
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '5min' }])
})

it('notes since when connections end, and forgets it with the next that is made', async () => {
  const { db, lostSince } = opened
  const ended = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
    await db.execute(sql`SELECT pg_terminate_backend(${rows[0]?.pid})`)
    // Between two statements nobody waits for an answer: the loss must not be raised as an error that nobody hears.
    await expect.poll(lostSince).toBeInstanceOf(Date)
    await tx.execute(sql`SELECT 1`)
  })
  await expect(ended).rejects.toThrow()
  await Promise.all(Array.from({ length: 3 }, () => db.execute(sql`SELECT pg_sleep(0.05)`)))
  expect(lostSince()).toBeNull()
})
