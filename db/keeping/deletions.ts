/** Deleting an organisation: first who may get in, then its rows a part at a time, at last the organisation itself (I2). */
import { and, eq, gt, like, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import {
  callerTries,
  connectionDirectory,
  dueLooks,
  dueNotices,
  logins,
  organisations,
} from '#db/directory/tables.ts'
import type { Database } from '../client.ts'
import {
  apiTokens,
  connections,
  endedSessions,
  invitations,
  leases,
  memberChecks,
  members,
  recoveryCodes,
  runs,
  secondFactors,
  users,
  webhooks,
} from '../schema.ts'
import { organisationTables } from './organisation-tables.ts'

/** Who gets in, what finds it, and the keys to other systems: few rows, which go at once. */
const waysIn = [
  logins,
  connectionDirectory,
  dueLooks,
  dueNotices,
  apiTokens,
  invitations,
  recoveryCodes,
  secondFactors,
  endedSessions,
  memberChecks,
  members,
  users,
  webhooks,
  connections,
]

const isOf = (table: PgTable, organisationId: string): SQL => {
  const column = getTableConfig(table).columns.find(({ name }) => name === 'organisation_id')
  if (column === undefined) throw new Error('The table has no organisation')
  return sql`${column} = ${organisationId}`
}

/**
 * From here on nobody is in, nothing finds it, its keys are gone, and its syncs end before their next write. Call it in a transaction
 * that holds the organisation's row. @returns false where that was done before
 */
export const shutOrganisation = async (db: Database, organisationId: string, at: Date): Promise<boolean> => {
  const shut = await db
    .update(organisations)
    .set({ deletingSince: at, prismPartnerId: null, membersRight: 'none' })
    .where(and(eq(organisations.id, organisationId), sql`deleting_since IS NULL`))
    .returning({ id: organisations.id })
  if (shut.length === 0) return false
  await db
    .update(runs)
    .set({ stopRequestedAt: at, stopRequestedBy: 'the deletion of the organisation' })
    .where(
      and(eq(runs.organisationId, organisationId), sql`state <> 'finished' AND stop_requested_at IS NULL`),
    )
  for (const table of waysIn) await db.delete(table).where(isOf(table, organisationId))
  return true
}

/** Takes its jobs out of the queue, those under way aside. */
export const forgetJobs = async (db: Database, organisationId: string): Promise<void> => {
  await db.execute(sql`DELETE FROM pgboss.job
    WHERE state <> 'active' AND (group_id = ${organisationId} OR data ->> 'organisationId' = ${organisationId})`)
}

/** Whether a job of its is under way, or a process may write to one of its agreements. */
export const isAtWork = async (db: Database, organisationId: string, now: Date): Promise<boolean> => {
  const { rows } = await db.execute(sql`SELECT 1 FROM pgboss.job
    WHERE state = 'active' AND (group_id = ${organisationId} OR data ->> 'organisationId' = ${organisationId}) LIMIT 1`)
  if (rows.length > 0) return true
  const held = await db
    .select({ resource: leases.resource })
    .from(leases)
    .where(and(eq(leases.organisationId, organisationId), gt(leases.expiresAt, now)))
    .limit(1)
  return held.length > 0
}

/** Deletes rows of it, at most so many, of the first table that has some; how many, 0 where no table has any. */
export const deleteSomeRows = async (
  db: Database,
  organisationId: string,
  limit: number,
): Promise<number> => {
  for (const table of organisationTables) {
    const { rowCount } = await db.execute(sql`DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
      SELECT ctid FROM ${table} WHERE ${isOf(table, organisationId)} LIMIT ${limit}))`)
    if (rowCount !== null && rowCount > 0) return rowCount
  }
  return 0
}

/**
 * The end: what the counts of tries know it by, and the organisation itself, where no row of it is left.
 * @returns false where one is, as a request that was under way wrote it
 */
export const deleteEmptyOrganisation = async (db: Database, organisationId: string): Promise<boolean> =>
  db.transaction(async (tx) => {
    await tx
      .select({ id: organisations.id })
      .from(organisations)
      .where(eq(organisations.id, organisationId))
      .for('update')
    for (const table of organisationTables) {
      const { rows } = await tx.execute(
        sql`SELECT 1 FROM ${table} WHERE ${isOf(table, organisationId)} LIMIT 1`,
      )
      if (rows.length > 0) return false
    }
    await tx.delete(callerTries).where(like(callerTries.caller, `${organisationId}%`))
    await tx.delete(organisations).where(eq(organisations.id, organisationId))
    return true
  })
