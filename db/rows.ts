import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { statuses } from '#lib/billing/status.ts'
import type { Database } from './client.ts'

/** Parts of an array, so that a statement never has more parameters than PostgreSQL takes (65,535). */
export const batches = <T>(values: readonly T[], size = 2000): T[][] => {
  const parts: T[][] = []
  for (let from = 0; from < values.length; from += size) parts.push(values.slice(from, from + size))
  return parts
}

/** `IN` for a list of any length: it is one parameter, whatever its length. Nothing is in an empty list. */
export const isOneOf = (value: Column | SQL, of: readonly (string | number)[]): SQL =>
  sql`${value} = ANY(${sql.param([...of])})`

/** Deletes some of the rows that are of no use any more: few enough to do it with each request, more than one request makes. */
export const pruned = (table: PgTable, useless: SQL): SQL =>
  sql`DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM ${table} WHERE ${useless} LIMIT 100 FOR UPDATE SKIP LOCKED))`

/** `column` is none of `values`; one parameter, however many they are. */
export const isNoneOf = (column: Column | SQL, values: readonly string[]): SQL =>
  sql`${column} <> ALL (${sql.param([...values])}::text[])`

/**
 * Inserts rows as one JSON parameter, many times faster than one for each value; a column that a row lacks is null in it.
 * For columns that JSON writes as PostgreSQL reads them: texts, numbers, decimals and days as texts.
 */
export const insertRows = async <Table extends PgTable>(
  db: Database,
  table: Table,
  rows: readonly Table['$inferInsert'][],
  onConflict: SQL = sql``,
): Promise<void> => {
  if (rows.length === 0) return
  const columns = Object.entries(getTableColumns(table))
  const listed = (part: (key: string, column: Column) => SQL): SQL =>
    sql.join(
      columns.map(([key, column]) => part(key, column)),
      sql`, `,
    )
  await db.execute(sql`
    INSERT INTO ${table} (${listed((_, { name }) => sql`${sql.identifier(name)}`)})
    SELECT ${listed((key) => sql`${sql.identifier(key)}`)}
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS record (${listed((key, column) => sql`${sql.identifier(key)} ${sql.raw(column.getSQLType())}`)})
    ${onConflict}`)
}

/** What `ON CONFLICT … DO UPDATE` sets: what was to be inserted, in every column but those of the key. */
export const replacing = (table: PgTable, key: readonly Column[]): Record<string, SQL> => {
  const columns = Object.entries(getTableColumns(table)).filter(([, column]) => !key.includes(column))
  return Object.fromEntries(
    columns.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]),
  )
}

/** 1 for the best status, 4 for the worst; NULL where there is none. */
export const statusRank = (status: Column | SQL): SQL<number> =>
  sql<number>`array_position(ARRAY[${sql.join(
    statuses.map((each) => sql.raw(`'${each}'`)),
    sql`, `,
  )}], ${status})`
