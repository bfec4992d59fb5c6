/** Runs that look again, by themselves, at agreements that ended wrong: hidden while they find nothing new. */
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { runItems, runs } from './tables.ts'

type Run = typeof runs.$inferSelect

const isRun = (organisationId: string, runId: string) =>
  and(eq(runs.organisationId, organisationId), eq(runs.id, runId))

/** Of a run: people see it. */
export const isShown = sql`${runs.looksAgain} IS DISTINCT FROM 'hidden'`

/** A run, locked until the transaction ends. */
export const lockRun = async (db: Database, organisationId: string, runId: string): Promise<Run | null> =>
  (await db.select().from(runs).where(isRun(organisationId, runId)).for('update'))[0] ?? null

/** Takes an item out of its run, with its plans. */
export const deleteItem = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<void> => {
  await db
    .delete(runItems)
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.runId, runId),
        eq(runItems.agreementId, agreementId),
      ),
    )
}

/** Shows a run that was hidden while it found nothing new. */
export const showRun = async (db: Database, organisationId: string, runId: string): Promise<void> => {
  await db
    .update(runs)
    .set({ looksAgain: 'shown' })
    .where(and(isRun(organisationId, runId), eq(runs.looksAgain, 'hidden')))
}

/** Somebody asks for what a run looks at again by itself: it is theirs from now on, and all that is left of it is kept. */
export const takeOverRun = async (
  db: Database,
  organisationId: string,
  runId: string,
  by: Pick<Run, 'trigger' | 'actor'>,
): Promise<void> => {
  await db
    .update(runs)
    .set({ ...by, looksAgain: null })
    .where(isRun(organisationId, runId))
}
