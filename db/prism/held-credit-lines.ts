/** Credits and adjustments of invoices, with where their customers are mapped (F1). */
import { sql } from 'drizzle-orm'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import type { CreditLines } from '#lib/billing/held-credits.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { keyedLines, ofWhose } from './lines-without-subscription.ts'

interface Row extends Record<string, unknown> {
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

/** Lines of the invoice that say nothing of its month's quantities, and those without a subscription, which are carried alike. */
export const creditLinesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  { id, period }: { readonly id: string; readonly period: Period },
): Promise<CreditLines[]> => {
  const of = (table: string) =>
    sql`${sql.raw(table)}.organisation_id = ${organisationId} AND ${sql.raw(table)}.program = ${program}`
  const { rows } = await db.execute<Row>(sql`
    WITH lines AS (
      SELECT l.subscription_id, l.tenant_id, l.offer_name, l.billing_cycle, l.term_duration, l.term_unit, count(*)::int AS count,
        sum(l.price) AS price
      FROM invoice_lines l
      WHERE ${of('l')} AND l.invoice_id = ${id}
        AND (least(l.quantity, l.unit_cost, l.unit_price, l.cost, l.price) < 0
          OR l.first_day < ${firstDay(period)} OR l.last_day > ${lastDay(period)})
      GROUP BY 1, 2, 3, 4, 5, 6
      UNION ALL
      SELECT k.subscription_id, o.tenant_id, k.offer_name, 'Monthly', '1', 'MONTHS', k.count, k.price
      FROM (${keyedLines(ofWhose(organisationId, program, [id]))}) k
      LEFT JOIN line_owners o ON ${of('o')} AND o.subscription_id = k.subscription_id
      WHERE o.subscription_id IS NULL OR o.tenant_id IS NOT NULL)
    SELECT l.offer_name, p.display_template, l.tenant_id IS NOT NULL AS has_customer, m.agreement_id, m.sync_enabled AS syncs,
      m.first_period, l.billing_cycle, l.term_duration, l.term_unit, sum(l.count)::int AS count,
      trim_scale(sum(l.price))::text AS price
    FROM lines l
    LEFT JOIN prism_subscriptions p ON ${of('p')} AND p.id = l.subscription_id
    LEFT JOIN mappings m ON ${of('m')} AND m.tenant_id = l.tenant_id AND m.motion = 'monthly'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`)
  return rows.map((row) => ({
    offerName: row.offer_name,
    displayTemplate: row.display_template,
    hasCustomer: row.has_customer,
    agreementId: row.agreement_id,
    syncs: row.syncs === true,
    isBeforeFirst: row.first_period !== null && period < row.first_period,
    billingCycle: row.billing_cycle,
    termDuration: row.term_duration,
    termUnit: row.term_unit,
    count: row.count,
    price: row.price,
  }))
}
