/** Asking runs to stop (F16). */
import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { runs } from './tables.ts'

const isRun = (organisationId: string, runId: string) =>
  and(eq(runs.organisationId, organisationId), eq(runs.id, runId))

/** Asks a run to stop after the write in flight; false where it has finished already. */
export const requestStop = async (
  db: Database,
  organisationId: string,
  runId: string,
  by: string,
): Promise<boolean> => {
  const rows = await db
    .update(runs)
    .set({ stopRequestedAt: new Date(), stopRequestedBy: by })
    .where(and(isRun(organisationId, runId), ne(runs.state, 'finished'), isNull(runs.stopRequestedAt)))
    .returning({ id: runs.id })
  return rows.length > 0
}

/** Asks every unfinished run of the program to stop (F16); gives the ids of those that people see. @param why noted on the runs, where there is more to say than who */
export const requestStopOfProgram = async (
  db: Database,
  organisationId: string,
  program: string,
  by: string,
  why: string | null = null,
): Promise<string[]> => {
  const rows = await db
    .update(runs)
    .set({
      stopRequestedAt: new Date(),
      stopRequestedBy: by,
      ...(why === null ? {} : { note: `Stopped by ${by}: ${why}` }),
    })
    .where(
      and(
        eq(runs.organisationId, organisationId),
        eq(runs.program, program),
        ne(runs.state, 'finished'),
        isNull(runs.stopRequestedAt),
      ),
    )
    .returning({ id: runs.id, looksAgain: runs.looksAgain })
  return rows.filter(({ looksAgain }) => looksAgain !== 'hidden').map((row) => row.id)
}

/** Who asked the run to stop; `null` where nobody did. */
export const stopRequestedBy = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<string | null> => {
  const [row] = await db
    .select({ at: runs.stopRequestedAt, by: runs.stopRequestedBy })
    .from(runs)
    .where(isRun(organisationId, runId))
  return row?.at ? (row.by ?? '') : null
}

/** That somebody asked the run to stop, and why where that was noted: a sentence without a full stop; `null` where nobody did. */
export const stopRequested = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<string | null> => (await stopAndKind(db, organisationId, runId)).message

/** The same, and whether the run looks again by itself. */
export const stopAndKind = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<{ readonly message: string | null; readonly isLookingAgain: boolean }> => {
  const [row] = await db
    .select({
      at: runs.stopRequestedAt,
      by: runs.stopRequestedBy,
      note: runs.note,
      looksAgain: runs.looksAgain,
    })
    .from(runs)
    .where(isRun(organisationId, runId))
  return {
    message: row?.at ? (row.note ?? `Stopped by ${row.by ?? ''}`) : null,
    isLookingAgain: row !== undefined && row.looksAgain !== null,
  }
}
