/** What two invoices charge, side by side: by customer or by product, and the lines of some of them (J5). */
import { and, eq, sql } from 'drizzle-orm'
import { toLine } from '#db/prism/invoice-lines.ts'
import { invoiceLines } from '#db/prism/invoice-tables.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Amount, InvoiceLine, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

/** Some files have it after a product's name (docs/facts/prism.md, "Invoice CSV"). */
const NCE = ' (NCE Product)'

/** The invoices of two months; `null`: that month has none. */
export interface TwoInvoices {
  readonly earlier: string | null
  readonly later: string | null
}

export interface ComparedSum {
  /** The customer's id, or the product's name; `''`: lines of no customer, or that name no product. */
  readonly key: string
  /** Of the customer. */
  readonly name: string
  readonly earlier: Amount
  readonly later: Amount
}

interface SumRow extends Record<string, unknown> {
  readonly key: string
  readonly name: string
  readonly earlier_cost: Money
  readonly earlier_price: Money
  readonly later_cost: Money
  readonly later_price: Money
  readonly of: readonly [count: number, Money, Money, Money, Money]
}

export interface SumsAsked {
  readonly by: 'customer' | 'product'
  readonly search: string
  readonly limit: number | null
  readonly offset: number
}

interface ComparedSums {
  readonly sums: ComparedSum[]
  readonly count: number
  /** Of all that fit. */
  readonly total: { readonly earlier: Amount; readonly later: Amount }
}

/** A page of what they come to, the largest difference first, and how many there are; lines that cannot be read as far as they can. */
export const comparedSums = async (
  db: Database,
  organisationId: string,
  program: string,
  { earlier, later }: TwoInvoices,
  { by, search, limit, offset }: SumsAsked,
): Promise<ComparedSums> => {
  const key =
    by === 'customer'
      ? sql`coalesce(l.tenant_id, '')`
      : sql`regexp_replace(l.offer_name, ${`${NCE.replace(/[()]/g, '\\$&')}$`}, '')`
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const of = (table: string) => sql`
    SELECT ${key} AS key, l.invoice_id = ${later ?? ''} AS is_later, l.cost, l.price FROM ${sql.raw(table)} l
    WHERE l.organisation_id = ${organisationId} AND l.program = ${program}
      AND ${isOneOf(
        sql`l.invoice_id`,
        [earlier, later].filter((id) => id !== null),
      )}`
  const { rows } = await db.execute<SumRow>(sql`
    WITH sums AS (
      SELECT key, coalesce(sum(cost) FILTER (WHERE NOT is_later), 0) AS earlier_cost,
        coalesce(sum(price) FILTER (WHERE NOT is_later), 0) AS earlier_price,
        coalesce(sum(cost) FILTER (WHERE is_later), 0) AS later_cost, coalesce(sum(price) FILTER (WHERE is_later), 0) AS later_price
      FROM (${of('invoice_lines')} UNION ALL ${of('invoice_bad_lines')}) lines GROUP BY key),
    named AS (
      SELECT sums.*, ${by === 'customer' ? sql`coalesce(nullif(t.name, ''), t.domain, key)` : sql`key`} AS name FROM sums
      LEFT JOIN prism_tenants t ON t.organisation_id = ${organisationId} AND t.program = ${program}
        AND t.id = sums.key AND ${by === 'customer'}),
    fitting AS (SELECT * FROM named WHERE ${search === '' ? sql`true` : sql`name ILIKE ${like}`})
    SELECT key, name, trim_scale(earlier_cost)::text AS earlier_cost, trim_scale(earlier_price)::text AS earlier_price,
      trim_scale(later_cost)::text AS later_cost, trim_scale(later_price)::text AS later_price, 
      (SELECT jsonb_build_array(count(*), trim_scale(coalesce(sum(earlier_cost), 0))::text, trim_scale(coalesce(sum(earlier_price), 0))::text,
        trim_scale(coalesce(sum(later_cost), 0))::text, trim_scale(coalesce(sum(later_price), 0))::text) FROM fitting) AS of
    FROM fitting
    ORDER BY abs(fitting.later_price - fitting.earlier_price) DESC, fitting.later_price DESC, fitting.name, fitting.key
    LIMIT ${limit} OFFSET ${offset}`)
  const zero = '0' as Money
  const [count, earlierCost, earlierPrice, laterCost, laterPrice] = rows[0]?.of ?? [0, zero, zero, zero, zero]
  return {
    sums: rows.map((row) => ({
      key: row.key,
      name: row.name,
      earlier: { cost: row.earlier_cost, price: row.earlier_price },
      later: { cost: row.later_cost, price: row.later_price },
    })),
    count,
    total: {
      earlier: { cost: earlierCost, price: earlierPrice },
      later: { cost: laterCost, price: laterPrice },
    },
  }
}

/** Lines of an invoice that name one of these products, as `comparedSums` names them. */
export const linesOfProducts = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  products: readonly string[],
): Promise<InvoiceLine[]> => {
  const rows = await db
    .select()
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.organisationId, organisationId),
        eq(invoiceLines.program, program),
        eq(invoiceLines.invoiceId, invoiceId),
        isOneOf(invoiceLines.offerName, [...products, ...products.map((name) => name + NCE)]),
      ),
    )
    .orderBy(invoiceLines.row)
  return rows.map(toLine)
}

/** What additions bill of a subscription in a month, as its last sync found. */
export interface BilledOf {
  readonly tenantId: string
  readonly subscriptionId: SubscriptionKey
  readonly billed: Amount
}

/** Of the customers' subscriptions, and what of theirs is no subscription's (`''`). */
export const billedOfCustomers = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
  tenantIds: readonly string[],
): Promise<BilledOf[]> => {
  if (tenantIds.length === 0) return []
  const { rows } = await db.execute<{
    tenant_id: string
    subscription_id: SubscriptionKey
    cost: Money
    price: Money
  }>(sql`
    SELECT r ->> 'tenantId' AS tenant_id, r ->> 'subscriptionId' AS subscription_id,
      trim_scale(sum((r -> 'billed' ->> 'cost')::numeric))::text AS cost, trim_scale(sum((r -> 'billed' ->> 'price')::numeric))::text AS price
    FROM month_bills b CROSS JOIN LATERAL jsonb_array_elements(b.rows) r
    WHERE b.organisation_id = ${organisationId} AND b.program = ${program} AND b.period = ${period}
      AND b.tenant_ids && ${sql.param([...tenantIds])}::text[] AND ${isOneOf(sql`(r ->> 'tenantId')`, tenantIds)}
    GROUP BY 1, 2`)
  return rows.map(({ tenant_id, subscription_id, cost, price }) => ({
    tenantId: tenant_id,
    subscriptionId: subscription_id,
    billed: { cost, price },
  }))
}
