/** Lines of annual invoices that additions carry (J9): which, besides those of the agreement itself, a plan must know of. */
import { sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { CarriedLine } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

/** What additions of other agreements carry of these invoices: a customer's mapping may have moved. @param invoiceIds PRISM's */
export const carriedElsewhere = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  invoiceIds: readonly string[],
): Promise<CarriedLine[]> => {
  if (invoiceIds.length === 0) return []
  const { rows } = await db.execute<{ carries: CarriedLine }>(sql`
    SELECT carries FROM (
      SELECT DISTINCT ON (c.agreement_id, c.intent -> 'carries' ->> 'charge', c.intent -> 'carries' ->> 'ordinal',
          c.intent -> 'carries' ->> 'invoiceId') c.intent -> 'carries' AS carries
      FROM changes c
      WHERE c.organisation_id = ${organisationId} AND c.program = ${program} AND c.agreement_id <> ${agreementId}
        AND c.intent -> 'carries' IS NOT NULL AND ${isOneOf(sql`((c.intent -> 'carries') ->> 'invoiceId')`, invoiceIds)}
        AND c.outcome IN ('done', 'pending', 'unknown')
      ORDER BY c.agreement_id, c.intent -> 'carries' ->> 'charge', c.intent -> 'carries' ->> 'ordinal',
        c.intent -> 'carries' ->> 'invoiceId', (c.intent -> 'carries' ->> 'turn')::int DESC) latest
    WHERE (carries ->> 'turn')::int % 2 = 1`)
  return rows.map(({ carries }) => carries)
}

export interface InvoiceSubscription {
  /** PRISM's. */
  readonly invoiceId: string
  readonly subscriptionId: SubscriptionKey
}

/** Of these subscriptions of annual invoices in use, those whose lines are of a customer that is none of the tenants. */
export const ofOtherTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
  of: readonly InvoiceSubscription[],
): Promise<InvoiceSubscription[]> => {
  if (of.length === 0) return []
  const { rows } = await db.execute<{ invoice_id: string; subscription_id: SubscriptionKey }>(sql`
    SELECT DISTINCT i.prism_invoice_id AS invoice_id, l.subscription_id
    FROM unnest(${sql.param(of.map((each) => each.invoiceId))}::text[],
      ${sql.param(of.map((each) => each.subscriptionId))}::text[]) AS asked (invoice_id, subscription_id)
    JOIN invoices i ON i.organisation_id = ${organisationId} AND i.program = ${program}
      AND i.prism_invoice_id = asked.invoice_id AND i.state = 'annual'
    JOIN invoice_lines l ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
      AND l.subscription_id = asked.subscription_id
    WHERE l.tenant_id IS NULL OR l.tenant_id <> ALL (${sql.param([...tenantIds])}::text[])`)
  return rows.map((row) => ({ invoiceId: row.invoice_id, subscriptionId: row.subscription_id }))
}
