/** What the cards of a program say of its syncs (G1). */
import { and, count, desc, eq, inArray, isNull, max, type SQL } from 'drizzle-orm'
import type { Status } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { isShown } from './looks-again.ts'
import type { Run } from './runs.ts'
import { runItems, runs } from './tables.ts'

export type RunKind = Run['kind']

const ofKind = (organisationId: string, program: string, kind: RunKind) =>
  and(eq(runs.organisationId, organisationId), eq(runs.program, program), eq(runs.kind, kind))

/** When a sync last ended with `No Change` or `Success`. */
export const lastSuccessAt = async (
  db: Database,
  organisationId: string,
  program: string,
  kind: RunKind,
): Promise<Date | null> => {
  const [row] = await db
    .select({ at: max(runs.finishedAt) })
    .from(runs)
    .where(
      and(
        ofKind(organisationId, program, kind),
        eq(runs.state, 'finished'),
        inArray(runs.status, ['No Change', 'Success']),
      ),
    )
  return row?.at ?? null
}

/**
 * The last sync of the whole program, whatever came of it: of products each is; of customers those that the schedule made.
 * Where there was none of these yet, the last one of some customers.
 */
export const lastWholeRun = async (
  db: Database,
  organisationId: string,
  program: string,
  kind: RunKind,
): Promise<Run | null> => {
  const newest = async (which?: SQL): Promise<Run | undefined> => {
    const [row] = await db
      .select()
      .from(runs)
      .where(and(ofKind(organisationId, program, kind), eq(runs.state, 'finished'), which))
      .orderBy(desc(runs.createdAt))
      .limit(1)
    return row
  }
  const whole =
    kind === 'products' ? undefined : await newest(and(eq(runs.trigger, 'schedule'), isNull(runs.looksAgain)))
  return whole ?? (await newest()) ?? null
}

/** Agreements of each run by status; those without one are not finished. */
export const statusCounts = async (
  db: Database,
  organisationId: string,
  runIds: readonly string[],
): Promise<Map<string, Partial<Record<Status, number>>>> => {
  if (runIds.length === 0) return new Map()
  const rows = await db
    .select({ runId: runItems.runId, status: runItems.status, count: count() })
    .from(runItems)
    .where(and(eq(runItems.organisationId, organisationId), isOneOf(runItems.runId, runIds)))
    .groupBy(runItems.runId, runItems.status)
  const found = new Map<string, Partial<Record<Status, number>>>()
  for (const { runId, status, count: agreements } of rows)
    if (status !== null) found.set(runId, { ...found.get(runId), [status]: agreements })
  return found
}

/** How many runs of each kind a program has. */
export const runCounts = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Readonly<Record<RunKind, number>>> => {
  const rows = await db
    .select({ kind: runs.kind, count: count() })
    .from(runs)
    .where(and(eq(runs.organisationId, organisationId), eq(runs.program, program), isShown))
    .groupBy(runs.kind)
  return { customers: 0, products: 0, ...Object.fromEntries(rows.map(({ kind, count: of }) => [kind, of])) }
}
