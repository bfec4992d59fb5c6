import { type Column, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

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
