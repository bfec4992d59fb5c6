/** The one way jobs are run: take what is there, several at a time, until nothing is left or the time is up. */
import { setTimeout as pause } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { jobHeartbeatSeconds, type QueueName } from '#db/queues.ts'
import { isDatabaseLost, lossReason } from '#lib/base/database-lost.ts'
import { log } from '#lib/base/log.ts'
import { storable } from '#lib/base/storable-text.ts'
import { giveUp } from './give-up.ts'
import { handlers, UnreadableJob } from './handlers.ts'
import { jobsLeft, queueOf } from './queue.ts'
import type { Worker } from './worker.ts'

export interface Drained {
  readonly jobsDone: number
  readonly jobsLeft: number
  /** Invoices that the drain's looks at PRISM found. */
  readonly invoicesDetected: number
}

/** Detect comes first: it is short, and may add to the others. Products come before the agreements that need them. */
const order = ['detect', 'sync-products', 'sync-agreement'] as const satisfies readonly QueueName[]
const idleMs = 250
const superviseMs = 2000
const afterTroubleMs = 500

/**
 * Runs jobs for about `budgetMs`: after that none is begun, those under way are finished. While jobs are active elsewhere it
 * waits for them within the budget, so that the job of a process that died is picked up within seconds. Whatever a job throws
 * is its own failure. A lost database ends the jobs under way and is waited for within the budget: its jobs count as dead then,
 * and are taken again; what is thrown here says that it is still away.
 */
export const drain = async (
  worker: Worker,
  { budgetMs }: { readonly budgetMs: number },
): Promise<Drained> => {
  const boss = await queueOf(worker.db)
  const until = performance.now() + budgetMs
  const tally: Tally = { jobsDone: 0, invoicesDetected: 0 }
  const supervision = supervise(boss)
  await supervision.once()
  const rest = (longestMs: number) => pause(Math.min(longestMs, Math.max(0, until - performance.now())))
  const isAllDone = async (): Promise<boolean> => {
    if (await doNext(boss, worker, tally)) return false
    if ((await jobsLeft(worker.db)) === 0) return true
    await supervision.once()
    await rest(idleMs)
    return false
  }
  let isTroubleNoted = false
  const takeAndDo = async (): Promise<void> => {
    do {
      try {
        if (await isAllDone()) return
      } catch (error) {
        if (!isTroubleNoted)
          log.warn('queue-not-asked', isDatabaseLost(error) ? { reason: lossReason(error) } : { error })
        isTroubleNoted = true
        await rest(afterTroubleMs)
      }
    } while (performance.now() < until)
  }
  await Promise.all(Array.from({ length: worker.settings.parallel }, takeAndDo))
  return { ...tally, jobsLeft: await jobsLeft(worker.db) }
}

/** Finds dead jobs, at most once in `superviseMs`, however many ask. */
const supervise = (boss: PgBoss) => {
  let last = Number.NEGATIVE_INFINITY
  return {
    once: async (): Promise<void> => {
      if (performance.now() - last < superviseMs) return
      last = performance.now()
      await attempt('supervise', () => boss.supervise())
    },
  }
}

interface Tally {
  jobsDone: number
  invoicesDetected: number
}

/** Takes a job and does it; false where there is none. */
const doNext = async (boss: PgBoss, worker: Worker, tally: Tally): Promise<boolean> => {
  for (const name of order) {
    const [job] = await boss.fetch<unknown>(name, { includeMetadata: true })
    if (!job) continue
    await doJob(boss, worker, name, job, tally)
    return true
  }
  return false
}

type Job = Pick<JobWithMetadata<unknown>, 'id' | 'data' | 'retryCount' | 'retryLimit'>

const doJob = async (
  boss: PgBoss,
  worker: Worker,
  name: QueueName,
  { id, data, retryCount, retryLimit }: Job,
  tally: Tally,
): Promise<void> => {
  // Fenced to this attempt: a process that was thought dead cannot settle the attempt of the next one.
  const fence = { id, retryCount }
  const beat = setInterval(
    () => void attempt('touch', () => boss.touch(name, fence)),
    (jobHeartbeatSeconds * 1000) / 4,
  )
  try {
    const { invoicesDetected = 0 } = await handlers[name](worker, data)
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
