/** Every table that has rows of organisations, found in the schema itself, so that none is forgotten. */
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '../schema.ts'

type Schema = typeof schema
/** The names of our tables as the code has them. */
export type TableKey = {
  [K in keyof Schema]: Schema[K] extends PgTable ? K : never
}[keyof Schema]

/** Tables by the names that the code has for them. */
export const tables: ReadonlyMap<string, PgTable> = new Map(
  Object.entries(schema).flatMap(([key, value]) => (is(value, PgTable) ? [[key, value] as const] : [])),
)

export const nameOf = (table: PgTable): string => getTableConfig(table).name
const hasOrganisation = (table: PgTable): boolean =>
  getTableConfig(table).columns.some(({ name }) => name === 'organisation_id')
const needsOf = (table: PgTable): string[] =>
  getTableConfig(table).foreignKeys.map((key) => nameOf(key.reference().foreignTable))

const parentsLast = (all: readonly PgTable[]): PgTable[] => {
  const ordered: PgTable[] = []
  while (ordered.length < all.length) {
    const left = all.filter((table) => !ordered.includes(table))
    const next = left.find((table) => left.every((other) => !needsOf(other).includes(nameOf(table))))
    if (next === undefined) throw new Error('Tables refer to each other in a circle')
    ordered.push(next)
  }
  return ordered
}

/** Those with an organisation, each before the tables that it refers to; not `organisations` itself. */
export const organisationTables: readonly PgTable[] = parentsLast(
  [...tables.values()].filter(hasOrganisation),
)
