/**
 * A person's "Sync all" that finds nothing to do, 300 ms of latency, while plans of old months of the same organisation are packed in
 * the same process, against alone: they take turns. `BENCH_PACKED` sets the number of agreements, each with three plans of each of
 * 96 old months.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import { jobsFor } from '#lib/jobs/turns.ts'
import { removeOld } from '#lib/keeping/remove-old.ts'
import type { Row } from '#scripts/bench-table.ts'
import { type BenchDatabase, startDatabase } from './stage/database.ts'
import { timed } from './stage/medians.ts'
import type { PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program, workerOf } from './stage/worker.ts'

const AGREEMENTS = sizeOf('BENCH_PACKED', 60)
const SUBSCRIPTIONS = 3
const MONTHS = 96
const PLANS = 3
const LATENCY_MS = 300
/** Between two looks at who waits. */
const LOOK_MS = 20
const LONGEST_MS = 10 * 60_000
const partner: PartnerSize = {
  customers: AGREEMENTS,
  subscriptions: SUBSCRIPTIONS,
  products: 10,
  changingMonths: [],
}

export default async function packing(): Promise<Row[]> {
  await using standins = await startStandins([partner])
  await using database = await startDatabase()
  const { db, pool } = database
  const organisationIds = await createOrganisations(db, [partner])
  const [organisationId = ''] = organisationIds
  const worker = workerOf(db, { addresses: standins.addresses, organisationIds, jobs: jobsFor(8) })
  const drainAll = async (): Promise<void> => {
    const { jobsLeft } = await drain(worker, { budgetMs: LONGEST_MS })
    if (jobsLeft > 0) throw new Error(`${jobsLeft} jobs are left.`)
  }
  const syncAll = async (): Promise<void> => {
    await requestSync(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
    await drainAll()
  }
  await enqueueDetect(db, { organisationId, program })
  await drainAll()
  await storeOldPlans(database)
  await standins.calls.setLatency(LATENCY_MS)

  const seen = { waits: 0, isDone: false }
  const syncWhilePacking = async (): Promise<void> => {
    const sync = { isDone: false }
    const pack = async (): Promise<void> => {
      const until = new Date(Date.now() + LONGEST_MS)
      const now = () => (sync.isDone ? until : new Date())
      while (!sync.isDone && !seen.isDone)
        seen.isDone = (await removeOld({ ctx: { db, organisationId, now, until } })) === 'done'
    }
    const look = async (): Promise<void> => {
      for (; !sync.isDone; await pause(LOOK_MS)) seen.waits += await waitingForLocks(database)
    }
    await Promise.all([syncAll().finally(() => (sync.isDone = true)), pack(), look()])
  }
  const ms = await timed({ alone: syncAll, whilePacking: syncWhilePacking }, { rounds: 5, warmUps: 1 })
  const { rows } = await pool.query<{ packed: number }>(
    'SELECT count(packed_at)::int AS packed FROM run_periods',
  )
  await closeQueue(db)
  const failed = seen.isDone ? { failed: 'All plans were packed before the last sync ended.' } : {}
  return [
    {
      measure: `packing, sync all of ${shown(AGREEMENTS)} agreements meanwhile against alone, ${LATENCY_MS} ms`,
      ours: ms.whilePacking / 1000,
      reference: ms.alone / 1000,
      unit: 's',
      budget: { times: 1.2 },
      ...failed,
    },
    {
      measure: 'packing, times that a statement was seen to wait for a lock',
      ours: seen.waits,
      budget: { plus: 0 },
    },
    { measure: 'packing, plans packed meanwhile', ours: rows[0]?.packed ?? 0 },
  ]
}

/** The plans that there are, as those of old months, too, which may be packed. */
const storeOldPlans = async ({ pool }: BenchDatabase): Promise<void> => {
  await pool.query('UPDATE organisations SET packs_from = now()')
  await pool.query(
    `INSERT INTO run_periods (organisation_id, run_id, agreement_id, period, round, invoice_id, kind, format, plan, known_addition_ids, "end", stored_at, ended_at)
     SELECT p.organisation_id, p.run_id, p.agreement_id, to_char(month, 'YYYY-MM'), nth, p.invoice_id, 'month', p.format, p.plan, p.known_addition_ids, 'proved', month, month
     FROM (SELECT DISTINCT ON (agreement_id) * FROM run_periods ORDER BY agreement_id, round DESC) p,
       generate_series(now() - interval '3 years' - $1 * interval '1 month', now() - interval '3 years', interval '1 month') month,
       generate_series(1, $2::int) nth
     ON CONFLICT DO NOTHING`,
    [MONTHS - 1, PLANS],
  )
}

/** Row locks and locks of tables, not those by which jobs are handed out. */
const waitingForLocks = async ({ pool }: BenchDatabase): Promise<number> => {
  const { rows } = await pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`,
  )
  return rows[0]?.waiting ?? 0
}
