/** What the second proof is made from, and what came of it (J6). */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf } from '../rows.ts'
import { countedAdditions, secondProofs } from './tables.ts'

export type SecondProofRow = typeof secondProofs.$inferSelect
export type NewSecondProof = Omit<SecondProofRow, 'organisationId' | 'program' | 'agreementId'>

/** Months of an agreement that were synced, oldest first, each with what its plans say that additions bill. */
export const billedMonths = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<{ period: Period; billed: Money }[]> => {
  const { rows } = await db.execute<{ period: Period; billed: Money }>(sql`
    SELECT period, trim_scale(billed_price)::text AS billed FROM month_bills
    WHERE organisation_id = ${organisationId} AND program = ${program} AND agreement_id = ${agreementId} ORDER BY period`)
  return rows.map(({ period, billed }) => ({ period, billed }))
}

/** Agreements with synced months, those first that were never compared, or before their last sync. */
export const agreementsToProve = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<{ agreementId: number; isStale: boolean }[]> => {
  const { rows } = await db.execute<{ agreement_id: number; is_stale: boolean }>(sql`
    SELECT b.agreement_id, bool_or(s.proved_at IS NULL OR s.proved_at < b.checked_at) AS is_stale FROM month_bills b
    LEFT JOIN second_proofs s ON s.organisation_id = b.organisation_id AND s.program = b.program AND s.period = b.period
      AND s.agreement_id = b.agreement_id
    WHERE b.organisation_id = ${organisationId} AND b.program = ${program}
    GROUP BY b.agreement_id ORDER BY is_stale DESC, b.agreement_id`)
  return rows.map(({ agreement_id, is_stale }) => ({ agreementId: agreement_id, isStale: is_stale }))
}

/** Of one whose months are not synced any more none is left. */
export const putSecondProofs = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  proofs: readonly NewSecondProof[],
): Promise<void> => {
  await db.transaction(async (tx) => {
    await tx
      .delete(secondProofs)
      .where(
        and(
          eq(secondProofs.organisationId, organisationId),
          eq(secondProofs.program, program),
          eq(secondProofs.agreementId, agreementId),
        ),
      )
    for (const part of batches(proofs))
      await tx
        .insert(secondProofs)
        .values(part.map((proof) => ({ ...proof, organisationId, program, agreementId })))
  })
}

/** Of a month, of some agreements. */
export const secondProofsIn = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
  agreementIds: readonly number[],
): Promise<SecondProofRow[]> =>
  db
    .select()
    .from(secondProofs)
    .where(
      and(
        eq(secondProofs.organisationId, organisationId),
        eq(secondProofs.program, program),
        eq(secondProofs.period, period),
        isOneOf(secondProofs.agreementId, agreementIds),
      ),
    )

export interface SecondCounts {
  /** Agreements of the month that ConnectWise has invoiced and of which its invoices were compared, and all that were synced. */
  readonly compared: number
  readonly all: number
  /** Those that it invoiced otherwise than planned, for no reason that has a name. */
  readonly differ: number
}

/** @param wrong the terms that no reason is named by */
export const secondCounts = async (
  db: Database,
  organisationId: string,
  program: string,
  period: Period,
  wrong: readonly string[],
): Promise<SecondCounts> => {
  const { rows } = await db.execute<{ compared: number; all: number; differ: number }>(sql`
    SELECT (count(*) FILTER (WHERE s.state = 'compared'))::int AS compared, count(*)::int AS all,
      (count(*) FILTER (WHERE s.state = 'compared' AND s.terms ?| ${sql.param([...wrong])}::text[]))::int AS differ
    FROM month_bills b LEFT JOIN second_proofs s ON s.organisation_id = b.organisation_id AND s.program = b.program
      AND s.period = b.period AND s.agreement_id = b.agreement_id
    WHERE b.organisation_id = ${organisationId} AND b.program = ${program} AND b.period = ${period}`)
  return rows[0] ?? { compared: 0, all: 0, differ: 0 }
}

/** Of some agreements, all months, oldest first. */
export const secondProofsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<SecondProofRow[]> =>
  db
    .select()
    .from(secondProofs)
    .where(
      and(
        eq(secondProofs.organisationId, organisationId),
        eq(secondProofs.program, program),
        isOneOf(secondProofs.agreementId, agreementIds),
      ),
    )
    .orderBy(asc(secondProofs.period))

/** Adds to those that plans counted. */
export const noteCounted = async (
  tx: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  additionIds: readonly number[],
): Promise<void> => {
  if (additionIds.length === 0) return
  await tx
    .insert(countedAdditions)
    .values({ organisationId, program, agreementId, additionIds: [...additionIds] })
    .onConflictDoUpdate({
      target: [countedAdditions.organisationId, countedAdditions.program, countedAdditions.agreementId],
      set: {
        additionIds: sql`(SELECT array_agg(DISTINCT id ORDER BY id) FROM unnest(${countedAdditions.additionIds} || excluded.addition_ids) AS id)`,
      },
    })
}

export const countedOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<readonly number[]> => {
  const [row] = await db
    .select({ ids: countedAdditions.additionIds })
    .from(countedAdditions)
    .where(
      and(
        eq(countedAdditions.organisationId, organisationId),
        eq(countedAdditions.program, program),
        eq(countedAdditions.agreementId, agreementId),
      ),
    )
  return row?.ids ?? []
}
