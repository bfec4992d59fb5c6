/** How far a run over customers is (G5). */
import { and, count, eq, isNotNull, ne, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { runItems } from './tables.ts'

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
  { doing, passed, planned }: { readonly doing?: string; readonly passed: number; readonly planned?: number },
): Promise<void> => {
  const done = sql`${runItems.changesDone} + ${passed}`
  await db
    .update(runItems)
    .set({
      changesDone: done,
      ...(planned === undefined ? {} : { changesTotal: sql`${done} + ${planned}` }),
      ...(doing === undefined ? {} : { doing }),
    })
    .where(and(ofRun(organisationId, runId), eq(runItems.agreementId, agreementId)))
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
    .limit(1)
  const doing = busy === undefined ? null : [busy.company, busy.doing].filter(Boolean).join(': ')
  return { done: counts?.done ?? 0, total: counts?.total ?? 0, doing }
}
