/** What the search box finds of PRISM's: customers, subscriptions, products and invoices (J15). */
import { sql } from 'drizzle-orm'
import { periodSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { ranked, type Sought } from '../sought.ts'
import { invoiceLines, invoices } from './invoice-tables.ts'
import {
  keyOf,
  prismSubscriptions,
  prismTenants,
  products,
  searchedProduct,
  searchedSubscription,
  searchedTenant,
} from './tables.ts'

export interface FoundTenant extends Record<string, unknown> {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly current: boolean
}

/** At most `limit`, the best first. */
export const foundTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  sought: Sought,
  limit: number,
): Promise<FoundTenant[]> => {
  const t = prismTenants
  const { rows } = await db.execute<FoundTenant>(sql`
    SELECT id, name, domain, current FROM (
      SELECT DISTINCT ON (id) * FROM (${ranked(sought, {
        table: sql`${t}`,
        columns: sql`${t.id}, ${t.name}, ${t.domain}, ${t.current}`,
        scope: sql`${t.organisationId} = ${organisationId} AND ${t.program} = ${program}`,
        searched: searchedTenant(t),
        exact: sql`${t.id} = lower(${sought.text}) OR lower(${t.name}) = lower(${sought.text}) OR lower(${t.domain}) = lower(${sought.text})`,
      })}) AS found ORDER BY id, rank) AS each
    ORDER BY rank, current DESC, length(name), name, id LIMIT ${limit}`)
  return rows
}

export interface FoundSubscription extends Record<string, unknown> {
  readonly id: string
  readonly name: string
  readonly tenantId: string
  /** `''` where PRISM never listed its customer. */
  readonly customer: string
  readonly current: boolean
}

/** Those that PRISM lists or listed; by its whole id also one that is on invoices alone. */
export const foundSubscriptions = async (
  db: Database,
  organisationId: string,
  program: string,
  sought: Sought,
  limit: number,
): Promise<FoundSubscription[]> => {
  const [s, l, t] = [prismSubscriptions, invoiceLines, prismTenants]
  const isExact = sql`= lower(${sought.text})`
  const { rows } = await db.execute<FoundSubscription>(sql`
    SELECT best.id, best.name, best.tenant_id AS "tenantId", coalesce(${t.name}, '') AS customer, best.current FROM (
      SELECT * FROM (
        SELECT DISTINCT ON (id) * FROM (
          (SELECT 4 AS rank, ${l.subscriptionId} AS id, ${l.offerName} AS name, ${l.tenantId}, false AS current FROM ${l}
            WHERE ${l.organisationId} = ${organisationId} AND ${l.program} = ${program} AND ${l.subscriptionId} ${isExact}
              AND ${l.tenantId} IS NOT NULL
            ORDER BY ${l.last} DESC LIMIT 1)
          UNION ALL ${ranked(sought, {
            table: sql`${s}`,
            columns: sql`${s.id}, ${s.productName} AS name, ${s.tenantId}, ${s.current}`,
            scope: sql`${s.organisationId} = ${organisationId} AND ${s.program} = ${program}`,
            searched: searchedSubscription(s),
            exact: sql`${s.id} ${isExact}`,
          })}) AS found ORDER BY id, rank) AS each
      ORDER BY rank, current DESC, length(name), name, id LIMIT ${limit}) AS best
    LEFT JOIN ${t} ON ${t.organisationId} = ${organisationId} AND ${t.program} = ${program} AND ${t.id} = best.tenant_id
    ORDER BY best.rank, best.current DESC, length(best.name), best.name, best.id`)
  return rows
}

export interface FoundProduct extends Record<string, unknown> {
  readonly sku: string
  readonly name: string
  readonly current: boolean
}

/** A SKU once, by the name of its newest entry. */
export const foundProducts = async (
  db: Database,
  organisationId: string,
  program: string,
  sought: Sought,
  limit: number,
): Promise<FoundProduct[]> => {
  const p = products
  const key = sql`lower(trim(${sought.text}))`
  const { rows } = await db.execute<FoundProduct>(sql`
    SELECT sku, name, current FROM (
      SELECT DISTINCT ON (sku) * FROM (${ranked(sought, {
        table: sql`${p}`,
        columns: sql`${p.sku}, ${p.name}, ${p.current}, ${p.seenAt}`,
        scope: sql`${p.organisationId} = ${organisationId} AND ${p.program} = ${program}`,
        searched: searchedProduct(p),
        exact: sql`${keyOf(p.sku)} = ${key} OR ${keyOf(p.productId)} = ${key}`,
      })}) AS found ORDER BY sku, rank, current DESC, seen_at DESC) AS each
    ORDER BY rank, current DESC, length(name), name, sku LIMIT ${limit}`)
  return rows
}

type Invoice = typeof invoices.$inferSelect
export type FoundInvoice = Pick<Invoice, 'id' | 'period' | 'kind' | 'state'> & Record<string, unknown>

/** By id, its beginning first, and by usage month (`2026-09`); one that is still loading is left out. */
export const foundInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
  { text, months }: Pick<Sought, 'text'> & { readonly months: readonly string[] },
  limit: number,
): Promise<FoundInvoice[]> => {
  const i = invoices
  const isPart = (of: typeof i.id | typeof i.prismInvoiceId) => sql`strpos(lower(${of}), lower(${text})) > 0`
  const known = months.filter((month) => periodSchema.safeParse(month).success)
  const { rows } = await db.execute<FoundInvoice>(sql`
    SELECT ${i.id}, ${i.period}, ${i.kind}, ${i.state} FROM ${i}
    WHERE ${i.organisationId} = ${organisationId} AND ${i.program} = ${program} AND ${i.state} <> 'loading'
      AND (${i.period} = ANY (${sql.param(known)}::text[]) OR ${isPart(i.id)} OR ${isPart(i.prismInvoiceId)})
    ORDER BY lower(${i.id}) = lower(${text}) DESC, starts_with(lower(${i.id}), lower(${text})) DESC, ${i.period} DESC, ${i.id}
    LIMIT ${limit}`)
  return rows
}
