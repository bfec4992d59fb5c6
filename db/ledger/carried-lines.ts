/** What of annual invoices the ledger says is written, on whatever agreement (J9; docs/billing-rules.md, "Annual invoices"). */
import { sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import { type CarriedLine, carriedLineSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

export type CarriedOn = CarriedLine & { readonly agreementId: number }

/**
 * The lines of the invoices that an addition of ours carries, or may carry, each once: of those that were taken back, or whose addition we deleted,
 * none. @param invoiceIds PRISM's
 */
export const carriedLines = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceIds: readonly string[],
): Promise<CarriedOn[]> => {
  const { rows } = await db.execute<{ agreement_id: number; carries: unknown }>(sql`
    SELECT DISTINCT ON (c.agreement_id, c.intent->'carries'->>'invoiceId', c.intent->'carries'->>'charge', c.intent->'carries'->>'ordinal')
      c.agreement_id, c.intent->'carries' AS carries
    FROM changes c
    WHERE c.organisation_id = ${organisationId} AND c.program = ${program} AND c.intent->'carries' IS NOT NULL
      AND c.outcome IN ('done', 'pending', 'unknown')
      AND ${isOneOf(sql`(c.intent->'carries'->>'invoiceId')`, invoiceIds)}
      AND NOT EXISTS (SELECT FROM changes d
        WHERE d.organisation_id = c.organisation_id AND d.program = c.program AND d.agreement_id = c.agreement_id
          AND d.kind = 'delete' AND d.outcome = 'done' AND d.addition_id = c.addition_id)
    ORDER BY c.agreement_id, c.intent->'carries'->>'invoiceId', c.intent->'carries'->>'charge',
      c.intent->'carries'->>'ordinal', (c.intent->'carries'->>'turn')::int DESC`)
  return rows
    .map(({ agreement_id: agreementId, carries }) => ({ ...carriedLineSchema.parse(carries), agreementId }))
    .filter(({ turn }) => turn % 2 === 1)
}

/** Of the invoices those of which something was written, or may have been. @param invoiceIds PRISM's */
export const writtenAnnual = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceIds: readonly string[],
): Promise<Set<string>> => {
  if (invoiceIds.length === 0) return new Set()
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT intent->'carries'->>'invoiceId' AS id FROM changes
    WHERE organisation_id = ${organisationId} AND program = ${program} AND intent->'carries' IS NOT NULL
      AND outcome IN ('pending', 'unknown', 'done') AND ${isOneOf(sql`(intent->'carries'->>'invoiceId')`, invoiceIds)}`)
  return new Set(rows.map(({ id }) => id))
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
