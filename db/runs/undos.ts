/** Runs that take back what another one wrote (J2). */
import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm'
import { readingsOf } from '#db/ledger/readings.ts'
import { changes } from '#db/ledger/tables.ts'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Addition } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import type { NewRunItem } from './runs.ts'
import { runItems, runPeriods, runs } from './tables.ts'

/** The run that wrote to an agreement last, or may have; `null`: none did. `undoes`: the run that it takes back. One that set back
 * edits is none. */
export const lastWriter = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<{ readonly runId: string; readonly undoes: string | null; readonly at: Date } | null> => {
  const [row] = await db
    .select({ runId: changes.runId, undoes: runs.undoes, at: runs.createdAt })
    .from(changes)
    .innerJoin(runs, and(eq(runs.organisationId, changes.organisationId), eq(runs.id, changes.runId)))
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.agreementId, agreementId),
        inArray(changes.kind, ['create', 'end', 'update', 'delete']),
        inArray(changes.outcome, ['pending', 'done', 'unknown']),
        // It leaves additions as the run before it had left them.
        isNull(runs.setsBack),
      ),
    )
    .orderBy(desc(changes.id))
    .limit(1)
  return row ?? null
}

/** Agreements of a run to which it wrote, as a new run takes them. */
export const itemsThatWrote = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<NewRunItem[]> => {
  const hasWritten = sql`EXISTS (
    SELECT FROM ${changes} WHERE ${changes.organisationId} = ${runItems.organisationId}
      AND ${changes.runId} = ${runItems.runId} AND ${changes.agreementId} = ${runItems.agreementId}
      AND ${changes.kind} IN ('create', 'end', 'update', 'delete') AND ${changes.outcome} = 'done')`
  const { agreementId, agreementName, companyId, companyName, tenantIds } = getTableColumns(runItems)
  return db
    .select({ agreementId, agreementName, companyId, companyName, tenantIds })
    .from(runItems)
    .where(and(eq(runItems.organisationId, organisationId), eq(runItems.runId, runId), hasWritten))
    .orderBy(asc(runItems.agreementId))
}

/** Undos of a run that have begun on an agreement, the first one first. */
export const undosOf = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<string[]> => {
  const hasBegun = sql`EXISTS (
    SELECT FROM ${runPeriods} WHERE ${runPeriods.organisationId} = ${runs.organisationId}
      AND ${runPeriods.runId} = ${runs.id} AND ${runPeriods.agreementId} = ${agreementId})`
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.organisationId, organisationId), eq(runs.undoes, runId), hasBegun))
    .orderBy(asc(runs.createdAt))
  return rows.map(({ id }) => id)
}

/** Adjustments that undos created for a subscription on an agreement, and that the agreement had when it was read last. */
export const standingAdjustments = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  subscriptionId: SubscriptionKey,
): Promise<Addition[]> => {
  const created = await db
    .select({ additionId: changes.additionId })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.agreementId, agreementId),
        eq(changes.subscriptionId, subscriptionId),
        eq(changes.kind, 'create'),
        eq(changes.outcome, 'done'),
        sql`${changes.intent}->'reason'->>'rule' = 'adjusted'`,
      ),
    )
  if (created.length === 0) return []
  const ids = new Set(created.map(({ additionId }) => additionId))
  const last = (await readingsOf(db, organisationId, agreementId, null)).at(-1)
  return (last?.additions ?? []).filter(({ id }) => ids.has(id))
}
