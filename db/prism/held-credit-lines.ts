/** Credits and adjustments of invoices, with where their customers are mapped (F1). */
import { sql } from 'drizzle-orm'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import type { CreditLines } from '#lib/billing/held-credits.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { keyedLines, ofWhose } from './lines-without-subscription.ts'

interface Row extends Record<string, unknown> {
  invoice_id: string
  offer_name: string
  display_template: string | null
  has_customer: boolean
  agreement_id: number | null
  syncs: boolean | null
  first_period: Period | null
  billing_cycle: string | null
  term_duration: string | null
  term_unit: string | null
  count: number
  price: Money
}

/** By invoice, lines that say nothing of its month's quantities, and those without a subscription, which are carried alike; asked in one query. */
export const creditLinesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  held: readonly { readonly id: string; readonly period: Period }[],
): Promise<ReadonlyMap<string, CreditLines[]>> => {
  const ids = held.map(({ id }) => id)
  const of = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  const { rows } = await db.execute<Row>(sql`
    WITH held AS (
      SELECT * FROM unnest(${sql.param(ids)}::text[], ${sql.param(held.map(({ period }) => firstDay(period)))}::date[],
        ${sql.param(held.map(({ period }) => lastDay(period)))}::date[]) h (id, first_day, last_day)),
    lines AS (
      SELECT l.invoice_id, l.subscription_id, l.tenant_id, l.offer_name, l.billing_cycle, l.term_duration, l.term_unit, count(*)::int AS count,
        sum(l.price) AS price
      FROM held h JOIN invoice_lines l ON ${of('l')} AND l.invoice_id = h.id
      WHERE least(l.quantity, l.unit_cost, l.unit_price, l.cost, l.price) < 0
        OR l.first_day < h.first_day OR l.last_day > h.last_day
      GROUP BY 1, 2, 3, 4, 5, 6, 7
      UNION ALL
      SELECT k.invoice_id, k.subscription_id, o.tenant_id, k.offer_name, 'Monthly', '1', 'MONTHS', k.count, k.price
      FROM (${keyedLines(ofWhose(organisationId, program, ids))}) k
      LEFT JOIN line_owners o ON ${of('o')} AND o.subscription_id = k.subscription_id
      WHERE o.subscription_id IS NULL OR o.tenant_id IS NOT NULL)
    SELECT l.invoice_id, l.offer_name, p.display_template, l.tenant_id IS NOT NULL AS has_customer, m.agreement_id, m.sync_enabled AS syncs,
      m.first_period, l.billing_cycle, l.term_duration, l.term_unit, sum(l.count)::int AS count,
      trim_scale(sum(l.price))::text AS price
    FROM lines l
    LEFT JOIN prism_subscriptions p ON ${of('p')} AND p.id = l.subscription_id
    LEFT JOIN mappings m ON ${of('m')} AND m.tenant_id = l.tenant_id AND m.motion = 'monthly'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`)
  const periods = new Map(held.map(({ id, period }) => [id, period]))
  const byInvoice = Map.groupBy(rows, (row) => row.invoice_id)
  return new Map([...byInvoice].map(([id, of]) => [id, of.map((row) => toLines(row, periods.get(id)))]))
}

const toLines = (row: Row, period: Period | undefined): CreditLines => ({
  offerName: row.offer_name,
  displayTemplate: row.display_template,
  hasCustomer: row.has_customer,
  agreementId: row.agreement_id,
  syncs: row.syncs === true,
  isBeforeFirst: row.first_period !== null && period !== undefined && period < row.first_period,
  billingCycle: row.billing_cycle,
  termDuration: row.term_duration,
  termUnit: row.term_unit,
  count: row.count,
  price: row.price,
})
