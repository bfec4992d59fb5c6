/**
 * What an agreement costs where a partner has many: the first sync of all (two subscriptions each, all created), then a person's
 * "Sync all" that finds nothing to do, without latency, 4 agreements at a time. Set against the median of five partners with
 * 100 agreements. `BENCH_AGREEMENTS` sets the large partner's; 10,000 take about 15 minutes.
 */
import { run } from '#db/runs/runs.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { median } from './stage/medians.ts'
import type { PartnerSize } from './stage/partner.ts'
import { queriesSent } from './stage/queries.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program, workerOf } from './stage/worker.ts'

const SMALL = 100
const LARGE = sizeOf('BENCH_AGREEMENTS', 3_000)
const partnerOf = (customers: number): PartnerSize => ({
  customers,
  subscriptions: 2,
  products: 70,
  changingMonths: [],
})
/** The first one only warms up. */
const partners = [...Array.from({ length: 6 }, () => partnerOf(SMALL)), partnerOf(LARGE)]
const LONGEST_MS = 60 * 60_000

interface Cost {
  readonly ms: number
  readonly requests: number
  readonly queries: number
}

interface Costs {
  /** A look that finds the first invoice, and the syncs that it leads to. */
  readonly first: Cost
  /** A run of all agreements is made. */
  readonly made: Cost
  /** That run comes to its end. */
  readonly finished: Cost
}

export default async function scale(): Promise<Row[]> {
  await using standins = await startStandins(partners)
  await using database = await startDatabase()
  const { db, pool } = database
  const organisationIds = await createOrganisations(db, partners)
  const worker = workerOf(db, { addresses: standins.addresses, organisationIds, jobs: 4 })
  const drainAll = async (): Promise<void> => {
    const { jobsLeft } = await drain(worker, { budgetMs: LONGEST_MS })
    if (jobsLeft > 0) throw new Error(`${jobsLeft} jobs are left.`)
  }
  const costsOf = async (partner: number): Promise<Costs> => {
    const organisationId = organisationIds[partner] ?? ''
    const costOf = async (work: () => Promise<void>): Promise<Cost> => {
      await standins.calls.resetTraffic()
      const [began, queriesBefore] = [performance.now(), queriesSent()]
      await work()
      const [ms, queries] = [performance.now() - began, queriesSent() - queriesBefore]
      return { ms, queries, requests: (await standins.calls.traffic(partner)).requests }
    }
    const first = await costOf(async () => {
      await enqueueDetect(db, { organisationId, program })
      await drainAll()
    })
    // As the server does by itself when tables have grown.
    await pool.query('ANALYZE')
    let runId = ''
    const made = await costOf(async () => {
      runId = await requestSync(db, { organisationId, program, trigger: 'hand', actor: 'Ann' })
    })
    const finished = await costOf(drainAll)
    const after = await run(db, organisationId, runId)
    if (after?.state !== 'finished') throw new Error(`The run is ${after?.state}.`)
    return { first, made, finished }
  }
  await costsOf(0)
  const small: Costs[] = []
  for (const partner of [1, 2, 3, 4, 5]) small.push(await costsOf(partner))
  const large = await costsOf(6)
  await closeQueue(db)
  return rowsOf(small, large)
}

function rowsOf(small: readonly Costs[], large: Costs): Row[] {
  const each = (of: keyof Costs, what: keyof Cost) => ({
    ours: large[of][what] / LARGE,
    reference: median(small.map((costs) => costs[of][what])) / SMALL,
  })
  const sizes = `${shown(LARGE)} agreements against ${SMALL}`
  const within = { budget: { times: 1.2 } }
  return [
    {
      measure: `scale, first sync, an agreement of ${sizes}: time`,
      ...each('first', 'ms'),
      unit: 'ms',
      ...within,
    },
    {
      measure: `scale, first sync, an agreement of ${sizes}: requests`,
      ...each('first', 'requests'),
      ...within,
    },
    { measure: `scale, first sync, an agreement of ${sizes}: queries`, ...each('first', 'queries') },
    {
      measure: `scale, sync all, an agreement of ${sizes}: time`,
      ...each('finished', 'ms'),
      unit: 'ms',
      ...within,
    },
    {
      measure: `scale, sync all, an agreement of ${sizes}: requests`,
      ...each('finished', 'requests'),
      ...within,
    },
    { measure: `scale, sync all, an agreement of ${sizes}: queries`, ...each('finished', 'queries') },
    {
      measure: `scale, making a run, an agreement of ${sizes}: time`,
      ...each('made', 'ms'),
      unit: 'ms',
      ...within,
    },
    { measure: `scale, making a run, an agreement of ${sizes}: queries`, ...each('made', 'queries') },
    {
      measure: `scale, a run of ${shown(LARGE)} agreements, made and finished`,
      ours: (large.made.ms + large.finished.ms) / 1000,
      unit: 's',
    },
  ]
}
