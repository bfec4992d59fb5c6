/** Subscriptions that go from the month to terms billed at once (J9; docs/billing-rules.md, "Annual"). */
import { sql } from 'drizzle-orm'
import { lookAtTenantsAgain } from '#db/mappings/mappings.ts'
import type { BySubscription, SubscriptionKey } from '#lib/billing/keys.ts'
import type { Day } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { issuedOnSql, versionsOf } from './annual-invoices.ts'

/**
 * By subscription of the tenants, the first day of a term that an annual invoice charges and a One-Time agreement carries, or will with
 * its next sync. @param since the program's option; `null`: only what is written already counts
 */
export const atOnceFrom = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
  since: Day | null,
): Promise<BySubscription<Day>> => {
  if (tenantIds.length === 0) return {}
  const isDue = sql`${since}::date IS NOT NULL AND m.sync_enabled
    AND (${issuedOnSql} >= ${since}::date OR ${versionsOf(sql`v.taken_at IS NOT NULL`)})`
  const { rows } = await db.execute<{ subscription_id: SubscriptionKey; first: Day }>(sql`
    SELECT l.subscription_id, min(l.first_day)::text AS first
    FROM invoices i
    JOIN invoice_lines l ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
      AND ${isOneOf(sql`l.tenant_id`, tenantIds)}
    LEFT JOIN one_time_mappings m ON m.organisation_id = l.organisation_id AND m.program = l.program
      AND m.tenant_id = l.tenant_id
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'annual'
      AND l.subscription_id <> '' AND least(l.price, l.cost) >= 0
      AND ((${isDue}) OR EXISTS (SELECT FROM changes c
        WHERE c.organisation_id = i.organisation_id AND c.program = i.program AND c.kind = 'create'
          AND c.intent->'carries' IS NOT NULL AND (c.intent->'carries'->>'invoiceId') = i.prism_invoice_id
          AND c.outcome = 'done' AND c.subscription_id = l.subscription_id))
    GROUP BY l.subscription_id`)
  return Object.fromEntries(rows.map(({ subscription_id: id, first }) => [id, first]))
}

/**
 * Has `detect` sync the monthly agreements again of tenants with a subscription that was billed by the month and is on an annual
 * invoice: what it has there is to end once that is carried. @param which left out: of all tenants and invoices
 */
export const lookAtTurnedAnnual = async (
  db: Database,
  organisationId: string,
  program: string,
  at: Date,
  which: { readonly tenantId?: string; readonly invoiceId?: string } = {},
): Promise<void> => {
  const { tenantId, invoiceId } = which
  const { rows } = await db.execute<{ tenant_id: string }>(sql`
    SELECT DISTINCT l.tenant_id
    FROM invoices i
    JOIN invoice_lines l ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'annual'
      AND l.tenant_id IS NOT NULL AND l.subscription_id <> ''
      AND ${tenantId === undefined ? sql`true` : sql`l.tenant_id = ${tenantId}`}
      AND ${invoiceId === undefined ? sql`true` : sql`i.id = ${invoiceId}`}
      AND EXISTS (SELECT FROM invoice_lines o
        JOIN invoices n ON n.organisation_id = o.organisation_id AND n.program = o.program AND n.id = o.invoice_id
          AND n.state = 'ready'
        WHERE o.organisation_id = l.organisation_id AND o.program = l.program AND o.subscription_id = l.subscription_id)`)
  if (rows.length > 0)
    await lookAtTenantsAgain(
      db,
      organisationId,
      program,
      rows.map((row) => row.tenant_id),
      at,
    )
}
