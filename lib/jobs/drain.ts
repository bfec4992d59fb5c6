/** The one way jobs are run: organisations take turns, until nothing is left or the time is up. */
import { setTimeout as pause } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Database } from '#db/client.ts'
import { jobHeartbeatSeconds, type QueueName } from '#db/queues.ts'
import { refreshStatistics } from '#db/statistics.ts'
import { isDatabaseLost, lossReason } from '#lib/base/database-lost.ts'
import { log } from '#lib/base/log.ts'
import { jobRequestId, withRequestId } from '#lib/base/request-id.ts'
import { storable } from '#lib/base/storable-text.ts'
import { originOfPayload } from './definitions.ts'
import { giveUp } from './give-up.ts'
import { handlers, UnreadableJob } from './handlers.ts'
import { jobsLeft, queueOf } from './queue.ts'
import { takeNext } from './turns.ts'
import type { Worker } from './worker.ts'

export interface Drained {
  readonly jobsDone: number
  readonly jobsLeft: number
  /** Invoices that the drain's looks at PRISM found. */
  readonly invoicesDetected: number
  /** Whether another call began this drain: it is that one's to see to what is left. */
  readonly isJoined: boolean
}

const idleMs = 250
/** Dead jobs are found so often. */
const superviseMs = 2000
const statisticsMs = 5_000
const afterTroubleMs = 500
/** Jobs under way when no more are begun have so much longer before they leave the rest to another job. */
const graceMs = 5_000
/** Looks at a time beside other jobs: they are short, and an organisation that is slow is to delay none of another. */
const looksBeside = 2
/**
 * A job that takes longer than these mostly waits for a slow PRISM or ConnectWise: it leaves its place among the jobs at a time
 * to those of other organisations. Files and products keep theirs, as they take memory.
 */
const holdsPlaceMs: Partial<Record<QueueName, number>> = {
  detect: 1_000,
  'sync-agreement': 5_000,
  scan: 1_000,
}
/** Jobs without a place; beyond them the slow ones keep theirs. */
const mostWithoutPlace = 64

interface Running {
  /** Calls that joined, so that what each of them enqueued before is looked for. */
  asked: number
  /** Has the drain look for them at once. */
  wake: () => void
  readonly end: Promise<Drained>
}
const running = new WeakMap<Database, Running>()

/**
 * Runs jobs for about `budgetMs`: after that none is begun, and those under way end by themselves a few seconds later, each
 * leaving its rest to another job. There is one drain a process: while one begins jobs, a second call joins it. While jobs are
 * active elsewhere it waits for them within the budget, so that the job of a process that died is picked up within seconds.
 * Whatever a job throws is its own failure. A lost database ends the jobs under way and is waited for within the budget: its
 * jobs count as dead then, and are taken again; what is thrown here says that it is still away.
 */
export const drain = async (
  worker: Worker,
  { budgetMs }: { readonly budgetMs: number },
): Promise<Drained> => {
  const under = running.get(worker.db)
  if (under !== undefined) {
    under.asked += 1
    under.wake()
    return { ...(await under.end), isJoined: true }
  }
  const { promise, resolve, reject } = Promise.withResolvers<Drained>()
  const mine: Running = { asked: 0, wake: () => undefined, end: promise }
  running.set(worker.db, mine)
  // Whoever joins hears of a failure; where nobody did, it is this call's alone.
  promise.catch(() => undefined)
  const noMore = () => {
    if (running.get(worker.db) === mine) running.delete(worker.db)
  }
  try {
    const tally: Tally = { jobsDone: 0, invoicesDetected: 0 }
    await runJobs(worker, budgetMs, tally, {
      asked: () => mine.asked,
      joined: () =>
        new Promise<void>((wake) => {
          mine.wake = wake
        }),
      noMore,
    })
    const drained = { ...tally, jobsLeft: await jobsLeft(worker.db), isJoined: false }
    resolve(drained)
    return drained
  } catch (error) {
    reject(error)
    throw error
  } finally {
    noMore()
  }
}

interface Asking {
  /** How many calls have joined so far. */
  readonly asked: () => number
  /** Resolves with the next call that joins. */
  readonly joined: () => Promise<void>
  /** From here on no job is begun, so another call has to begin a drain of its own. */
  readonly noMore: () => void
}

interface UnderWay {
  readonly name: QueueName
  /** By `performance.now()`. */
  readonly begun: number
}

/** Names of the jobs that hold a place. */
const inPlaces = (jobs: readonly UnderWay[]): QueueName[] => {
  const isLong = ({ name, begun }: UnderWay): boolean =>
    performance.now() - begun > (holdsPlaceMs[name] ?? Number.POSITIVE_INFINITY)
  const without = new Set(jobs.filter(isLong).slice(0, mostWithoutPlace))
  return jobs.filter((job) => !without.has(job)).map(({ name }) => name)
}

const runJobs = async (worker: Worker, budgetMs: number, tally: Tally, asking: Asking): Promise<void> => {
  const boss = await queueOf(worker.db)
  const { now = () => new Date(), settings } = worker
  const end = performance.now() + budgetMs
  const until = new Date(now().getTime() + budgetMs + graceMs)
  const supervision = atMostEvery(superviseMs, 'supervise', () => boss.supervise())
  // What jobs write grows too quickly for autovacuum: plans that were made for small tables would be kept.
  const statistics = atMostEvery(statisticsMs, 'statistics', () => refreshStatistics(worker.db))
  let refreshing = Promise.resolve()
  const rest = (longestMs: number) => pause(Math.min(longestMs, Math.max(0, end - performance.now())))
  const underWay = new Map<Promise<void>, UnderWay>()
  let isTroubleNoted = false
  /** Whether it is worth asking again at once. */
  const begin = async (): Promise<boolean> => {
    const places = inPlaces([...underWay.values()])
    if (places.length >= settings.parallel + looksBeside) return false
    const taken = await takeNext(worker.db, {
      parallel: settings.parallel,
      looksOnly: places.length >= settings.parallel,
      inPlaces: places,
    })
    if (taken === null) return false
    // Named after the request that it goes back to: so a press is followed into the job's log, writes and audit.
    const id = jobRequestId(originOfPayload(taken.job.data), taken.job.id)
    const job = withRequestId(id, () => doJob(boss, worker, taken.name, taken.job, until, tally)).finally(
      () => underWay.delete(job),
    )
    underWay.set(job, { name: taken.name, begun: performance.now() })
    return true
  }
  do {
    const asked = asking.asked()
    const joined = asking.joined()
    try {
      await supervision()
      refreshing = statistics()
      if (await begin()) continue
      if (underWay.size === 0 && (await jobsLeft(worker.db)) === 0 && asking.asked() === asked) break
      await Promise.race([...underWay.keys(), joined, rest(idleMs)])
    } catch (error) {
      if (!isTroubleNoted)
        log.warn('queue-not-asked', isDatabaseLost(error) ? { reason: lossReason(error) } : { error })
      isTroubleNoted = true
      await rest(afterTroubleMs)
    }
  } while (performance.now() < end)
  asking.noMore()
  await Promise.all([...underWay.keys(), refreshing])
}

/** Does `work` at most once in so long, however often it is called; while it is being done, a call is that one's. */
const atMostEvery = (ms: number, step: string, work: () => Promise<unknown>): (() => Promise<void>) => {
  let last = Number.NEGATIVE_INFINITY
  let under = Promise.resolve()
  return () => {
    if (performance.now() - last < ms) return under
    last = performance.now()
    under = attempt(step, work)
    return under
  }
}

interface Tally {
  jobsDone: number
  invoicesDetected: number
}

type Job = Pick<JobWithMetadata<unknown>, 'id' | 'data' | 'retryCount' | 'retryLimit' | 'priority'>

const doJob = async (
  boss: PgBoss,
  worker: Worker,
  name: QueueName,
  { id, data, retryCount, retryLimit, priority }: Job,
  until: Date,
  tally: Tally,
): Promise<void> => {
  // Fenced to this attempt: a process that was thought dead cannot settle the attempt of the next one.
  const fence = { id, retryCount }
  const beat = setInterval(
    () => void attempt('touch', () => boss.touch(name, fence)),
    (jobHeartbeatSeconds * 1000) / 4,
  )
  try {
    const { invoicesDetected = 0 } = await handlers[name](worker, data, {
      until,
      priority,
      retries: retryCount,
    })
    tally.invoicesDetected += invoicesDetected
    tally.jobsDone += 1
    await attempt('complete', () => boss.complete(name, fence))
  } catch (error) {
    // A lost connection says nothing more of the job than that it is to be done again.
    const why = isDatabaseLost(error) ? { reason: lossReason(error) } : { error }
    await attempt('log', () => log.warn('job-failed', { queue: name, job: id, retries: retryCount, ...why }))
    const isLast = retryCount >= retryLimit || error instanceof UnreadableJob
    if (isLast) await attempt('give-up', () => giveUp(worker.db, name, data))
    await attempt('fail', () => settleFailed(boss, name, fence, error))
  } finally {
    clearInterval(beat)
  }
}

/** A job that nobody can read is done with at once. */
const settleFailed = async (
  boss: PgBoss,
  name: QueueName,
  fence: { readonly id: string; readonly retryCount: number },
  error: unknown,
): Promise<void> => {
  const message = error instanceof Error ? storable(error.message) : 'Thrown was no error.'
  await (error instanceof UnreadableJob
    ? boss.complete(name, fence, { unreadable: message })
    : boss.fail(name, fence, { message }))
}

/**
 * A step beside the work itself: where it fails, the drain goes on with the next job. This one's heartbeat ends, so it is
 * taken again; what a job that failed for good leaves open is closed by the next look.
 */
const attempt = async (step: string, work: () => unknown): Promise<void> => {
  try {
    await work()
  } catch (error) {
    log.error('job-step-failed', { step, error })
  }
}
