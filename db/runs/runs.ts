import { and, count, desc, eq, isNotNull, max, min, ne, type SQL, sql } from 'drizzle-orm'
import { statuses } from '#lib/billing/status.ts'
import type { Database } from '../client.ts'
import { batches, statusRank } from '../rows.ts'
import { isShown } from './looks-again.ts'
import { runItems, runs } from './tables.ts'

export type Run = typeof runs.$inferSelect
export type RunItem = typeof runItems.$inferSelect
export type NewRun = Pick<Run, 'program' | 'kind' | 'trigger' | 'actor'> &
  Partial<Pick<Run, 'looksAgain' | 'undoes' | 'setsBack'>>
export type NewRunItem = Pick<
  RunItem,
  'agreementId' | 'agreementName' | 'companyId' | 'companyName' | 'tenantIds'
>

const isRun = (organisationId: string, runId: string) =>
  and(eq(runs.organisationId, organisationId), eq(runs.id, runId))
const isItem = (organisationId: string, runId: string, agreementId: number) =>
  and(
    eq(runItems.organisationId, organisationId),
    eq(runItems.runId, runId),
    eq(runItems.agreementId, agreementId),
  )

/** Makes a run with its items, all queued. */
export const createRun = async (
  db: Database,
  organisationId: string,
  run: NewRun,
  items: readonly NewRunItem[],
): Promise<Run> => {
  const [row] = await db
    .insert(runs)
    .values({ ...run, organisationId, state: 'queued' })
    .returning()
  if (!row) throw new Error('An insert that returns its row returned none')
  const { program } = run
  for (const part of batches(items))
    await db
      .insert(runItems)
      .values(
        part.map((item) => ({ ...item, organisationId, runId: row.id, program, state: 'queued' as const })),
      )
  return row
}

export const run = async (db: Database, organisationId: string, runId: string): Promise<Run | null> =>
  (await db.select().from(runs).where(isRun(organisationId, runId)))[0] ?? null

/** One page of a program's runs, the newest first. */
export const runsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  page: { readonly kind?: Run['kind']; readonly limit: number; readonly offset: number },
): Promise<Run[]> =>
  db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.organisationId, organisationId),
        eq(runs.program, program),
        isShown,
        page.kind === undefined ? undefined : eq(runs.kind, page.kind),
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(page.limit)
    .offset(page.offset)

export const runItemsOf = async (db: Database, organisationId: string, runId: string): Promise<RunItem[]> =>
  db
    .select()
    .from(runItems)
    .where(and(eq(runItems.organisationId, organisationId), eq(runItems.runId, runId)))
    .orderBy(runItems.companyName, runItems.agreementName, runItems.agreementId)

export const runItem = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<RunItem | null> =>
  (
    await db
      .select()
      .from(runItems)
      .where(isItem(organisationId, runId, agreementId))
  )[0] ?? null

/** The last finished item of an agreement: its last result. */
export const lastFinishedItem = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<RunItem | null> => {
  return newestItem(db, organisationId, program, agreementId, eq(runItems.state, 'finished'))
}

/** The item of an agreement that is queued or running now; at most one counts, the newest. */
export const unfinishedItem = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<RunItem | null> => {
  return newestItem(db, organisationId, program, agreementId, ne(runItems.state, 'finished'))
}

/** The same, of a run that people see. */
export const shownUnfinishedItem = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<RunItem | null> => {
  const isOfShown = sql`EXISTS (
    SELECT FROM ${runs} WHERE ${runs.organisationId} = ${runItems.organisationId} AND ${runs.id} = ${runItems.runId} AND ${isShown})`
  const isUnfinished = sql`${runItems.state} <> 'finished' AND ${isOfShown}`
  return newestItem(db, organisationId, program, agreementId, isUnfinished)
}

/** Agreements that are queued or being synced. */
export const busyAgreements = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Set<number>> => {
  const rows = await db
    .selectDistinct({ agreementId: runItems.agreementId })
    .from(runItems)
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        ne(runItems.state, 'finished'),
      ),
    )
  return new Set(rows.map(({ agreementId }) => agreementId))
}

const newestItem = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  state: SQL,
): Promise<RunItem | null> => {
  const [row] = await db
    .select()
    .from(runItems)
    .where(
      and(
        eq(runItems.organisationId, organisationId),
        eq(runItems.program, program),
        eq(runItems.agreementId, agreementId),
        state,
      ),
    )
    .orderBy(desc(runItems.queuedAt))
    .limit(1)
  return row ?? null
}

/** Notes that an item has begun, and with it its run; false where it is finished, or is not in the run any more. */
export const startItem = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<boolean> => {
  const { rows } = await db.execute(sql`
    WITH begun AS (
      UPDATE run_items SET state = 'running', started_at = coalesce(started_at, now())
      WHERE organisation_id = ${organisationId} AND run_id = ${runId} AND agreement_id = ${agreementId} AND state <> 'finished'
      RETURNING run_id),
    its_run AS (
      UPDATE runs SET state = 'running', started_at = now()
      WHERE organisation_id = ${organisationId} AND id IN (SELECT run_id FROM begun) AND state = 'queued')
    SELECT FROM begun`)
  return rows.length > 0
}

export type ItemChanges = Partial<Omit<RunItem, 'organisationId' | 'runId' | 'agreementId' | 'program'>>

/** Changes an item that is not finished; what a sync said of one that is stays. */
export const updateUnfinishedItem = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
  set: ItemChanges,
): Promise<void> => {
  await db
    .update(runItems)
    .set(set)
    .where(and(isItem(organisationId, runId, agreementId), ne(runItems.state, 'finished')))
}

/**
 * Finishes the run where all its items are, with the status of the worst (G2) and their first and last period. The run's row
 * is locked first, so that of two items finishing at once the later sees both. While one is left, no other is looked at, and
 * nothing is locked: of two, the one that is stored last sees that none is left. A run
 * that looked again and of which nothing is left is deleted.
 */
export const finishRunWhereDone = async (
  db: Database,
  organisationId: string,
  runId: string,
): Promise<boolean> => {
  const ofRun = and(eq(runItems.organisationId, organisationId), eq(runItems.runId, runId))
  const isOneLeft = async (of: Database): Promise<boolean> => {
    const left = await of
      .select({ agreementId: runItems.agreementId })
      .from(runItems)
      .where(and(ofRun, ne(runItems.state, 'finished')))
      .limit(1)
    return left.length > 0
  }
  if (await isOneLeft(db)) return false
  return db.transaction(async (tx) => {
    await tx.select({ id: runs.id }).from(runs).where(isRun(organisationId, runId)).for('update')
    if (await isOneLeft(tx)) return false
    const [facts] = await tx
      .select({
        items: count(),
        worst: sql<number>`coalesce(max(${statusRank(runItems.status)}), 1)`,
        firstPeriod: min(runItems.firstPeriod),
        lastPeriod: max(runItems.lastPeriod),
      })
      .from(runItems)
      .where(ofRun)
    if (!facts) throw new Error('An aggregate gave no row')
    const { worst, items, ...periods } = facts
    if (items === 0) {
      const deleted = await tx
        .delete(runs)
        .where(and(isRun(organisationId, runId), isNotNull(runs.looksAgain)))
        .returning({ id: runs.id })
      if (deleted.length > 0) return true
    }
    const status = statuses[worst - 1] ?? 'Error'
    await tx
      .update(runs)
      .set({
        state: 'finished',
        status,
        finishedAt: new Date(),
        looksAgain: sql`CASE WHEN ${runs.looksAgain} IS NOT NULL THEN 'shown' END`,
        ...periods,
        note: sql`CASE WHEN ${runs.stopRequestedAt} IS NULL THEN ${runs.note} ELSE coalesce(${runs.note}, 'Stopped by ' || ${runs.stopRequestedBy}) END`,
      })
      .where(and(isRun(organisationId, runId), ne(runs.state, 'finished')))
    return true
  })
}
