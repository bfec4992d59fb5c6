import { after } from 'next/server'
import { connectionsOf } from '#db/connections/connections.ts'
import { isDatabaseLost, lossReason } from '#lib/base/database-lost.ts'
import { log } from '#lib/base/log.ts'
import { contextOf } from '#lib/jobs/context.ts'
import { type Drained, drain } from '#lib/jobs/drain.ts'
import { type AskedNext, lookNow } from '#lib/jobs/look.ts'
import { dailyProducts, lookAgainWhenOpened } from '#lib/jobs/requests.ts'
import { jobsFor } from '#lib/jobs/turns.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { withLease } from '#lib/ledger/lease.ts'
import type { Means } from '#lib/notify/deliver.ts'
import { noteUse, openedOrNoted } from '#lib/setup/connection-use.ts'
import { type SyncContext } from '#lib/sync/context.ts'
import { connectWiseOf, currencyIn, currencyOf, prismOf } from './clients.ts'
import { preflightBeforeSync } from './preflight.ts'
import { server } from './process.ts'

/** Below a platform's limit for one request, so that jobs under way can finish. */
const BUDGET_MS = 45_000
/** A sync that was silent for this long may be taken over. */
const LEASE_MS = 15_000

/** How this deployment reaches people. */
export function means(): Means {
  const { env, mailer, guard, sealer } = server()
  return { mailer, guard, sealer, appUrl: env.appUrl, linkSecret: env.sessionSecret }
}

function worker(): Worker {
  const { db, env } = server()
  return {
    db,
    clients: async (organisationId) => {
      const ctx = { db, organisationId }
      const connections = await connectionsOf(db, organisationId)
      const prism = await openedOrNoted({
        ctx,
        input: { kind: 'prism', open: () => prismOf(organisationId, connections) },
      })
      const { client: connectWise } = await openedOrNoted({
        ctx,
        input: { kind: 'connectwise', open: () => connectWiseOf(organisationId, connections) },
      })
      return { prism, connectWise, currency: currencyIn(connections) }
    },
    noteUse: ({ organisationId, ...input }) => noteUse({ ctx: { db, organisationId }, input }),
    beforeDetect: preflightBeforeSync,
    readsInvoices: true,
    means: { ...means(), currency: currencyOf },
    afterDetect: (ctx, invoicesDetected) => dailyProducts(db, ctx, invoicesDetected > 0),
    settings: {
      connectWiseTimeoutMs: env.connectWiseTimeoutMs,
      leaseMs: LEASE_MS,
      parallel: jobsFor(env.connectWiseParallel),
    },
  }
}

/** What a preview needs: the same context that a sync has. */
export const syncContextOf = (organisationId: string, program: string, actor: string): Promise<SyncContext> =>
  contextOf(worker(), organisationId, program, actor)

/** Runs jobs within one request's time. Where some are left, another request goes on with them. */
export async function runJobs(): Promise<Omit<Drained, 'isJoined'>> {
  const { isJoined, ...drained } = await drain(worker(), { budgetMs: BUDGET_MS })
  if (drained.jobsLeft > 0 && !isJoined) after(goOn)
  return drained
}

async function goOn(): Promise<void> {
  const { env } = server()
  // Not waited for: the other request has its own time.
  await fetch(`${env.appUrl}/api/cron/sync?detect=no`, {
    headers: { authorization: `Bearer ${env.cronSecret.reveal()}` },
    signal: AbortSignal.timeout(2_000),
  }).catch((error: unknown) => {
    if (!(error instanceof DOMException)) log.warn('drain-not-continued', { error })
  })
}

/** How long somebody who waits for a look lets another process finish its own. */
const PATIENCE_MS = 10_000

/**
 * Looks for new invoices before `asked`, so that a sync asked for by hand takes an invoice that came out a moment ago. It is
 * this organisation's look and no other job. One that fails is noted where the program shows it, and the sync goes on with
 * what is stored.
 */
export const lookForInvoices = (organisationId: string, program: string, asked: AskedNext): Promise<void> =>
  lookNow(worker(), { organisationId, program, asked }, { patienceMs: PATIENCE_MS })

/** After the answer: looks again at an agreement that ended wrong and that somebody opens, so that what was mended clears. */
export function lookAgainAfterwards(organisationId: string, program: string, agreementId: number): void {
  after(async () => {
    const agreement = { organisationId, program, agreementId }
    const isEnqueued = await lookAgainWhenOpened(server().db, agreement).catch((error: unknown) => {
      log.warn('not-looked-again', { ...agreement, error })
      return false
    })
    if (isEnqueued) await runJobs()
  })
}

/** Does `work` with the agreement's lease. Throws `already-running` where a sync has it. */
export const whileNobodySyncs = <T>(
  organisationId: string,
  program: string,
  agreementId: number,
  work: () => Promise<T>,
): Promise<T> => {
  const { db, settings } = worker()
  const resource = leaseResource(program, agreementId)
  return withLease(
    { db, organisationId, settings, log },
    { resource, what: `Agreement ${agreementId}` },
    work,
  )
}

/** Who enqueues also drains: after the answer has gone out (docs/applying.md, "Jobs and time"). */
export function runJobsAfterwards(): void {
  after(async () => {
    await runJobs().catch((error: unknown) => {
      if (isDatabaseLost(error)) log.warn('database-away', { during: 'drain', reason: lossReason(error) })
      else log.unexpected(error, { during: 'drain' })
    })
  })
}
