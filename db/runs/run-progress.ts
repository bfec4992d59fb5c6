/** How far a run over customers is (G5). */
import { and, count, eq, isNotNull, ne, type SQL, sql } from 'drizzle-orm'
import { oneTimeMappings } from '#db/mappings/one-time-tables.ts'
import { mappings } from '#db/mappings/tables.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { askedMeanwhile } from './looks-again.ts'
import { runItems, runs } from './tables.ts'

const ofRun = (organisationId: string, runId: string) =>
  and(eq(runItems.organisationId, organisationId), eq(runItems.runId, runId))

/**
 * Notes how far an item is (G5).
 * @param progress.passed planned writes that are behind it since the last note
 * @param progress.planned where a plan begins: writes that it has, which are all still to come
 */
export const noteItemProgress = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
  { passed, planned }: { readonly passed: number; readonly planned?: number },
): Promise<void> => {
  const done = sql`${runItems.changesDone} + ${passed}`
  await db
    .update(runItems)
    .set({
      changesDone: done,
      ...(planned === undefined ? {} : { changesTotal: sql`${done} + ${planned}` }),
    })
    .where(and(ofRun(organisationId, runId), eq(runItems.agreementId, agreementId)))
}

interface Syncing {
  readonly runId: string
  readonly agreementId: number
  /** The customers that sync, as of its beginning. */
  readonly tenantIds: readonly string[]
}

/** That nobody asked an item to end: neither its run nor one of its customers was stopped, and nobody asked for a sync that it makes way for. */
const goesOn = (organisationId: string, program: string, item: Syncing): SQL => {
  const { runId, agreementId, tenantIds } = item
  const syncingIn = (of: typeof mappings | typeof oneTimeMappings) => sql`
    SELECT ${of.tenantId} FROM ${of}
    WHERE ${of.organisationId} = ${organisationId} AND ${of.program} = ${program}
      AND ${of.agreementId} = ${agreementId} AND ${of.syncEnabled} AND ${isOneOf(of.tenantId, tenantIds)}`
  const syncing = sql`SELECT count(*) FROM (${syncingIn(mappings)} UNION ${syncingIn(oneTimeMappings)}) AS syncing`
  const asked = sql`
    SELECT 1 FROM ${runs}
    WHERE ${runs.organisationId} = ${organisationId} AND ${runs.id} = ${runId} AND ${runs.stopRequestedAt} IS NOT NULL`
  return sql`NOT EXISTS (${asked}) AND NOT EXISTS (${askedMeanwhile(organisationId, program, item)})
    AND (${syncing}) = ${new Set(tenantIds).size}`
}

/** Whether somebody asked an item to end (F16): `noteUnlessStopped` would note nothing. */
export const isStopped = async (
  db: Database,
  organisationId: string,
  program: string,
  item: Syncing,
): Promise<boolean> => {
  const { rows } = await db.execute<{ goes: boolean }>(
    sql`SELECT ${goesOn(organisationId, program, item)} AS goes`,
  )
  return rows[0]?.goes !== true
}

/**
 * Notes what an item does next, unless somebody asked its run to stop, one of the customers does not sync there any more (F16), or
 * the item is looked at again by itself and makes way for a sync that was asked for: then nothing is noted, and it gives false.
 */
export const noteUnlessStopped = async (
  db: Database,
  organisationId: string,
  program: string,
  item: Syncing,
  { doing, passed }: { readonly doing: string; readonly passed: number },
): Promise<boolean> => {
  const { runId, agreementId } = item
  const rows = await db
    .update(runItems)
    .set({ doing, changesDone: sql`${runItems.changesDone} + ${passed}` })
    .where(
      and(
        ofRun(organisationId, runId),
        eq(runItems.agreementId, agreementId),
        goesOn(organisationId, program, item),
      ),
    )
    .returning({ agreementId: runItems.agreementId })
  return rows.length > 0
}

/** How far a run over customers is: its finished items of all, and what one of those under way is doing. */
export const runProgress = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<{ done: number; total: number; doing: string | null }> => {
  const isOfRun = ofRun(organisationId, runId)
  const [counts] = await db
    .select({
      total: count(),
      done: sql<number>`(count(*) FILTER (WHERE ${runItems.state} = 'finished'))::int`,
    })
    .from(runItems)
    .where(isOfRun)
  const [busy] = await db
    .select({ doing: runItems.doing, company: runItems.companyName })
    .from(runItems)
    .where(and(isOfRun, ne(runItems.state, 'finished'), isNotNull(runItems.doing)))
    // The one that began first, so that each is told until it ends.
    .orderBy(runItems.startedAt, runItems.agreementId)
    .limit(1)
  const doing = busy === undefined ? null : [busy.company, busy.doing].filter(Boolean).join(': ')
  return { done: counts?.done ?? 0, total: counts?.total ?? 0, doing }
}
