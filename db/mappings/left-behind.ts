/** What customers left on agreements as a person said, and goes on billing there (E5). */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { type Addition, additionSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'

export interface LeftBehind {
  readonly tenantId: string
  readonly agreementId: number
  readonly leftBy: string
  readonly leftAt: Date
  /** Additions with the id of a subscription of the customer, as the agreement was read last. */
  readonly additions: readonly Addition[]
}

/** Nobody reads more of them than a person goes through. */
const MOST = 200

/** Former mappings of which a person said that everything stays, the newest first. @param agreementIds `null`: of all agreements */
export const leftBehind = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[] | null,
): Promise<LeftBehind[]> => {
  const { rows } = await db.execute<{
    tenant_id: string
    agreement_id: number
    left_by: string
    left_at: string
    additions: unknown
    subscriptions: string[]
  }>(sql`
    SELECT f.tenant_id, f.agreement_id, f.left_by, f.left_at, r.additions, ARRAY (
      SELECT s.id FROM prism_subscriptions s
      WHERE s.organisation_id = f.organisation_id AND s.program = f.program AND s.tenant_id = f.tenant_id) AS subscriptions
    FROM former_mappings f CROSS JOIN LATERAL (
      SELECT additions FROM readings r WHERE r.organisation_id = f.organisation_id AND r.agreement_id = f.agreement_id
      ORDER BY id DESC LIMIT 1) r
    WHERE f.organisation_id = ${organisationId} AND f.program = ${program} AND f.last_period IS NULL AND f.done_at IS NULL
      AND ${agreementIds === null ? sql`true` : isOneOf(sql`f.agreement_id`, agreementIds)}
      AND NOT EXISTS (SELECT FROM mappings m WHERE m.organisation_id = f.organisation_id AND m.program = f.program
        AND m.tenant_id = f.tenant_id AND m.agreement_id = f.agreement_id)
    ORDER BY f.left_at DESC LIMIT ${MOST}`)
  return rows.map((row) => {
    const theirs = new Set<string>(row.subscriptions)
    return {
      tenantId: row.tenant_id,
      agreementId: row.agreement_id,
      leftBy: row.left_by,
      leftAt: new Date(row.left_at),
      additions: z
        .array(additionSchema)
        .parse(row.additions)
        .filter(({ serialNumber }) => theirs.has(subscriptionKey(serialNumber))),
    }
  })
}
