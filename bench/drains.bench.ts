/**
 * One to four processes that drain the same month's sync, 4 agreements at a time each, 500 ms of latency, another month for each
 * number of processes with the same work in it: nothing is done twice. `BENCH_DRAINED` sets the number of agreements.
 */
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { type DrainSetUp, startDrain } from './stage/drains.ts'
import type { PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program } from './stage/worker.ts'

const AGREEMENTS = sizeOf('BENCH_DRAINED', 48)
const LATENCY_MS = 500
const LONGEST_MS = 20 * 60_000
const SUBSCRIPTIONS = 5
/** A step, an end and a beginning: one of an agreement's five subscriptions changes each month. */
const WRITES_EACH = 3
/** The step and the beginning. */
const CREATED_EACH = 2
const months = ['2026-05', '2026-06', '2026-07', '2026-08'] as const
const partner: PartnerSize = {
  customers: AGREEMENTS,
  subscriptions: SUBSCRIPTIONS,
  products: 20,
  changingMonths: months,
}

export default async function drains(): Promise<Row[]> {
  await using standins = await startStandins([partner])
  await using database = await startDatabase()
  const { db } = database
  const organisationIds = await createOrganisations(db, [partner])
  const [organisationId = ''] = organisationIds
  const setUp: DrainSetUp = {
    databaseUrl: database.url,
    worker: { addresses: standins.addresses, organisationIds, jobs: 4 },
  }
  const drained = async (count: number): Promise<{ readonly ms: number; readonly writes: number }> => {
    await using stack = new AsyncDisposableStack()
    const processes = Array.from({ length: count }, () => stack.use(startDrain(setUp)))
    await Promise.all(processes.map(({ calls }) => calls.looks()))
    await standins.calls.resetTraffic()
    await enqueueDetect(db, { organisationId, program })
    const began = performance.now()
    const left = await Promise.all(processes.map(({ calls }) => calls.drain(LONGEST_MS)))
    const ms = performance.now() - began
    if (left.some(({ jobsLeft }) => jobsLeft > 0)) throw new Error('Jobs are left.')
    return { ms, writes: (await standins.calls.traffic(0)).writes }
  }
  await drained(1)
  await standins.calls.setLatency(LATENCY_MS)
  const results: { readonly ms: number; readonly writes: number }[] = []
  for (const at of months.keys()) {
    await standins.calls.issueNext()
    results.push(await drained(at + 1))
  }
  const { all, doubled } = await standins.calls.additions(0)
  await closeQueue(db)
  const expected = AGREEMENTS * (SUBSCRIPTIONS + months.length * CREATED_EACH)
  const size = `${shown(AGREEMENTS)} agreements, ${LATENCY_MS} ms`
  const alone = results[0]?.ms ?? Number.NaN
  return [
    ...results.flatMap(({ ms, writes }, at): Row[] => {
      const which = `drains, ${at + 1} process${at === 0 ? '' : 'es'}, ${size}`
      return [
        { measure: `${which}: time against one's`, ours: ms / 1000, reference: alone / 1000, unit: 's' },
        {
          measure: `${which}: writes`,
          ours: writes,
          reference: AGREEMENTS * WRITES_EACH,
          unit: 'requests',
          budget: { times: 1 },
        },
      ]
    }),
    { measure: 'drains, additions that are there twice', ours: doubled, budget: { plus: 0 } },
    {
      measure: 'drains, additions that are missing',
      ours: expected - (all - doubled),
      budget: { plus: 0 },
    },
  ]
}
