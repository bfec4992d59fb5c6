import { sql } from 'drizzle-orm'
import type { FindingCode, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'

/** A Warning of an agreement's sync that nobody has to settle, so that it is no open point. */
export interface SyncWarning {
  readonly agreementId: number
  /** `''`: of the agreement as a whole. */
  readonly tenantId: string
  readonly product: string
  readonly message: string
  /** Retail: what lies between what is invoiced and billed of the subscription that month; `null` of the agreement as a whole. */
  readonly amount: Money | null
  readonly period: Period
}

interface WarningRow extends Record<string, unknown> {
  agreement_id: number
  tenant_id: string
  product: string
  message: string
  amount: Money | null
  period: Period
}

/** What of a customer is left out. */
export interface NotTold {
  readonly tenantId: string
  readonly code: FindingCode
}

/** The first Warning of each customer in the newest month of some syncs; an earlier version's plans are left out. */
export const firstWarnings = async (
  db: Database,
  organisationId: string,
  items: readonly { readonly runId: string; readonly agreementId: number }[],
  without: readonly NotTold[] = [],
): Promise<SyncWarning[]> => {
  if (items.length === 0) return []
  const runIds = sql.param(items.map(({ runId }) => runId))
  const agreementIds = sql.param(items.map(({ agreementId }) => agreementId))
  const mutedTenants = sql.param(without.map(({ tenantId }) => tenantId))
  const mutedCodes = sql.param(without.map(({ code }) => code))
  const { rows } = await db.execute<WarningRow>(sql`
    SELECT DISTINCT ON (p.agreement_id, said.tenant_id) p.agreement_id, said.tenant_id, said.product, said.message, said.amount::text AS amount, p.period
    FROM unnest(${runIds}::uuid[], ${agreementIds}::int[]) AS item (run_id, agreement_id)
    JOIN run_periods p ON p.organisation_id = ${organisationId} AND p.run_id = item.run_id
      AND p.agreement_id = item.agreement_id AND p.format = 'plan'
    CROSS JOIN LATERAL (
      SELECT '' AS tenant_id, '' AS product, NULL::numeric AS amount, f ->> 'message' AS message, f ->> 'severity' AS severity, f ->> 'code' AS code
      FROM jsonb_array_elements(p.plan -> 'findings') f
      UNION ALL
      SELECT s ->> 'tenantId', s -> 'product' ->> 'name',
        abs((s -> 'invoiced' ->> 'price')::numeric - (s -> 'billed' ->> 'price')::numeric), f ->> 'message', f ->> 'severity', f ->> 'code'
      FROM jsonb_array_elements(p.plan -> 'subscriptions') s, jsonb_array_elements(s -> 'findings') f) said
    WHERE said.severity = 'warning' AND NOT EXISTS (
      SELECT FROM unnest(${mutedTenants}::text[], ${mutedCodes}::text[]) AS muted (tenant_id, code)
      WHERE muted.tenant_id = said.tenant_id AND muted.code = said.code)
    ORDER BY p.agreement_id, said.tenant_id, p.period DESC, p.round DESC`)
  return rows.map(({ agreement_id: agreementId, tenant_id: tenantId, ...row }) => ({
    ...row,
    agreementId,
    tenantId,
  }))
}
