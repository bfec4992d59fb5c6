import { sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

/** What PRISM invoiced of a customer. */
export interface InvoicedOf {
  /** The newest usable invoice that has it, and its retail amount there. */
  readonly period: Period
  readonly price: Money
  /** The first usable one that has it. */
  readonly from: Period
}

interface Row extends Record<string, unknown> {
  readonly tenant_id: string
  readonly period: Period
  readonly price: Money
  readonly first: Period
}

/** By customer; who is on no usable invoice is left out. */
export const invoicedOf = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<ReadonlyMap<string, InvoicedOf>> => {
  if (tenantIds.length === 0) return new Map()
  const { rows } = await db.execute<Row>(sql`
    SELECT DISTINCT ON (tenant_id) tenant_id, period, price::text AS price,
      min(period) OVER (PARTITION BY tenant_id) AS first
    FROM (
      SELECT l.tenant_id, i.period, sum(l.price) AS price
      FROM invoices i
      JOIN invoice_lines l ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
        AND ${isOneOf(sql`l.tenant_id`, tenantIds)}
      WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'ready'
      GROUP BY l.tenant_id, i.period) months
    ORDER BY tenant_id, period DESC`)
  return new Map(
    rows.map(({ tenant_id, period, price, first }) => [tenant_id, { period, price, from: first }]),
  )
}
