/** What waits of each customer on its agreement, as a table shows it: a line each. */
import { sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { openPoints } from './open-points.ts'

/** What is open of a customer on its agreement, in a line: the worst of it, and all of it together. */
export interface PointSummary {
  readonly agreementId: number
  /** `''`: of the agreement as a whole. */
  readonly tenantId: string
  readonly severity: 'error' | 'warning' | null
  readonly product: string
  readonly message: string
  /** Points besides the worst. */
  readonly others: number
  /** Retail, of all that know; `null` where none does. */
  readonly amount: Money | null
  /** The first month that has any of it; `null`: no month was come to. */
  readonly from: Period | null
  readonly since: Date
}

interface SummaryRow extends Record<string, unknown> {
  agreement_id: number
  tenant_id: string
  severity: 'error' | 'warning' | null
  product: string
  message: string
  others: number
  amount: Money | null
  from: Period | null
  since: string
}

/** Errors first, then what is about most; of an earlier version of the product there is no message. */
export const pointSummaries = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<PointSummary[]> => {
  if (agreementIds.length === 0) return []
  const { rows } = await db.execute<SummaryRow>(sql`
    WITH points AS (
      SELECT p.agreement_id, p.tenant_id, min(p.severity) AS severity, (array_agg(p.product ORDER BY p.ordinal))[1] AS product,
        (array_agg(p.message ORDER BY p.ordinal))[1] AS message, sum(p.amount) AS amount, min(p.period) AS period,
        min(p.since) AS since, min(p.ordinal) AS ordinal
      FROM (${openPoints(organisationId, program, agreementIds)}) p
      GROUP BY p.agreement_id, p.tenant_id, p.point_cause, p.point_key)
    SELECT DISTINCT ON (agreement_id, tenant_id) agreement_id, tenant_id, severity, product, message,
      (count(*) OVER whose)::int - 1 AS others, (sum(amount) OVER whose)::text AS amount,
      min(period) OVER whose AS from, min(since) OVER whose AS since
    FROM points WHERE message <> ''
    WINDOW whose AS (PARTITION BY agreement_id, tenant_id)
    ORDER BY agreement_id, tenant_id, severity, amount DESC NULLS LAST, ordinal`)
  return rows.map(({ agreement_id: agreementId, tenant_id: tenantId, since, ...row }) => ({
    ...row,
    agreementId,
    tenantId,
    since: new Date(since),
  }))
}
