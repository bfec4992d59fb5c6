/** What annual invoices charge customers, and no addition of ours carries (J9). */
import { sql } from 'drizzle-orm'
import type { AnnualInvoice } from '#lib/billing/annual/annual-situation.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import type { Day, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { versionsOf } from './annual-invoices.ts'

/** Of a customer on an invoice in use. */
export interface AnnualCharge extends Pick<AnnualInvoice, 'issuedOn' | 'invoiceId'> {
  readonly tenantId: string
  readonly isTaken: boolean
  /** At retail price, of lines that no addition carries. */
  readonly price: Money
  /** Since when it is in use. */
  readonly since: Date
  /** The Sync of the customer's One-Time agreement; `null`: it has none. */
  readonly syncs: boolean | null
}

type Row = {
  readonly tenant_id: string
  readonly prism_invoice_id: string
  readonly period: Period
  readonly invoiced_on: Day | null
  readonly is_taken: boolean
  readonly price: Money
  readonly since: string
  readonly sync_enabled: boolean | null
}

/** By customer, the oldest first. @param tenantIds `null`: of all customers */
export const annualCharges = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[] | null,
): Promise<AnnualCharge[]> => {
  if (tenantIds?.length === 0) return []
  const whose = tenantIds === null ? sql`l.tenant_id IS NOT NULL` : isOneOf(sql`l.tenant_id`, tenantIds)
  const { rows } = await db.execute<Row>(sql`
    SELECT l.tenant_id, i.prism_invoice_id, i.period, i.invoiced_on, sum(l.price)::text AS price,
      coalesce(i.ready_at, i.detected_at) AS since, m.sync_enabled, ${versionsOf(sql`v.taken_at IS NOT NULL`)} AS is_taken
    FROM invoices i
    JOIN invoice_lines l ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
      AND ${whose}
    LEFT JOIN one_time_mappings m ON m.organisation_id = l.organisation_id AND m.program = l.program
      AND m.tenant_id = l.tenant_id
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'annual'
      AND NOT EXISTS (SELECT FROM changes c
        WHERE c.organisation_id = i.organisation_id AND c.program = i.program AND c.kind = 'create'
          AND c.intent->'carries' IS NOT NULL AND (c.intent->'carries'->>'invoiceId') = i.prism_invoice_id
          AND c.outcome = 'done' AND c.subscription_id = l.subscription_id)
    GROUP BY i.organisation_id, i.program, i.id, l.tenant_id, m.sync_enabled
    ORDER BY i.invoiced_on NULLS FIRST, i.period, i.id, l.tenant_id`)
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    invoiceId: row.prism_invoice_id,
    issuedOn: issuedOnOf({ invoicedOn: row.invoiced_on, period: row.period }),
    isTaken: row.is_taken,
    price: row.price,
    since: new Date(row.since),
    syncs: row.sync_enabled,
  }))
}
