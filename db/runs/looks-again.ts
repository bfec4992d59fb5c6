/** Runs that look again, by themselves, at agreements that ended wrong: hidden while they find nothing new. */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { runItems, runs } from './tables.ts'

const isRun = (organisationId: string, runId: string) =>
  and(eq(runs.organisationId, organisationId), eq(runs.id, runId))

const isItem = (organisationId: string, runId: string, agreementId: number) =>
  and(
    eq(runItems.organisationId, organisationId),
    eq(runItems.runId, runId),
    eq(runItems.agreementId, agreementId),
  )

/** Of a run: people see it. */
export const isShown = sql`${runs.looksAgain} IS DISTINCT FROM 'hidden'`

/** Takes an item out of its run, with its plans. */
export const deleteItem = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<void> => {
  await db.delete(runItems).where(isItem(organisationId, runId, agreementId))
}

/** Shows a run that was hidden while it found nothing new. */
export const showRun = async (db: Database, organisationId: string, runId: string): Promise<void> => {
  await db
    .update(runs)
    .set({ looksAgain: 'shown' })
    .where(and(isRun(organisationId, runId), eq(runs.looksAgain, 'hidden')))
}

/** The same for an item that has not begun; false where it has, or is not there. */
export const takeOutQueued = async (
  db: Database,
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<boolean> => {
  const rows = await db
    .delete(runItems)
    .where(and(isItem(organisationId, runId, agreementId), eq(runItems.state, 'queued')))
    .returning({ agreementId: runItems.agreementId })
  return rows.length > 0
}

interface Item {
  readonly runId: string
  readonly agreementId: number
}

/**
 * Who asked for a sync of an agreement, by `actor`, while a run looks at it again by itself: a query without rows where nobody did,
 * or the run was asked for itself.
 */
export const askedMeanwhile = (
  organisationId: string,
  program: string,
  { runId, agreementId }: Item,
): SQL => sql`
  SELECT asked.actor FROM ${runs} AS own
  JOIN ${runItems} AS item ON item.organisation_id = own.organisation_id AND item.program = ${program}
    AND item.agreement_id = ${agreementId} AND item.run_id <> own.id AND item.state <> 'finished'
  JOIN ${runs} AS asked ON asked.organisation_id = item.organisation_id AND asked.id = item.run_id
    AND asked.looks_again IS NULL
  WHERE own.organisation_id = ${organisationId} AND own.id = ${runId} AND own.looks_again IS NOT NULL`

export const whoAskedMeanwhile = async (
  db: Database,
  organisationId: string,
  program: string,
  item: Item,
): Promise<string | null> => {
  const { rows } = await db.execute<{ actor: string }>(
    sql`${askedMeanwhile(organisationId, program, item)} LIMIT 1`,
  )
  return rows[0]?.actor ?? null
}
