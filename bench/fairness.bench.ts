/**
 * "Sync now" of an organisation while another's agreements are queued, in one process with 4 jobs at a time and 50 ms of latency:
 * from the press to the end of its run, set against the median of what it takes alone. `BENCH_QUEUED` sets how many are queued.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { run } from '#db/runs/runs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import { jobsFor } from '#lib/jobs/turns.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { median } from './stage/medians.ts'
import type { PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program, workerOf } from './stage/worker.ts'

const QUEUED = sizeOf('BENCH_QUEUED', 500)
const LATENCY_MS = 50
const PRESSES = 5
const PRESSED_AFTER_MS = 2_000
const POLL_MS = 20
const LONGEST_MS = 20 * 60_000
const of = (customers: number): PartnerSize => ({
  customers,
  subscriptions: 2,
  products: 10,
  changingMonths: [],
})
const partners = [of(QUEUED), of(1)]

export default async function fairness(): Promise<Row[]> {
  await using standins = await startStandins(partners)
  await using database = await startDatabase()
  const { db } = database
  const organisationIds = await createOrganisations(db, partners)
  const [busy = '', pressing = ''] = organisationIds
  const worker = workerOf(db, { addresses: standins.addresses, organisationIds, jobs: jobsFor(8) })
  for (const organisationId of organisationIds) await enqueueDetect(db, { organisationId, program })
  await drain(worker, { budgetMs: LONGEST_MS })
  await standins.calls.setLatency(LATENCY_MS)

  const draining: Promise<unknown>[] = []
  // Who presses also drains, as in the app; that drain may go on for the other organisation.
  const press = async (organisationId: string, actor: string): Promise<string> => {
    const runId = await requestSync(db, { organisationId, program, trigger: 'hand', actor })
    draining.push(drain(worker, { budgetMs: LONGEST_MS }))
    return runId
  }
  const pressMs = async (): Promise<number> => {
    const began = performance.now()
    const runId = await press(pressing, 'Ann')
    while (!(await isFinished(db, pressing, runId))) await pause(POLL_MS)
    return performance.now() - began
  }

  await pressMs()
  const alone: number[] = []
  for (let at = 0; at < PRESSES; at += 1) alone.push(await pressMs())
  await Promise.all(draining)
  const queued = await press(busy, 'Bo')
  await pause(PRESSED_AFTER_MS)
  const among: number[] = []
  while (among.length < PRESSES && !(await isFinished(db, busy, queued))) among.push(await pressMs())
  await Promise.all(draining)
  await closeQueue(db)
  return [
    {
      measure: `fairness, "Sync now" while ${shown(QUEUED)} agreements of another organisation are queued, ${LATENCY_MS} ms (median of ${among.length})`,
      ours: median(among) / 1000,
      reference: median(alone) / 1000,
      unit: 's',
      budget: { times: 3 },
    },
  ]
}

const isFinished = async (db: Database, organisationId: string, runId: string): Promise<boolean> =>
  (await run(db, organisationId, runId))?.state === 'finished'
