import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/** Parts of an array, so that a statement never has more parameters than PostgreSQL takes (65,535). */
export const batches = <T>(values: readonly T[], size = 2000): T[][] => {
  const parts: T[][] = []
  for (let from = 0; from < values.length; from += size) parts.push(values.slice(from, from + size))
  return parts
}

/** `column` is none of `values`; one parameter, however many they are. */
export const isNoneOf = (column: AnyColumn | SQL, values: readonly string[]): SQL =>
  sql`${column} <> ALL (${sql.param([...values])}::text[])`
