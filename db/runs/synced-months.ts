/** The months of an agreement or a customer, whenever they were synced. */
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Day, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { isShown } from './looks-again.ts'
import { planKeyOf } from './run-periods.ts'
import { runItems, runPeriods, runs } from './tables.ts'

/** A month, or an annual invoice, and the last finished sync that planned it. */
export interface SyncedMonth {
  readonly period: Period
  /** Of an annual invoice PRISM's id; `''`: it is the month. */
  readonly planKey: string
  /** Of an annual invoice. */
  readonly issuedOn: Day | null
  readonly runId: string
  readonly finishedAt: Date
  readonly actor: string
}

/** The newest month first. @param period this month alone. @param annualInvoiceId of that month the plan of this invoice */
export const syncedMonths = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  period?: Period,
  annualInvoiceId?: string,
): Promise<SyncedMonth[]> => {
  const planKey = planKeyOf(runPeriods)
  const rows = await db
    .selectDistinctOn([runPeriods.period, planKey], {
      period: runPeriods.period,
      planKey: sql<string>`${planKey}`,
      issuedOn: sql<Day | null>`${runPeriods.plan} -> 'annual' ->> 'issuedOn'`,
      runId: runItems.runId,
      finishedAt: runItems.finishedAt,
      actor: runs.actor,
    })
    .from(runItems)
    .innerJoin(
      runPeriods,
      and(
        eq(runPeriods.organisationId, runItems.organisationId),
        eq(runPeriods.runId, runItems.runId),
        eq(runPeriods.agreementId, runItems.agreementId),
      ),
    )
    .innerJoin(runs, and(eq(runs.organisationId, runItems.organisationId), eq(runs.id, runItems.runId)))
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        eq(runItems.agreementId, agreementId),
        eq(runItems.state, 'finished'),
        period === undefined ? undefined : eq(runPeriods.period, period),
        annualInvoiceId === undefined ? undefined : sql`${planKey} = ${annualInvoiceId}`,
      ),
    )
    .orderBy(desc(runPeriods.period), planKey, desc(runItems.queuedAt))
  return rows.flatMap(({ finishedAt, ...row }) => (finishedAt === null ? [] : [{ ...row, finishedAt }]))
}

/** An agreement that is, or was, a customer's, with the months in which it is; `null`: without a first or last one. */
export interface MonthsPlace {
  readonly agreementId: number
  readonly from: Period | null
  readonly until: Period | null
}

/** A month of an agreement, with the last finished sync that planned it. */
export interface PlacedMonth extends Omit<SyncedMonth, 'issuedOn'> {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyName: string
}

interface PlacedRow extends Record<string, unknown> {
  readonly period: Period
  readonly plan_key: string
  readonly agreement_id: number
  readonly agreement_name: string
  readonly company_name: string
  readonly run_id: string
  readonly finished_at: string
  readonly actor: string
  readonly total: number
}

/** A page of the months of these places, the newest first, and how many there are in all. */
export const monthsOfPlaces = async (
  db: Database,
  organisationId: string,
  program: string,
  places: readonly MonthsPlace[],
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly months: PlacedMonth[]; readonly total: number }> => {
  if (places.length === 0) return { months: [], total: 0 }
  const agreementIds = sql.param(places.map(({ agreementId }) => agreementId))
  const from = sql.param(places.map((each) => each.from))
  const until = sql.param(places.map((each) => each.until))
  const { rows } = await db.execute<PlacedRow>(sql`
    SELECT m.*, (count(*) OVER ())::int AS total FROM (
      SELECT DISTINCT ON (p.period, i.agreement_id, plan_key) p.period, i.agreement_id, plan_key, i.agreement_name, i.company_name, i.run_id,
        i.finished_at, r.actor
      FROM unnest(${agreementIds}::int[], ${from}::text[], ${until}::text[]) AS place (agreement_id, from_period, until_period)
      JOIN run_items i ON i.organisation_id = ${organisationId} AND i.program = ${program}
        AND i.agreement_id = place.agreement_id AND i.state = 'finished'
      JOIN run_periods p ON p.organisation_id = i.organisation_id AND p.run_id = i.run_id AND p.agreement_id = i.agreement_id
        AND p.period >= coalesce(place.from_period, p.period) AND p.period <= coalesce(place.until_period, p.period)
      CROSS JOIN LATERAL (SELECT CASE WHEN p.kind = 'annual' THEN p.invoice_id ELSE '' END AS plan_key) k
      JOIN runs r ON r.organisation_id = i.organisation_id AND r.id = i.run_id
      ORDER BY p.period DESC, i.agreement_id, plan_key, i.queued_at DESC) m
    ORDER BY m.period DESC, m.agreement_id, m.plan_key LIMIT ${page.limit} OFFSET ${page.offset}`)
  return {
    months: rows.map((row) => ({
      period: row.period,
      planKey: row.plan_key,
      agreementId: row.agreement_id,
      agreementName: row.agreement_name,
      companyName: row.company_name,
      runId: row.run_id,
      finishedAt: new Date(row.finished_at),
      actor: row.actor,
    })),
    total: rows[0]?.total ?? 0,
  }
}

/** A finished sync of a customer's agreement. */
export interface CustomerSync {
  readonly item: typeof runItems.$inferSelect
  readonly run: Pick<typeof runs.$inferSelect, 'id' | 'actor' | 'note' | 'undoes' | 'setsBack'>
}

/** The newest syncs that a customer was part of on these agreements. */
export const syncsOfCustomer = async (
  db: Database,
  organisationId: string,
  program: string,
  { tenantId, agreementIds }: { readonly tenantId: string; readonly agreementIds: readonly number[] },
  limit: number,
): Promise<CustomerSync[]> => {
  const { id, actor, note, undoes, setsBack } = runs
  return db
    .select({ item: runItems, run: { id, actor, note, undoes, setsBack } })
    .from(runItems)
    .innerJoin(runs, and(eq(runs.organisationId, runItems.organisationId), eq(runs.id, runItems.runId)))
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        isOneOf(runItems.agreementId, agreementIds),
        eq(runItems.state, 'finished'),
        isShown,
        sql`${runItems.tenantIds} @> ${JSON.stringify([tenantId])}::jsonb`,
      ),
    )
    .orderBy(desc(runItems.finishedAt))
    .limit(limit)
}
