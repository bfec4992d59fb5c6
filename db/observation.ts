/**
 * What whoever runs the deployment watches: figures of the whole of it, none of them an organisation's. Each is read through an
 * index and within a bounded time, one organisation after the other, so that it costs the same on large tables.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { queueNames } from './queues.ts'
import type { changes, runs, throttledHours } from './schema.ts'

type Run = typeof runs.$inferSelect
type Outcome = (typeof changes.$inferSelect)['outcome']

/** Counts are of the last 24 hours where nothing else is said; ages are seconds, `null` where there is none. */
export interface Figures {
  readonly runs: readonly { readonly kind: Run['kind']; readonly status: string; readonly count: number }[]
  readonly writes: readonly { readonly outcome: Outcome; readonly count: number }[]
  /** Answers that said that they were asked too much (429). */
  readonly throttled: readonly {
    readonly connection: (typeof throttledHours.$inferSelect)['connection']
    readonly count: number
  }[]
  /** Writes now under way, and those whose outcome is not known. */
  readonly open: readonly {
    readonly outcome: Outcome
    readonly count: number
    readonly oldest: number | null
  }[]
  readonly jobs: readonly JobFigures[]
  readonly looks: LookFigures
  readonly keeping: KeepingFigures
}

export interface KeepingFigures {
  /** Rows removed as their time was over, by rule. */
  readonly removed: readonly { readonly rule: string; readonly count: number }[]
  /** How long an organisation waits that should have been looked through for them first. */
  readonly overdue: number | null
  /** Since when the organisation is being deleted that is for longest. */
  readonly deleting: number | null
}

interface JobFigures {
  readonly queue: string
  readonly waiting: number
  readonly active: number
  /** How long the one waits that should have begun first. */
  readonly oldest: number | null
}

export interface LookFigures {
  /** Since the last look for invoices of the organisation that waits longest for one. */
  readonly longest: number | null
  /** Since the last look of any. */
  readonly newest: number | null
  /** How long an agreement waits that should have been looked at again first. */
  readonly again: number | null
}

const seconds = (since: SQL): SQL => sql`floor(extract(epoch FROM now() - ${since}))::float8`

export const figuresOf = async (db: Database, programs: readonly string[]): Promise<Figures> => ({
  runs: await runsOfDay(db, programs),
  writes: await writesOfDay(db),
  throttled: await throttledOfDay(db),
  open: await openWrites(db),
  jobs: await jobFigures(db),
  looks: await lookFigures(db),
  keeping: await keepingFigures(db),
})

/** Index `runs_organisation_created`: the day's runs. One without a status counts as what it is doing. */
const runsOfDay = async (db: Database, programs: readonly string[]): Promise<Figures['runs'][number][]> => {
  const { rows } = await db.execute<Figures['runs'][number]>(sql`
    SELECT run.kind, coalesce(run.status, run.state) AS status, count(*)::int AS count
    FROM organisations, LATERAL (
      SELECT kind, status, state FROM runs
      WHERE organisation_id = organisations.id AND program = ANY (${sql.param([...programs])}::text[])
        AND created_at > now() - interval '24 hours') AS run
    GROUP BY 1, 2 ORDER BY 1, 2`)
  return rows
}

/** Index `changes_organisation_created`: the day's writes, without their rows. */
const writesOfDay = async (db: Database): Promise<Figures['writes'][number][]> => {
  const { rows } = await db.execute<Figures['writes'][number]>(sql`
    SELECT written.outcome, sum(written.count)::int AS count
    FROM organisations, LATERAL (
      SELECT outcome, count(*) AS count FROM changes
      WHERE organisation_id = organisations.id AND created_at > now() - interval '24 hours' AND kind <> 'keep' AND outcome <> 'kept'
      GROUP BY outcome) AS written
    GROUP BY 1 ORDER BY 1`)
  return rows
}

/** At most two rows an organisation and hour, and none of an hour without. */
const throttledOfDay = async (db: Database): Promise<Figures['throttled'][number][]> => {
  const { rows } = await db.execute<Figures['throttled'][number]>(sql`
    SELECT connection, sum(answers)::int AS count FROM throttled_hours
    WHERE hour > now() - interval '24 hours' GROUP BY 1 ORDER BY 1`)
  return rows
}

/** Index `changes_organisation_open`, which holds no others. */
const openWrites = async (db: Database): Promise<Figures['open'][number][]> => {
  const { rows } = await db.execute<Figures['open'][number]>(sql`
    SELECT outcome, count(*)::int AS count, ${seconds(sql`min(created_at)`)} AS oldest FROM changes
    WHERE outcome IN ('pending', 'unknown') GROUP BY 1 ORDER BY 1`)
  return rows
}

const ofOurs = sql`name = ANY (${sql.param([...queueNames])}::text[])`
/** As pg-boss's own index of jobs that wait says it. */
const waiting = sql`state < 'active' AND NOT blocked`

/** Jobs that wait or are being done; those that are done are in none of the indexes. */
const jobFigures = async (db: Database): Promise<JobFigures[]> => {
  const { rows } = await db.execute<JobFigures & Record<string, unknown>>(sql`
    SELECT queue.name AS queue, waiting.count AS waiting, active.count AS active, waiting.oldest
    FROM unnest(${sql.param([...queueNames])}::text[]) AS queue (name),
      LATERAL (
        SELECT count(*)::int AS count,
          ${seconds(sql`min(greatest(created_on, start_after)) FILTER (WHERE start_after <= now())`)} AS oldest
        FROM pgboss.job WHERE job.name = queue.name AND ${waiting}) AS waiting,
      LATERAL (
        SELECT count(*)::int AS count FROM pgboss.job WHERE job.name = queue.name AND state = 'active') AS active
    ORDER BY queue.name`)
  return rows
}

/** A row each for an organisation's program; an organisation that was never looked at waits since it was connected. */
const looks = async (db: Database): Promise<Pick<LookFigures, 'longest' | 'newest'>> => {
  const { rows } = await db.execute<{ longest: number | null; newest: number | null }>(sql`
    SELECT ${seconds(sql`min(at)`)} AS longest, ${seconds(sql`max(at)`)} AS newest
    FROM (
      SELECT coalesce(last_checked_at, connected.at) AS at FROM programs, LATERAL (
        SELECT max(connected_at) AS at, count(*) AS count FROM connections
        WHERE organisation_id = programs.organisation_id) AS connected
      WHERE connected.count = 2) AS looks`)
  return rows[0] ?? { longest: null, newest: null }
}

/** Besides, a row for each mapped customer. */
const lookFigures = async (db: Database): Promise<LookFigures> => {
  const { rows } = await db.execute<{ again: number | null }>(
    sql`SELECT ${seconds(sql`min(look_again_at)`)} AS again FROM mappings WHERE look_again_at <= now()`,
  )
  return { ...(await looks(db)), again: rows[0]?.again ?? null }
}

/** A few rows an organisation. */
const keepingFigures = async (db: Database): Promise<KeepingFigures> => {
  const { rows: removed } = await db.execute<KeepingFigures['removed'][number] & Record<string, unknown>>(sql`
    SELECT rule, sum(removed)::float8 AS count FROM removals WHERE began_at > now() - interval '24 hours' GROUP BY 1 ORDER BY 1`)
  const { rows } = await db.execute<{ overdue: number | null; deleting: number | null }>(sql`
    SELECT ${seconds(sql`min(coalesce(removals_due_at, created_at + interval '1 day')) FILTER (WHERE coalesce(removals_due_at, created_at + interval '1 day') < now() AND deleting_since IS NULL)`)} AS overdue,
      ${seconds(sql`min(deleting_since)`)} AS deleting FROM organisations`)
  return { removed, ...(rows[0] ?? { overdue: null, deleting: null }) }
}

/** Whether scheduled work goes on. Ages in seconds; `null`: there is none. */
export interface WorkStanding {
  /** How long a job waits that should have begun. */
  readonly oldestJob: number | null
  /** Since a job was last begun or done. */
  readonly lastWork: number | null
  readonly lastLook: number | null
}

export const workStanding = async (db: Database): Promise<WorkStanding> => {
  const jobs = await jobFigures(db)
  const { newest } = await looks(db)
  const { rows } = await db.execute<{ since: number | null }>(sql`
    SELECT ${seconds(sql`max(at)`)} AS since FROM (
      SELECT max(started_on) AS at FROM pgboss.job WHERE ${ofOurs} AND state = 'active'
      UNION ALL
      SELECT latest.at FROM unnest(${sql.param([...queueNames])}::text[]) AS queue (name), LATERAL (
        SELECT completed_on AS at FROM pgboss.job
        WHERE job.name = queue.name AND completed_on IS NOT NULL ORDER BY completed_on DESC LIMIT 1) AS latest
    ) AS moments`)
  const oldestJob = Math.max(...jobs.map(({ oldest }) => oldest ?? -1))
  return { oldestJob: oldestJob < 0 ? null : oldestJob, lastWork: rows[0]?.since ?? null, lastLook: newest }
}
