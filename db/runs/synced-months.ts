/** The months of an agreement, whenever they were synced. */
import { and, desc, eq } from 'drizzle-orm'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { runItems, runPeriods, runs } from './tables.ts'

/** A month, and the last finished sync that planned it. */
export interface SyncedMonth {
  readonly period: Period
  readonly runId: string
  readonly finishedAt: Date
  readonly actor: string
}

/** The newest month first. @param period this month alone */
export const syncedMonths = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  period?: Period,
): Promise<SyncedMonth[]> => {
  const rows = await db
    .selectDistinctOn([runPeriods.period], {
      period: runPeriods.period,
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
      ),
    )
    .orderBy(desc(runPeriods.period), desc(runItems.queuedAt))
  return rows.flatMap(({ finishedAt, ...row }) => (finishedAt === null ? [] : [{ ...row, finishedAt }]))
}
