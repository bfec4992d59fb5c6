/** The one way jobs are run: take what is there, several at a time, until nothing is left or the time is up. */
import { setTimeout as pause } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Database } from '#db/client.ts'
import { jobHeartbeatSeconds, type QueueName } from '#db/queues.ts'
import { isDatabaseLost, lossReason } from '#lib/base/database-lost.ts'
import { log } from '#lib/base/log.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import type { PrismClient } from '#lib/prism/values.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { giveUp } from './give-up.ts'
import { handlers } from './handlers.ts'
import { jobsLeft, queueOf } from './queue.ts'

/** What jobs need of the process that runs them. */
export interface Worker {
  readonly db: Database
  /** The clients of an organisation's connections; throws `prism-not-connected`, `connectwise-not-connected`. */
  readonly clients: (
    organisationId: string,
  ) => Promise<{ prism: PrismClient; connectWise: ConnectWiseClient }>
  /** Done before each look for invoices, and so before each sync; it must not throw. */
  readonly beforeDetect?: (ctx: SyncContext) => Promise<void>
  /** Done after each look that went well. */
  readonly afterDetect?: (ctx: SyncContext, invoicesDetected: number) => Promise<void>
  readonly settings: {
    readonly connectWiseTimeoutMs: number
    /** How long a sync may be silent before another process may take its agreement over. */
    readonly leaseMs: number
    /** Jobs at a time. */
    readonly parallel: number
  }
  readonly now?: () => Date
}

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
const databaseAwayMs = 500

/**
 * Runs jobs for about `budgetMs`: after that none is begun, those under way are finished. While jobs are active elsewhere it
 * waits for them within the budget, so that the job of a process that died is picked up within seconds. A lost database ends
 * the jobs under way and is waited for within the budget: its jobs count as dead then, and are taken again.
 */
export const drain = async (
  worker: Worker,
  { budgetMs }: { readonly budgetMs: number },
): Promise<Drained> => {
  const boss = await queueOf(worker.db)
  const until = performance.now() + budgetMs
  const tally = { jobsDone: 0, invoicesDetected: 0 }
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
  let isAwayNoted = false
  const takeAndDo = async (): Promise<void> => {
    do {
      try {
        if (await isAllDone()) return
      } catch (error) {
        if (!isDatabaseLost(error) || performance.now() >= until) throw error
        if (!isAwayNoted) log.warn('database-away', { during: 'drain', reason: lossReason(error) })
        isAwayNoted = true
        await rest(databaseAwayMs)
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
      await boss.supervise()
    },
  }
}

/** Takes a job and does it; false where there is none. */
const doNext = async (
  boss: PgBoss,
  worker: Worker,
  tally: { jobsDone: number; invoicesDetected: number },
): Promise<boolean> => {
  for (const name of order) {
    const [job] = await boss.fetch<unknown>(name, { includeMetadata: true })
    if (!job) continue
    // Fenced to this attempt: a process that was thought dead cannot settle the attempt of the next one.
    const attempt = { id: job.id, retryCount: job.retryCount }
    const beat = setInterval(
      () => {
        boss
          .touch(name, attempt)
          .catch((error: unknown) => log.warn('job-not-touched', { job: job.id, error }))
      },
      (jobHeartbeatSeconds * 1000) / 4,
    )
    try {
      const { invoicesDetected = 0 } = await handlers[name](worker, job.data)
      tally.invoicesDetected += invoicesDetected
      await boss.complete(name, attempt)
      tally.jobsDone += 1
    } catch (error) {
      // A lost connection says nothing more of the job than that it is to be done again.
      const why = isDatabaseLost(error) ? { reason: lossReason(error) } : { error }
      log.warn('job-failed', { queue: name, job: job.id, retries: job.retryCount, ...why })
      if (job.retryCount >= job.retryLimit) await giveUp(worker.db, name, job.data)
      await boss.fail(name, attempt, { message: error instanceof Error ? error.message : String(error) })
    } finally {
      clearInterval(beat)
    }
    return true
  }
  return false
}
