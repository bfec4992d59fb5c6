/** A page of a program's customers with how many there are, in one look at all of them (E1). */
import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import {
  type CustomerCounts,
  type CustomerFilter,
  type CustomerRow,
  type customerSorts,
  customersOf,
  customersToChoose,
  NOBODY,
} from './customers.ts'

export interface CustomerPage extends CustomerFilter {
  readonly sort: (typeof customerSorts)[number]
  readonly descending: boolean
  readonly limit: number
  readonly offset: number
}

export interface CustomersOnPage {
  readonly rows: readonly CustomerRow[]
  /** How many fit. */
  readonly total: number
  /** Of all customers, whether they fit or not. */
  readonly counts: CustomerCounts
}

/** One page of a program's tenants with their mappings; all of it as of one moment but what each row holds. */
export const customersPage = async (
  db: Database,
  organisationId: string,
  program: string,
  page: CustomerPage,
): Promise<CustomersOnPage> => {
  const order = page.descending ? sql`key DESC NULLS LAST` : sql`key ASC NULLS LAST`
  const { rows } = await db.execute<{ ids: string[]; total: number; counts: Partial<CustomerCounts> }>(sql`
    WITH customers AS MATERIALIZED (${customersToChoose(organisationId, program, page, page.sort)}),
      page AS (
        SELECT id, row_number() OVER (ORDER BY ${order}, name, id) AS place FROM customers WHERE fits
        ORDER BY ${order}, name, id LIMIT ${page.limit} OFFSET ${page.offset})
    SELECT (SELECT coalesce(jsonb_agg(id ORDER BY place), '[]') FROM page) AS ids,
      (SELECT count(*)::int FROM customers WHERE fits) AS total,
      (SELECT coalesce(jsonb_object_agg(state, number), '{}')
       FROM (SELECT state, count(*)::int AS number FROM customers GROUP BY state) AS by_state) AS counts`)
  const { ids = [], total = 0, counts = {} } = rows[0] ?? {}
  const byId = new Map(
    (await customersOf(db, organisationId, program, ids)).map((row) => [row.tenant.id, row]),
  )
  return { rows: ids.flatMap((id) => byId.get(id) ?? []), total, counts: { ...NOBODY, ...counts } }
}
