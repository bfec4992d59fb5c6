/** The plans of a run's months, round by round. */
import { and, asc, type Column, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import { withPlans } from '#db/keeping/packed.ts'
import { type Day, type Period, type PeriodPlan, periodPlanSchema } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { type roundEnds, runItems, runPeriods } from './tables.ts'

export type RoundEnd = (typeof roundEnds)[number]
type Stored = Pick<typeof runPeriods.$inferSelect, 'period' | 'round' | 'invoiceId' | 'kind' | 'end'>
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

/** Of one month, what rounds belong together by: an annual invoice's, or the month's. */
export const planKey = ({ kind, invoiceId }: Pick<Stored, 'kind' | 'invoiceId'>): string =>
  kind === 'annual' ? invoiceId : ''

/** `planKey` of a row. */
export const planKeyOf = ({ kind, invoiceId }: { readonly kind: Column; readonly invoiceId: Column }): SQL =>
  sql`CASE WHEN ${kind} = 'annual' THEN ${invoiceId} ELSE '' END`

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
    kind,
    plan,
    knownAdditionIds,
    invoicedThrough,
    end = null,
  }: {
    kind: Stored['kind']
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
    kind,
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
  const { period: month, round, invoiceId, kind, format, plan, end, packedAt } = getTableColumns(runPeriods)
  const rows = await db
    .select({ period: month, round, invoiceId, kind, format, plan, end, packedAt })
    .from(runPeriods)
    .where(
      and(
        ofItem(organisationId, runId, agreementId),
        period === undefined ? undefined : eq(runPeriods.period, period),
      ),
    )
    .orderBy(asc(runPeriods.period), asc(runPeriods.round))
  const of = rows.map((row) => ({ ...row, runId, agreementId }))
  return (await withPlans(db, organisationId, of)).map(
    ({ runId: _, agreementId: __, packedAt: ___, ...row }) => read(row),
  )
}

const read = <R extends Omit<Round, 'format' | 'plan'>>(
  row: R & { readonly format: 'plan' | 'outcome'; readonly plan: unknown },
): R & (Round | OldRound) =>
  row.format === 'outcome'
    ? { ...row, format: row.format }
    : { ...row, format: row.format, plan: periodPlanSchema.parse(row.plan) }

/** One month of one agreement of a run. */
export type MonthKey = Omit<RoundKey, 'round'>

/** Rows of some months, with the names of their columns: for a query that asks of all of them at once. */
export const isOfMonths = (
  {
    runId,
    agreementId,
    period,
  }: { readonly runId: Column; readonly agreementId: Column; readonly period: Column },
  months: readonly MonthKey[],
): SQL => sql`(${runId}, ${agreementId}, ${period}) IN (
    SELECT * FROM unnest(${sql.param(months.map((each) => each.runId))}::uuid[],
      ${sql.param(months.map((each) => each.agreementId))}::int[], ${sql.param(months.map((each) => each.period))}::text[]))`

/** The rounds of several months, whichever runs they are of; each month's in order. */
export const roundsOfMonths = async (
  db: Database,
  organisationId: string,
  months: readonly MonthKey[],
): Promise<((Round | OldRound) & MonthKey)[]> => {
  const { runId, agreementId, period, round, invoiceId, kind, format, plan, end, packedAt } =
    getTableColumns(runPeriods)
  const rows = await db
    .select({ runId, agreementId, period, round, invoiceId, kind, format, plan, end, packedAt })
    .from(runPeriods)
    .where(and(eq(runPeriods.organisationId, organisationId), isOfMonths(runPeriods, months)))
    .orderBy(asc(runPeriods.round))
  return (await withPlans(db, organisationId, rows)).map(({ packedAt: _, ...row }) => read(row))
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
      kind: runPeriods.kind,
      end: runPeriods.end,
      invoicedThrough: runPeriods.invoicedThrough,
    })
    .from(runPeriods)
    .where(ofItem(organisationId, runId, agreementId))
    .orderBy(asc(runPeriods.period), asc(runPeriods.round))

/** Annual invoices that a sync of the agreement has carried out and proved. */
export const provedAnnualInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<ReadonlySet<string>> => {
  const rows = await db
    .selectDistinct({ invoiceId: runPeriods.invoiceId })
    .from(runPeriods)
    .innerJoin(
      runItems,
      and(
        eq(runItems.organisationId, runPeriods.organisationId),
        eq(runItems.runId, runPeriods.runId),
        eq(runItems.agreementId, runPeriods.agreementId),
      ),
    )
    .where(
      and(
        eq(runPeriods.organisationId, organisationId),
        eq(runItems.program, program),
        eq(runItems.agreementId, agreementId),
        eq(runPeriods.kind, 'annual'),
        eq(runPeriods.end, 'proved'),
      ),
    )
  return new Set(rows.map(({ invoiceId }) => invoiceId))
}
