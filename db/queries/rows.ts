import { type Column, type SQL, sql } from 'drizzle-orm'

/** Parts of an array, so that a statement never has more parameters than PostgreSQL takes (65,535). */
export const batches = <T>(values: readonly T[], size = 2000): T[][] => {
  const parts: T[][] = []
  for (let from = 0; from < values.length; from += size) parts.push(values.slice(from, from + size))
  return parts
}

/** `IN` for a list of any length: it is one parameter, whatever its length. Nothing is in an empty list. */
export const isOneOf = (value: Column | SQL, of: readonly (string | number)[]): SQL =>
  sql`${value} = ANY(${sql.param([...of])})`
