/** Which months there are, and what a month is made from (J5). */
import { and, eq, sql } from 'drizzle-orm'
import { invoices } from '#db/prism/invoice-tables.ts'
import type { Amount, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { facts, type MonthOf } from './month-sql.ts'
import { monthBills } from './tables.ts'

/** The usable invoice of a month. */
export interface MonthInvoice {
  readonly invoiceId: string
  /** Of the file as it was loaded, with what can be read of lines that cannot be. */
  readonly total: Amount
  /** Lines of which no amount can be read. */
  readonly unreadable: number
  readonly readyAt: Date | null
}

interface InvoiceRow extends Record<string, unknown> {
  readonly id: string
  readonly cost: Money
  readonly price: Money
  readonly unreadable: number
  readonly ready_at: string | null
}

/** `null`: no invoice of the month is usable. */
export const monthInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
): Promise<MonthInvoice | null> => {
  const { rows } = await db.execute<InvoiceRow>(sql`
    SELECT i.id, i.ready_at, b.unreadable,
      trim_scale(coalesce(i.total_cost, 0) + b.cost)::text AS cost, trim_scale(coalesce(i.total_price, 0) + b.price)::text AS price
    FROM invoices i CROSS JOIN LATERAL (
      SELECT coalesce(sum(cost), 0) AS cost, coalesce(sum(price), 0) AS price, (count(*) FILTER (WHERE price IS NULL))::int AS unreadable
      FROM invoice_bad_lines b
      WHERE b.organisation_id = i.organisation_id AND b.program = i.program AND b.invoice_id = i.id) b
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.period = ${period} AND i.state = 'ready'`)
  const [row] = rows
  if (row === undefined) return null
  const { id, cost, price, unreadable, ready_at } = row
  return {
    invoiceId: id,
    total: { cost, price },
    unreadable,
    readyAt: ready_at === null ? null : new Date(ready_at),
  }
}

/** A month as a chart has it. */
export interface MonthSums {
  readonly period: Period
  readonly invoiced: Amount
  readonly billed: Amount
  /** How long the first scheduled sync of it took, seconds; `null`: there was none. */
  readonly seconds: number | null
  readonly closedAt: Date | null
  readonly closedBy: string | null
}

interface SumsRow extends Record<string, unknown> {
  readonly period: Period
  readonly cost: Money
  readonly price: Money
  readonly billed_cost: Money
  readonly billed_price: Money
  readonly seconds: number | null
  readonly closed_at: string | null
  readonly closed_by: string | null
}

/** The newest months with a usable invoice, the newest first. */
export const latestMonths = async (
  db: Database,
  organisationId: string,
  program: string,
  most: number,
): Promise<MonthSums[]> => {
  const { rows } = await db.execute<SumsRow>(sql`
    SELECT i.period, trim_scale(coalesce(i.total_cost, 0) + bad.cost)::text AS cost, trim_scale(coalesce(i.total_price, 0) + bad.price)::text AS price,
      trim_scale(b.cost)::text AS billed_cost, trim_scale(b.price)::text AS billed_price, c.closed_at, c.closed_by,
      (SELECT round(extract(epoch FROM r.finished_at - r.started_at))::int FROM runs r
        WHERE r.organisation_id = i.organisation_id AND r.program = i.program AND r.kind = 'customers' AND r.state = 'finished'
          AND r.trigger = 'schedule' AND r.looks_again IS NULL AND r.last_period = i.period
        ORDER BY r.created_at LIMIT 1) AS seconds
    FROM (SELECT * FROM invoices WHERE organisation_id = ${organisationId} AND program = ${program} AND state = 'ready'
      ORDER BY period DESC LIMIT ${most}) i
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(billed_cost), 0) AS cost, coalesce(sum(billed_price), 0) AS price FROM month_bills m
      WHERE m.organisation_id = i.organisation_id AND m.program = i.program AND m.period = i.period) b
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(cost), 0) AS cost, coalesce(sum(price), 0) AS price FROM invoice_bad_lines l
      WHERE l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id) bad
    LEFT JOIN month_closings c ON c.organisation_id = i.organisation_id AND c.program = i.program AND c.period = i.period
      AND c.reopened_at IS NULL
    ORDER BY i.period DESC`)
  return rows.map((row) => ({
    period: row.period,
    invoiced: { cost: row.cost, price: row.price },
    billed: { cost: row.billed_cost, price: row.billed_price },
    seconds: row.seconds,
    closedAt: row.closed_at === null ? null : new Date(row.closed_at),
    closedBy: row.closed_by,
  }))
}

/** The months with a usable invoice next to one; `null`: there is none on that side. */
export const monthsBeside = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
): Promise<{ readonly earlier: Period | null; readonly later: Period | null }> => {
  const [row] = await db
    .select({
      earlier: sql<Period | null>`max(${invoices.period}) FILTER (WHERE ${invoices.period} < ${period})`,
      later: sql<Period | null>`min(${invoices.period}) FILTER (WHERE ${invoices.period} > ${period})`,
    })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'ready'),
      ),
    )
  return row ?? { earlier: null, later: null }
}

/** All months with a usable invoice, the newest first. */
export const monthsWithInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<{ period: Period; invoiceId: string }[]> =>
  db
    .select({ period: invoices.period, invoiceId: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'ready'),
      ),
    )
    .orderBy(sql`${invoices.period} DESC`)

/** A customer on the file, as `lib/proof` takes it. */
export interface InvoicedCustomer {
  readonly tenantId: string
  readonly lines: Amount
  readonly agreementId: number | null
  readonly term: string
}

export interface MonthSources {
  readonly customers: readonly InvoicedCustomer[]
  /** By term, lines that are no customer's. */
  readonly nobodys: ReadonlyMap<string, Amount>
  readonly bills: readonly (typeof monthBills.$inferSelect)[]
}

/** All that a month is made from, as it is stored. */
export const monthSources = async (
  db: Database,
  organisationId: string,
  of: Omit<MonthOf, 'organisationId'>,
): Promise<MonthSources> => {
  const month = { ...of, organisationId }
  interface Row extends Record<string, unknown> {
    readonly tenant_id: string | null
    readonly term: string
    readonly goes_to: number | null
    readonly cost: Money
    readonly price: Money
  }
  const { rows } = await db.execute<Row>(sql`
    WITH ${facts(month)}
    SELECT tenant_id, term, goes_to, trim_scale(cost)::text AS cost, trim_scale(price)::text AS price FROM whose
    UNION ALL
    SELECT NULL, term, NULL, trim_scale(cost)::text, trim_scale(price)::text FROM open_lines`)
  const bills = await db
    .select()
    .from(monthBills)
    .where(
      and(
        eq(monthBills.organisationId, organisationId),
        eq(monthBills.program, of.program),
        eq(monthBills.period, of.period),
      ),
    )
  return {
    bills,
    customers: rows.flatMap(({ tenant_id, term, goes_to, cost, price }) =>
      tenant_id === null ? [] : [{ tenantId: tenant_id, term, agreementId: goes_to, lines: { cost, price } }],
    ),
    nobodys: new Map(
      rows.flatMap(({ tenant_id, term, cost, price }) =>
        tenant_id === null ? [[term, { cost, price }]] : [],
      ),
    ),
  }
}
