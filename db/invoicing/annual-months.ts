/** What the second proof of a One-Time agreement is made from (J6, J9). */
import { sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'

/** An annual invoice, in the month in which PRISM issued it, with what its plan says that additions bill. */
export interface AnnualMonth {
  readonly invoiceId: string
  readonly period: Period
  readonly billed: Money
}

/** Annual invoices that were synced to the agreement, oldest month first, as the last finished sync of each planned it. */
export const annualMonths = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<AnnualMonth[]> => {
  const { rows } = await db.execute<{ invoice_id: string; period: Period; billed: Money }>(sql`
    SELECT DISTINCT ON (p.period, p.invoice_id) p.period, p.invoice_id,
      trim_scale((p.plan -> 'totals' -> 'billed' ->> 'price')::numeric)::text AS billed
    FROM run_items i JOIN run_periods p ON p.organisation_id = i.organisation_id AND p.run_id = i.run_id
      AND p.agreement_id = i.agreement_id AND p.kind = 'annual'
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.agreement_id = ${agreementId}
      AND i.state = 'finished'
    ORDER BY p.period, p.invoice_id, i.queued_at DESC, p.round DESC`)
  return rows.map(({ invoice_id, period, billed }) => ({ invoiceId: invoice_id, period, billed }))
}

/** One-Time agreements of customers that were synced; stale where they were never compared, or before their last sync. */
export const oneTimeAgreementsToProve = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<{ agreementId: number; isStale: boolean }[]> => {
  const { rows } = await db.execute<{ agreement_id: number; is_stale: boolean }>(sql`
    SELECT m.agreement_id, coalesce(s.proved_at < i.finished_at, true) AS is_stale
    FROM (SELECT DISTINCT agreement_id FROM one_time_mappings
      WHERE organisation_id = ${organisationId} AND program = ${program}) m
    JOIN LATERAL (SELECT max(i.finished_at) AS finished_at FROM run_items i WHERE i.organisation_id = ${organisationId}
      AND i.program = ${program} AND i.agreement_id = m.agreement_id AND i.state = 'finished') i ON i.finished_at IS NOT NULL
    LEFT JOIN LATERAL (SELECT min(s.proved_at) AS proved_at FROM second_proofs s WHERE s.organisation_id = ${organisationId}
      AND s.program = ${program} AND s.agreement_id = m.agreement_id) s ON true
    ORDER BY is_stale DESC, m.agreement_id`)
  return rows.map(({ agreement_id, is_stale }) => ({ agreementId: agreement_id, isStale: is_stale }))
}
