import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from './client.ts'

let database: TestDatabase
let opened: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await opened?.close()
  opened = openDatabase(database.url, { max: 1 })
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const doubled = async (n: number) => {
  const { rows } = await opened.db.execute<{ twice: number }>(sql`SELECT ${n}::int * 2 AS twice`)
  return rows[0]?.twice
}

const prepared = async () => {
  const { rows } = await opened.db.execute<{ statement: string }>(
    sql.raw('SELECT statement FROM pg_prepared_statements ORDER BY statement'),
  )
  return rows.map(({ statement }) => statement)
}

it('prepares a statement with values when it is sent a second time', async () => {
  expect(await doubled(1)).toBe(2)
  expect(await prepared()).toEqual([])
  expect(await doubled(2)).toBe(4)
  expect(await doubled(3)).toBe(6)
  expect(await prepared()).toEqual(['SELECT $1::int * 2 AS twice'])
})

it('sends several statements in one, and a long one, as they are', async () => {
  const long = (n: number) => sql`SELECT ${n}::int AS n, ${sql.raw(`'${'x'.repeat(20_000)}'`)} AS x`
  for (const _ of [1, 2, 3]) {
    await opened.db.execute(sql`SELECT 1; SELECT 2`)
    await opened.db.execute(long(1))
  }
  expect(await prepared()).toEqual([])
})

it('keeps no more than 400', async () => {
  const text = (n: number) => sql`SELECT ${n}::int AS ${sql.raw(`n${n}`)}`
  for (let n = 0; n < 450; n += 1) for (const _ of [1, 2]) await opened.db.execute(text(n))
  expect(await prepared()).toHaveLength(400)
  const { rows } = await opened.db.execute(text(449))
  expect(rows).toEqual([{ n449: 449 }])
})

it('sends what a migration made stale as it is from then on', async () => {
  const { db } = opened
  await db.execute(sql`CREATE TABLE sample (id int, name text)`)
  await db.execute(sql`INSERT INTO sample VALUES (1, 'one')`)
  const read = () => db.execute(sql`SELECT * FROM sample WHERE id = ${1}`)
  await read()
  await read()
  await db.execute(sql`ALTER TABLE sample ADD COLUMN more int`)
  await expect(read()).rejects.toMatchObject({ cause: { code: '0A000' } })
  expect((await read()).rows).toEqual([{ id: 1, name: 'one', more: null }])
  expect((await read()).rows).toEqual([{ id: 1, name: 'one', more: null }])
})

it('prepares nothing more once the server does not know what was prepared, as behind a pooler', async () => {
  await doubled(1)
  await doubled(2)
  // What a pooler does that gives the next statement to another of its connections.
  await opened.db.execute(sql`DEALLOCATE ALL`)
  await expect(doubled(3)).rejects.toMatchObject({ cause: { code: '26000' } })
  expect(await doubled(4)).toBe(8)
  expect(await doubled(5)).toBe(10)
  expect(await prepared()).toEqual([])
})

it('prepares nothing where a pooler is said to be in front, which knows no statement of another connection [I3]', async () => {
  await opened.close()
  opened = openDatabase(database.url, { max: 1, isPooled: true })
  for (const n of [1, 2, 3]) {
    expect(await doubled(n)).toBe(2 * n)
    // What such a pooler may do between any two.
    await opened.db.execute(sql`DISCARD ALL`)
  }
  expect(await prepared()).toEqual([])
})
