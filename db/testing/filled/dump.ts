/**
 * A database as plain SQL: the migrations it was made by, then its rows. The jobs of the queue are not part of it, as
 * `migrate` installs the queue.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const migrationsFolder = fileURLToPath(new URL('../../../drizzle/', import.meta.url))
const migrationsTable = 'drizzle.__drizzle_migrations'

/** Works with a client of its own, and closes it. */
const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const migrations = async (): Promise<string[]> => {
  const journal = await readFile(`${migrationsFolder}meta/_journal.json`, 'utf8')
  const { entries } = JSON.parse(journal) as { entries: { tag: string }[] }
  return Promise.all(entries.map(({ tag }) => readFile(`${migrationsFolder}${tag}.sql`, 'utf8')))
}

/** The table's rows as one statement, with all digits of its numbers and moments. */
const insertInto = async (client: pg.Client, table: string, order: string): Promise<string> => {
  const { rows } = await client.query<{ text: string }>(
    `SELECT row_to_json(t)::text AS text FROM ${table} AS t ORDER BY ${order}`,
  )
  if (rows.length === 0) return ''
  const all = rows.map(({ text }) => text).join(',\n')
  if (all.includes('$rows$')) throw new Error(`${table} holds the mark that ends a text`)
  return `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${table}, $rows$[${all}]$rows$);`
}

/** Everything that makes the same database again out of an empty one. */
export const dumpOf = async (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string; key: string }>(`
      SELECT quote_ident(relname) AS name,
        (SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(indkey::int2[], attnum))
         FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
         WHERE indrelid = pg_class.oid AND indisprimary) AS key
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`)
    const { rows: identities } = await client.query<{ table: string; column: string }>(`
      SELECT quote_ident(table_name) AS table, quote_ident(column_name) AS column
      FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'`)
    const inserts: string[] = []
    for (const { name, key } of tables) inserts.push(await insertInto(client, name, key))
    return [
      ...(await migrations()),
      'CREATE SCHEMA drizzle;',
      `CREATE TABLE ${migrationsTable} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);`,
      await insertInto(client, migrationsTable, 'id'),
      // Rows come table by table, whatever refers to what.
      'SET session_replication_role = replica;',
      ...inserts.filter((each) => each !== ''),
      'SET session_replication_role = origin;',
      `SELECT setval(pg_get_serial_sequence('${migrationsTable}', 'id'), max(id)) FROM ${migrationsTable};`,
      ...identities.map(
        ({ table, column }) =>
          `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), coalesce(max(${column}), 1)) FROM ${table};`,
      ),
    ].join('\n')
  })

/** Makes the database of the dump out of an empty one. */
export const restore = (url: string, dump: string): Promise<unknown> =>
  withClient(url, (client) => client.query(dump))

/** The organisations of a database, in the order in which they came. */
export const organisationsIn = (url: string): Promise<readonly { id: string; name: string }[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string; name: string }>(
      'SELECT id, name FROM organisations ORDER BY created_at',
    )
    return rows
  })
