/**
 * Many organisations due at once, a sixth of them with a ConnectWise that takes 5 s for each answer; one process, 4 jobs at a time,
 * slices of 45 s as the app's. Each has to be looked at within 6 minutes and the others as soon as without the slow ones, in
 * memory that does not grow with their number. `BENCH_ORGANISATIONS` sets how many: 300 is the size that is meant.
 */
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { startDrain } from './stage/drains.ts'
import type { PartnerSize } from './stage/partner.ts'
import { shown, sizeOf } from './stage/sizes.ts'
import { startStandins } from './stage/standins.ts'
import { createOrganisations, program, type WorkerSetUp } from './stage/worker.ts'

const MANY = sizeOf('BENCH_ORGANISATIONS', 60)
const FEW = Math.ceil(MANY / 3)
const SLOW_MS = 5_000
const WITHIN_S = 6 * 60
const SLICE_MS = 45_000
/** Longer than what is allowed, so that the table says by how much. */
const LONGEST_MS = 3 * WITHIN_S * 1_000
const organisation: PartnerSize = { customers: 1, subscriptions: 2, products: 5, changingMonths: [] }
const isSlow = (index: number): boolean => index % 6 === 0

interface Group {
  /** Seconds from when all were due until the last was looked at; of all, and of those with a fast ConnectWise. */
  readonly last: number
  readonly lastFast: number
  readonly peakMb: number
  readonly keptMb: number
  readonly missed: number
}

export default async function organisations(): Promise<Row[]> {
  const few = await looked(FEW, true)
  const without = await looked(MANY, false)
  const among = await looked(MANY, true)
  const size = `${shown(MANY)} organisations, ${Math.ceil(MANY / 6)} of them slow`
  const unseen = among.missed === 0 ? {} : { failed: `${among.missed} were not looked at in time.` }
  return [
    {
      measure: `organisations, ${size}: until each was looked at`,
      ours: among.last,
      unit: 's',
      budget: { plus: WITHIN_S },
      ...unseen,
    },
    {
      measure: `organisations, ${size}: until each of the others was, against without the slow ones`,
      ours: among.lastFast,
      reference: without.lastFast,
      unit: 's',
      budget: { times: 1.2 },
    },
    {
      measure: `organisations, ${size}: resident memory, against ${shown(FEW)} organisations`,
      ours: among.peakMb,
      reference: few.peakMb,
      unit: 'MB',
      budget: { times: 1.1 },
    },
    {
      measure: `organisations, ${size}: heap that is kept, against ${shown(FEW)} organisations`,
      ours: among.keptMb,
      reference: few.keptMb,
      unit: 'MB',
      budget: { times: 1.1 },
    },
  ]
}

/** All of them due at once, none looked at before; one process drains. */
async function looked(count: number, hasSlow: boolean): Promise<Group> {
  const partners = Array.from({ length: count }, () => organisation)
  const indices = [...partners.keys()]
  await using standins = await startStandins(partners)
  await using database = await startDatabase()
  const { db } = database
  const organisationIds = await createOrganisations(db, partners)
  if (hasSlow) await standins.calls.setLatency(SLOW_MS, indices.filter(isSlow))
  const worker: WorkerSetUp = { addresses: standins.addresses, organisationIds, jobs: 4, hasPreflight: true }
  await using started = startDrain({ databaseUrl: database.url, worker })
  await started.calls.looks()
  const began = Date.now()
  for (const organisationId of organisationIds) await enqueueDetect(db, { organisationId, program })
  await closeQueue(db)
  let { lookedAt, peakMb, keptMb } = await started.calls.looks()
  while (organisationIds.some((id) => lookedAt[id] === undefined) && Date.now() - began < LONGEST_MS) {
    await started.calls.drain(SLICE_MS)
    ;({ lookedAt, peakMb, keptMb } = await started.calls.looks())
  }
  const endedAt = Date.now()
  const secondsOf = (which: readonly number[]): number =>
    Math.max(...which.map((index) => ((lookedAt[organisationIds[index] ?? ''] ?? endedAt) - began) / 1000))
  return {
    last: secondsOf(indices),
    lastFast: secondsOf(indices.filter((index) => !isSlow(index))),
    peakMb,
    keptMb,
    missed: organisationIds.filter((id) => lookedAt[id] === undefined).length,
  }
}
