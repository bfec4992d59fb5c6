/** The plans of a run's months, round by round. */
import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { type Day, type Period, type PeriodPlan, periodPlanSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { type roundEnds, runPeriods } from './tables.ts'

export type RoundEnd = (typeof roundEnds)[number]
type Stored = Pick<typeof runPeriods.$inferSelect, 'period' | 'round' | 'invoiceId' | 'end'>
/** The plan of one round of a month. */
export interface Round extends Stored {
  readonly format: 'plan'
  readonly plan: PeriodPlan
}
/** A month's plan with what became of it, as an earlier version of the product stored it: nothing is parsed yet. */
export interface OldRound extends Stored {
  readonly format: 'outcome'
  readonly plan: unknown
}

/** A round without its plan; `invoicedThrough` as it was then, `null`: nothing, or that was not noted. */
export type BegunRound = Stored & Pick<typeof runPeriods.$inferSelect, 'invoicedThrough'>

export interface RoundKey {
  readonly runId: string
  readonly agreementId: number
  readonly period: Period
  readonly round: number
}

const ofItem = (organisationId: string, runId: string, agreementId: number) =>
  and(
    eq(runPeriods.organisationId, organisationId),
    eq(runPeriods.runId, runId),
    eq(runPeriods.agreementId, agreementId),
  )

/** Stores what a round means to send; `end` where nothing is sent of it. @param knownAdditionIds all that the plan was made from */
export const storeRound = async (
  db: Database,
  organisationId: string,
  key: RoundKey,
  {
    plan,
    knownAdditionIds,
    invoicedThrough,
    end = null,
  }: {
    plan: PeriodPlan
    knownAdditionIds: readonly number[]
    invoicedThrough: Day | null
    end?: RoundEnd | null
  },
): Promise<void> => {
  await db.insert(runPeriods).values({
    organisationId,
    ...key,
    invoiceId: plan.invoiceId,
    format: 'plan',
    plan,
    knownAdditionIds,
    invoicedThrough,
    end,
    ...(end === null ? {} : { endedAt: sql`clock_timestamp()` }),
  })
}

/** Notes how a round ended; one that has ended stays as it is. */
export const endRound = async (
  db: Database,
  organisationId: string,
  { runId, agreementId, period, round }: RoundKey,
  end: RoundEnd,
): Promise<void> => {
  await db
    .update(runPeriods)
    .set({ end, endedAt: sql`clock_timestamp()` })
    .where(
      and(
        ofItem(organisationId, runId, agreementId),
        eq(runPeriods.period, period),
        eq(runPeriods.round, round),
        isNull(runPeriods.end),
      ),
    )
}

/** All rounds of an agreement of a run, its months in the order in which they were begun. @param period of this month alone */
export const roundsOf = async (
  db: Database,
  organisationId: string,
  { runId, agreementId, period }: Omit<RoundKey, 'period' | 'round'> & { readonly period?: Period },
): Promise<(Round | OldRound)[]> => {
  const { period: month, round, invoiceId, format, plan, end } = getTableColumns(runPeriods)
  const rows = await db
    .select({ period: month, round, invoiceId, format, plan, end })
    .from(runPeriods)
    .where(
      and(
        ofItem(organisationId, runId, agreementId),
        period === undefined ? undefined : eq(runPeriods.period, period),
      ),
    )
    .orderBy(asc(runPeriods.period), asc(runPeriods.round))
  return rows.map((row) =>
    row.format === 'outcome'
      ? { ...row, format: row.format }
      : { ...row, format: row.format, plan: periodPlanSchema.parse(row.plan) },
  )
}

/** Rounds of the agreement without their plans: the invoices that the run is done with, and how far ConnectWise had invoiced. */
export const roundsBegun = async (
  db: Database,
  organisationId: string,
  { runId, agreementId }: Omit<RoundKey, 'period' | 'round'>,
): Promise<BegunRound[]> =>
  db
    .select({
      period: runPeriods.period,
      round: runPeriods.round,
      invoiceId: runPeriods.invoiceId,
      end: runPeriods.end,
      invoicedThrough: runPeriods.invoicedThrough,
    })
    .from(runPeriods)
    .where(ofItem(organisationId, runId, agreementId))
    .orderBy(asc(runPeriods.period), asc(runPeriods.round))
