/** After a person's act: the agreements that it is about are synced by the next look, and not only with the next invoice. */
import { sql } from 'drizzle-orm'
import { isLookedAt } from '#db/directory/due-looks.ts'
import { programSettings } from '#db/prism/programs.ts'
import type { Follows } from '#lib/billing/sync-follows.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { lookAtAgreementsAgain, mappingsOf, mappingsOfTenants } from './mappings.ts'
import { lookAtOneTimeAgreementsAgain } from './one-time.ts'

/**
 * Has the next look sync the agreements, of both kinds, but for those whose last sync a person stopped. Call it in the transaction
 * that stores what they are to be synced for: a sync that read the agreement before leaves the look to the next one.
 */
export const bringSyncs = async (
  tx: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
  at: Date,
): Promise<void> => {
  const stopped = await stoppedAgreements(tx, organisationId, program, agreementIds)
  const ids = agreementIds.filter((id) => !stopped.has(id))
  if (ids.length === 0) return
  await lookAtAgreementsAgain(tx, organisationId, program, ids, at)
  await lookAtOneTimeAgreementsAgain(tx, organisationId, program, ids, at)
}

/** The same of the agreements of customers that are synced by the month. @param tenantId `null`: of all */
export const bringMonthlySyncs = async (
  tx: Database,
  organisationId: string,
  program: string,
  tenantId: string | null,
  at: Date,
): Promise<void> => {
  const mapped =
    tenantId === null
      ? await mappingsOf(tx, organisationId, program)
      : await mappingsOfTenants(tx, organisationId, program, [tenantId])
  await bringSyncs(
    tx,
    organisationId,
    program,
    [...new Set(mapped.map(({ agreementId }) => agreementId))],
    at,
  )
}

/** Whether a sync of the agreement comes by itself where something is to be synced there, or what keeps it. */
export const whatFollows = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<Follows> => {
  // One after the other, as it may be asked in a transaction.
  if (!(await isLookedAt(db, organisationId))) return 'not-connected'
  const settings = await programSettings(db, organisationId, program)
  if (settings?.enabled !== true) return 'program-off'
  if (!(await isSyncing(db, organisationId, program, agreementId))) return 'sync-off'
  if (settings.contractAgreementId === null) return 'agreement-unclear'
  const stopped = await stoppedAgreements(db, organisationId, program, [agreementId])
  return stopped.has(agreementId) ? 'stopped' : 'soon'
}

const isSyncing = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<boolean> => {
  const isOn = sql`organisation_id = ${organisationId} AND program = ${program} AND agreement_id = ${agreementId} AND sync_enabled`
  const { rows } = await db.execute<{ syncs: boolean }>(sql`
    SELECT EXISTS (SELECT FROM mappings WHERE ${isOn}) OR EXISTS (SELECT FROM one_time_mappings WHERE ${isOn}) AS syncs`)
  return rows[0]?.syncs === true
}

/** Of the agreements, those whose newest sync a person stopped before it was done. */
const stoppedAgreements = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<ReadonlySet<number>> => {
  if (agreementIds.length === 0) return new Set()
  const { rows } = await db.execute<{ id: number }>(sql`
    SELECT last.agreement_id AS id
    FROM (
      SELECT DISTINCT ON (agreement_id) agreement_id, run_id, state, message, finished_at
      FROM run_items
      WHERE organisation_id = ${organisationId} AND program = ${program} AND ${isOneOf(sql`agreement_id`, agreementIds)}
      ORDER BY agreement_id, queued_at DESC
    ) last
    JOIN runs r ON r.organisation_id = ${organisationId} AND r.id = last.run_id
    WHERE last.state = 'finished' AND last.message IS NOT NULL AND r.stop_requested_at <= last.finished_at`)
  return new Set(rows.map(({ id }) => id))
}
