/** What of annual invoices the ledger says is written, on whatever agreement (J9; docs/billing-rules.md, "Annual invoices"). */
import { sql } from 'drizzle-orm'
import { type CarriedLine, carriedLineSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

export type CarriedOn = CarriedLine & { readonly agreementId: number }

/**
 * The lines of the invoices that an addition of ours carries, each once: of those that were taken back, or whose addition we deleted,
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
    WHERE c.organisation_id = ${organisationId} AND c.program = ${program} AND c.kind = 'create' AND c.intent->'carries' IS NOT NULL
      AND c.outcome = 'done'
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
    WHERE organisation_id = ${organisationId} AND program = ${program} AND kind = 'create' AND intent->'carries' IS NOT NULL
      AND outcome IN ('pending', 'unknown', 'done') AND ${isOneOf(sql`(intent->'carries'->>'invoiceId')`, invoiceIds)}`)
  return new Set(rows.map(({ id }) => id))
}
