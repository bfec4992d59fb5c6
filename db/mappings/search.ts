/** What the search box finds of ConnectWise's: companies and agreements that a customer is, or was, mapped to (J15). */
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { prismTenants } from '#db/prism/tables.ts'
import type { Database } from '../client.ts'
import { ranked, type Sought, searchedText } from '../sought.ts'
import { oneTimeMappings } from './one-time-tables.ts'
import { formerMappings, mappings, searchedMapping } from './tables.ts'

/** ConnectWise's ids are whole numbers; `null`: it is none. */
const numberOf = ({ text }: Sought): number | null =>
  /^#?\d{1,9}$/.test(text) ? Number(text.replace('#', '')) : null

const is = (column: AnyColumn, id: number | null): SQL => (id === null ? sql`false` : sql`${column} = ${id}`)

export interface FoundCompany extends Record<string, unknown> {
  readonly id: number
  readonly name: string
  /** Whose it is; of several customers the first by id. */
  readonly tenantId: string
  readonly customers: number
}

/** At most `limit`, the best first. */
export const foundCompanies = async (
  db: Database,
  organisationId: string,
  program: string,
  sought: Sought,
  limit: number,
): Promise<FoundCompany[]> => {
  const m = mappings
  const scope = sql`${m.organisationId} = ${organisationId} AND ${m.program} = ${program}`
  const { rows } = await db.execute<FoundCompany>(sql`
    SELECT best.id, best.name, its."tenantId", its.customers FROM (
      SELECT * FROM (
        SELECT DISTINCT ON (id) * FROM (${ranked(sought, {
          table: sql`${m}`,
          columns: sql`${m.companyId} AS id, ${m.companyName} AS name`,
          scope,
          searched: searchedMapping(m),
          within: searchedText(m.companyName),
          exact: is(m.companyId, numberOf(sought)),
        })}) AS found ORDER BY id, rank) AS each
      ORDER BY rank, length(name), name, id LIMIT ${limit}) AS best,
    LATERAL (
      SELECT min(${m.tenantId}) AS "tenantId", count(*)::int AS customers FROM ${m}
      WHERE ${scope} AND ${m.companyId} = best.id) AS its
    ORDER BY best.rank, length(best.name), best.name, best.id`)
  return rows
}

export interface FoundAgreement extends Record<string, unknown> {
  readonly id: number
  readonly name: string
  readonly company: string
  readonly tenantId: string
  readonly customer: string
  /** Of terms that are billed at once; or it was left, and is kept for what it bills still. */
  readonly kind: 'monthly' | 'one-time' | 'former'
}

/** By name and company those that customers are mapped to; by number also One-Time and former ones. */
export const foundAgreements = async (
  db: Database,
  organisationId: string,
  program: string,
  sought: Sought,
  limit: number,
): Promise<FoundAgreement[]> => {
  const [m, t] = [mappings, prismTenants]
  const id = numberOf(sought)
  const of = (table: typeof mappings | typeof oneTimeMappings | typeof formerMappings): SQL =>
    sql`${table.organisationId} = ${organisationId} AND ${table.program} = ${program}`
  const columnsOf = (table: typeof mappings | typeof oneTimeMappings | typeof formerMappings): SQL =>
    sql`${table.agreementId} AS id, ${table.agreementName} AS name, ${table.companyName} AS company, ${table.tenantId}`
  const alsoById = (table: typeof oneTimeMappings | typeof formerMappings, kind: string): SQL =>
    sql`(SELECT 0 AS rank, ${columnsOf(table)}, ${kind}::text AS kind FROM ${table} WHERE ${of(table)} AND ${is(table.agreementId, id)} LIMIT ${limit})`
  const { rows } = await db.execute<FoundAgreement>(sql`
    SELECT best.id, best.name, best.company, best.tenant_id AS "tenantId", coalesce(${t.name}, '') AS customer, best.kind FROM (
      SELECT * FROM (
        SELECT DISTINCT ON (id, tenant_id) * FROM (
          ${ranked(sought, {
            table: sql`${m}`,
            columns: sql`${columnsOf(m)}, 'monthly'::text AS kind`,
            scope: of(m),
            searched: searchedMapping(m),
            exact: is(m.agreementId, id),
          })}
          UNION ALL ${alsoById(oneTimeMappings, 'one-time')}
          UNION ALL ${alsoById(formerMappings, 'former')}) AS found
        ORDER BY id, tenant_id, rank, kind DESC) AS each
      ORDER BY rank, length(name), name, company, id LIMIT ${limit}) AS best
    LEFT JOIN ${t} ON ${t.organisationId} = ${organisationId} AND ${t.program} = ${program} AND ${t.id} = best.tenant_id
    ORDER BY best.rank, length(best.name), best.name, best.company, best.id`)
  return rows
}
