import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let first: TestDatabase
let second: TestDatabase

beforeAll(async () => {
  ;[first, second] = await Promise.all([createTestDatabase(), createTestDatabase()])
})
afterAll(() => Promise.all([first.drop(), second.drop()]))

const query = async (database: TestDatabase, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

it('gives every test file a migrated database of its own', async () => {
  await query(first, 'create table only_here (id int)')
  const tables = "select table_name from information_schema.tables where table_schema = 'public'"
  const inFirst = (await query(first, tables)).map((row) => JSON.stringify(row))
  const inSecond = (await query(second, tables)).map((row) => JSON.stringify(row))
  expect(inSecond.length).toBeGreaterThan(5)
  expect(inFirst.filter((table) => !inSecond.includes(table))).toEqual(['{"table_name":"only_here"}'])
})
