/**
 * A month's sync of all customers of a partner, 8 requests at a time and as many jobs as the app has then, without pacing and
 * without products: one month in which each fifth subscription changes, one in which none does, both after ConnectWise has
 * invoiced the months before; the first one only warms up, and its requests are counted. `BENCH_CUSTOMERS` sets the number of
 * customers, with ten subscriptions each.
 */
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { jobsFor } from '#lib/jobs/turns.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import type { PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins, type Traffic } from './stage/standins.ts'
import { createOrganisations, program, workerOf } from './stage/worker.ts'

const CUSTOMERS = sizeOf('BENCH_CUSTOMERS', 500)
const SUBSCRIPTIONS = 10
const PRODUCTS = 70
const LATENCY_MS = 100
const AT_A_TIME = 8
const LONGEST_MS = 30 * 60_000
const partner: PartnerSize = {
  customers: CUSTOMERS,
  subscriptions: SUBSCRIPTIONS,
  products: PRODUCTS,
  changingMonths: ['2026-05'],
}

/** docs/architecture.md, "Budgets"; a first sync also lists the agreements of each customer's company. */
const boundOf = ({ agreementsWritten, writes }: Traffic, isFirst: boolean): number =>
  CUSTOMERS * (isFirst ? 2 : 1) +
  agreementsWritten +
  writes +
  Math.ceil(CUSTOMERS / 100) +
  Math.ceil(PRODUCTS / 35) +
  5

interface Month {
  readonly traffic: Traffic
  /** From the first request to ConnectWise to the end of the last agreement. */
  readonly wallMs: number
  /** Of this process in that time. */
  readonly processorMs: number
}

export default async function sync(): Promise<Row[]> {
  await using standins = await startStandins([partner])
  await using database = await startDatabase()
  const { db } = database
  const organisationIds = await createOrganisations(db, [partner])
  const [organisationId = ''] = organisationIds
  let began: { readonly at: number; readonly processor: NodeJS.CpuUsage } | null = null
  const worker = workerOf(
    db,
    { addresses: standins.addresses, organisationIds, jobs: jobsFor(AT_A_TIME) },
    () => {
      began ??= { at: performance.now(), processor: process.cpuUsage() }
    },
  )
  const month = async (latencyMs: number): Promise<Month> => {
    await standins.calls.setLatency(latencyMs)
    await standins.calls.resetTraffic()
    began = null
    await enqueueDetect(db, { organisationId, program })
    const { jobsLeft } = await drain(worker, { budgetMs: LONGEST_MS })
    const { at, processor } = began ?? { at: Number.NaN, processor: process.cpuUsage() }
    const wallMs = performance.now() - at
    const { user, system } = process.cpuUsage(processor)
    if (jobsLeft > 0) throw new Error(`${jobsLeft} jobs are left.`)
    return { traffic: await standins.calls.traffic(0), wallMs, processorMs: (user + system) / 1000 }
  }
  const first = await month(0)
  await standins.calls.issueNext()
  const changing = await month(LATENCY_MS)
  await standins.calls.issueNext()
  const unchanged = await month(LATENCY_MS)
  await closeQueue(db)

  const size = `${shown(CUSTOMERS)} customers, ${shown(CUSTOMERS * SUBSCRIPTIONS)} subscriptions`
  return [
    ...rowsOf(`changing month, ${size}, ${LATENCY_MS} ms`, changing),
    ...rowsOf(`month without changes, ${size}, ${LATENCY_MS} ms`, unchanged),
    {
      measure: 'sync, month without changes: writes',
      ours: unchanged.traffic.writes,
      unit: 'requests',
      budget: { plus: 0 },
    },
    requestsOf(`first month, ${size}`, first.traffic, true),
  ]
}

function rowsOf(which: string, { traffic, wallMs, processorMs }: Month): Row[] {
  return [
    {
      measure: `sync, ${which}: time against requests x latency / ${AT_A_TIME}`,
      ours: wallMs / 1000,
      reference: (traffic.requests * LATENCY_MS) / AT_A_TIME / 1000,
      unit: 's',
      budget: { times: 1.3, goal: 1.1 },
    },
    {
      measure: `sync, ${which}: processor time of it`,
      ours: processorMs / 1000,
      reference: wallMs / 1000,
      unit: 's',
    },
    requestsOf(which, traffic, false),
    ...Object.entries(traffic.byRoute)
      .sort(([, a], [, b]) => b - a)
      .map(
        ([route, ours]): Row => ({ measure: `sync, ${which}: of these ${route}`, ours, unit: 'requests' }),
      ),
  ]
}

const requestsOf = (which: string, traffic: Traffic, isFirst: boolean): Row => ({
  measure: `sync, ${which}: requests against the bound`,
  ours: traffic.requests,
  reference: boundOf(traffic, isFirst),
  unit: 'requests',
  budget: { times: 1 },
})
