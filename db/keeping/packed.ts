/** Plans that were packed, and reading them back (J14). */
import { gunzipSync, gzipSync } from 'node:zlib'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../client.ts'
import { packedPlans } from './tables.ts'

const plansSchema = z.array(z.object({ runId: z.string(), round: z.number().int(), plan: z.unknown() }))
/** Each plan of a month of an agreement, as it was stored. */
export type PackedPlan = z.infer<typeof plansSchema>[number]

export const packed = (plans: readonly PackedPlan[]): Buffer => gzipSync(JSON.stringify(plans), { level: 9 })
export const unpacked = (bytes: Buffer): PackedPlan[] =>
  plansSchema.parse(JSON.parse(gunzipSync(bytes).toString('utf8')))

export interface PackedMonth {
  readonly agreementId: number
  readonly period: string
}

/** Those that were packed of some months. */
export const plansOf = async (
  db: Database,
  organisationId: string,
  months: readonly PackedMonth[],
): Promise<readonly (PackedPlan & PackedMonth)[]> => {
  const { agreementId, period, packed: bytes } = packedPlans
  const rows = await db
    .select({ agreementId, period, bytes })
    .from(packedPlans)
    .where(
      and(
        eq(packedPlans.organisationId, organisationId),
        sql`(${agreementId}, ${period}) IN (SELECT * FROM unnest(
          ${sql.param(months.map((each) => each.agreementId))}::int[], ${sql.param(months.map((each) => each.period))}::text[]))`,
      ),
    )
  return rows.flatMap((row) =>
    unpacked(row.bytes).map((plan) => ({ ...plan, agreementId: row.agreementId, period: row.period })),
  )
}

interface Stored extends PackedMonth {
  readonly runId: string
  readonly round: number
  readonly packedAt: Date | null
  readonly plan: unknown
}

/** Rounds with their plans, those of old months read back: whoever asks for them is told nothing of where they were. */
export const withPlans = async <R extends Stored>(
  db: Database,
  organisationId: string,
  rounds: readonly R[],
): Promise<R[]> => {
  const away = rounds.filter(({ packedAt }) => packedAt !== null)
  if (away.length === 0) return [...rounds]
  const keyOf = ({ runId, agreementId, period, round }: Omit<Stored, 'packedAt' | 'plan'>): string =>
    `${runId}/${agreementId}/${period}/${round}`
  const plans = new Map((await plansOf(db, organisationId, away)).map((each) => [keyOf(each), each.plan]))
  return rounds.map((each) => {
    if (each.packedAt === null) return each
    const plan = plans.get(keyOf(each))
    if (plan === undefined) throw new Error(`The packed plan ${keyOf(each)} is not there`)
    return { ...each, plan }
  })
}
