/** What the search box finds of runs (J15). */
import { type SQL, sql } from 'drizzle-orm'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import type { Sought } from '../sought.ts'
import { isShown } from './looks-again.ts'
import type { Run } from './runs.ts'
import { runs } from './tables.ts'

/** So many of the newest are looked through; an older one is found by its whole id. */
const NEWEST = 300

export type FoundRun = Pick<
  Run,
  'id' | 'kind' | 'trigger' | 'actor' | 'status' | 'firstPeriod' | 'lastPeriod'
> & {
  /** As JSON has it. */
  readonly createdAt: string
} & Record<string, unknown>

/**
 * By id or its beginning, by who asked for it, by status, and by a usage month of it; the newest first.
 * @param months what the text may mean
 */
export const foundRuns = async (
  db: Database,
  organisationId: string,
  program: string,
  { text, months }: Pick<Sought, 'text'> & { readonly months: readonly Period[] },
  limit: number,
): Promise<FoundRun[]> => {
  const scope = sql`${runs.organisationId} = ${organisationId} AND ${runs.program} = ${program} AND ${isShown}`
  const columns = sql`${runs.id}, ${runs.kind}, ${runs.trigger}, ${runs.actor}, ${runs.status},
    ${runs.firstPeriod} AS "firstPeriod", ${runs.lastPeriod} AS "lastPeriod",
    to_json(${runs.createdAt}) #>> '{}' AS "createdAt"`
  const byId: SQL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
    ? sql`(SELECT ${columns} FROM ${runs} WHERE ${scope} AND ${runs.id} = ${text}::uuid)`
    : sql`(SELECT ${columns} FROM ${runs} WHERE false)`
  const { rows } = await db.execute<FoundRun>(sql`
    SELECT * FROM (
      ${byId} UNION (
        SELECT * FROM (SELECT ${columns} FROM ${runs} WHERE ${scope} ORDER BY ${runs.createdAt} DESC LIMIT ${NEWEST}) AS newest
        WHERE starts_with(id::text, lower(${text})) OR strpos(lower(actor), lower(${text})) > 0
          OR lower(status) = lower(${text})
          OR EXISTS (SELECT FROM unnest(${sql.param([...months])}::text[]) AS month
            WHERE month BETWEEN "firstPeriod" AND "lastPeriod"))) AS found
    ORDER BY "createdAt" DESC, id LIMIT ${limit}`)
  return rows
}
