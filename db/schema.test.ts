import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { migrate } from './migrate.ts'

/**
 * They find the organisation, or count what is asked before it is known, so it cannot lead them
 * (docs/applying.md, "Data").
 */
const directory = [
  'organisations',
  'logins',
  'connection_directory',
  'due_looks',
  'due_notices',
  'sign_in_tries',
  'caller_tries',
  'first_owner_links',
]

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const names = async (text: string): Promise<string[]> =>
  (await client.query<{ name: string }>(text)).rows.map((row) => row.name)

describe('the schema', () => {
  it('has organisation_id first in every key and index outside the directory [I2]', async () => {
    const indexes = await client.query<{ table: string; index: string; first: string | null }>(`
      SELECT t.relname AS table, i.relname AS index, a.attname AS first
      FROM pg_index x
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid
      LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
      WHERE t.relnamespace = 'public'::regnamespace`)
    const own = indexes.rows.filter((each) => !directory.includes(each.table))
    expect(own.length).toBeGreaterThan(30)
    expect(own.filter((each) => each.first !== 'organisation_id')).toEqual([])
  })

  it('has a primary key and an organisation_id on every table outside the directory [I2]', async () => {
    const without = await names(`
      SELECT t.relname AS name FROM pg_class t
      WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
        AND NOT (EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = t.oid AND x.indisprimary)
             AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'organisation_id' AND a.attnotnull))`)
    expect(without.filter((name) => !directory.includes(name))).toEqual([])
  })

  it('joins tables outside the directory by organisation_id first [I2]', async () => {
    const wrong = await names(`
      SELECT c.conname AS name FROM pg_constraint c
      JOIN pg_class t ON t.oid = c.conrelid
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND a.attname <> 'organisation_id'`)
    expect(wrong).toEqual([])
  })

  it('keeps no money, quantity or day as a float or a moment', async () => {
    const floats = await names(`
      SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('real', 'double precision')`)
    expect(floats).toEqual([])
  })

  it('can be migrated again, and by two launches at once', async () => {
    await Promise.all([migrate(database.url), migrate(database.url)])
    const queues = await names('SELECT name FROM pgboss.queue ORDER BY name')
    expect(queues).toEqual(expect.arrayContaining(['detect', 'sync-agreement']))
  })
})
