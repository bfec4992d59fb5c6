/** Packing the plans of old months: a month of an agreement is one row then (J14). */
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { type PackedPlan, packed, unpacked } from './packed.ts'
import type { Part, RemovedPart } from './part.ts'
import { packedPlans } from './tables.ts'

/** Months of agreements in one part: each of them has a handful of plans. */
const monthsAtOnce = (limit: number): number => Math.max(1, Math.floor(limit / 25))

/**
 * Packs what finished syncs planned of months before `before`'s, but for each agreement's last sync: lists ask for its warnings. Annual
 * invoices stay as they are: they belong to no month. Rows that somebody holds are left for the next time.
 */
export const packPlans = async (
  db: Database,
  organisationId: string,
  { before, limit, place }: Part,
): Promise<RemovedPart> => {
  const [period = '', agreementId = '0'] = place?.split('/') ?? []
  const most = monthsAtOnce(limit)
  const { rows: months } = await db.execute<{ period: string; agreement_id: number }>(sql`
    SELECT DISTINCT period, agreement_id FROM run_periods
    WHERE organisation_id = ${organisationId} AND packed_at IS NULL AND kind = 'month'
      AND period < ${before.toISOString().slice(0, 7)} AND (period, agreement_id) > (${period}, ${agreementId}::int)
    ORDER BY period, agreement_id LIMIT ${most}`)
  let plans = 0
  for (const month of months) plans += await packMonth(db, organisationId, month, before)
  const last = months.at(-1)
  return {
    removed: plans,
    next: last === undefined || months.length < most ? null : `${last.period}/${last.agreement_id}`,
  }
}

const packMonth = async (
  db: Database,
  organisationId: string,
  { period, agreement_id: agreementId }: { readonly period: string; readonly agreement_id: number },
  before: Date,
): Promise<number> => {
  const { rows } = await db.execute<{ run_id: string; round: number; plan: unknown }>(sql`
    SELECT p.run_id, p.round, p.plan FROM run_periods p
    JOIN run_items i ON i.organisation_id = p.organisation_id AND i.run_id = p.run_id AND i.agreement_id = p.agreement_id
    WHERE p.organisation_id = ${organisationId} AND p.agreement_id = ${agreementId} AND p.period = ${period}
      AND p.packed_at IS NULL AND p.kind = 'month' AND p.stored_at < ${before.toISOString()}::timestamptz AND i.state = 'finished'
      AND EXISTS (SELECT FROM run_items later WHERE later.organisation_id = i.organisation_id AND later.program = i.program
        AND later.agreement_id = i.agreement_id AND later.queued_at > i.queued_at AND later.state = 'finished')
    ORDER BY p.run_id, p.round FOR UPDATE OF p SKIP LOCKED`)
  if (rows.length === 0) return 0
  const own = and(
    eq(packedPlans.organisationId, organisationId),
    eq(packedPlans.agreementId, agreementId),
    sql`${packedPlans.period} = ${period}`,
  )
  const [there] = await db.select({ packed: packedPlans.packed }).from(packedPlans).where(own).for('update')
  const added: PackedPlan[] = rows.map(({ run_id: runId, round, plan }) => ({ runId, round, plan }))
  const all = [...(there === undefined ? [] : unpacked(there.packed)), ...added]
  const bytes = packed(all)
  await db.execute(sql`
    INSERT INTO packed_plans (organisation_id, agreement_id, period, packed, plans, packed_at)
    VALUES (${organisationId}, ${agreementId}, ${period}, ${bytes}, ${all.length}, now())
    ON CONFLICT (organisation_id, agreement_id, period)
      DO UPDATE SET packed = excluded.packed, plans = excluded.plans, packed_at = excluded.packed_at`)
  await db.execute(sql`
    UPDATE run_periods SET plan = 'null'::jsonb, packed_at = now()
    WHERE organisation_id = ${organisationId} AND agreement_id = ${agreementId} AND period = ${period}
      AND (run_id, round) IN (SELECT * FROM unnest(
        ${sql.param(rows.map((each) => each.run_id))}::uuid[], ${sql.param(rows.map((each) => each.round))}::int[]))`)
  return rows.length
}
