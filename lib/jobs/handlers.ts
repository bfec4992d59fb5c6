/** What each job does. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { finishProductRun } from '#db/queries/product-runs.ts'
import { run } from '#db/queries/runs.ts'
import type { QueueName } from '#db/queues.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { programOptions, type SyncContext } from '#lib/sync/context.ts'
import { detect } from '#lib/sync/detect.ts'
import { recordFailure } from '#lib/sync/record.ts'
import { syncAgreement } from '#lib/sync/run.ts'
import { syncProducts } from '#lib/sync/sync-products.ts'
import {
  detectPayload,
  type SyncAgreementPayload,
  syncAgreementPayload,
  syncProductsPayload,
} from './definitions.ts'
import type { Worker } from './drain.ts'
import { areProductsUnderWay, enqueueProducts, enqueueSyncs } from './enqueue.ts'

/** Writes of one job; reading the catalog comes on top. */
const PRODUCTS_BUDGET_MS = 25_000
const PRODUCTS_POLL_MS = 250

type Handler = (worker: Worker, payload: unknown) => Promise<{ readonly invoicesDetected?: number }>

export const handlers: Readonly<Record<QueueName, Handler>> = {
  detect: async (worker, payload) => {
    const { organisationId, program } = detectPayload.parse(payload)
    try {
      const ctx = await contextOf(worker, organisationId, program, 'Scheduled')
      await worker.beforeDetect?.(ctx)
      const detected = await detect({ ctx })
      await worker.afterDetect?.(ctx, detected.invoicesDetected)
      return detected
    } catch (error) {
      // Noted where people see it, and looked at again by the next scheduled call: retrying at once would not help.
      if (!(error instanceof ProductError)) throw error
      log.warn('detect-failed', { organisationId, program, code: error.code, detail: error.detail })
      return {}
    }
  },
  'sync-products': async (worker, payload) => {
    const input = syncProductsPayload.parse(payload)
    const { organisationId, program, runId } = input
    const ctx = await contextOf(worker, organisationId, program, 'Product sync').catch(
      (error: unknown) => error,
    )
    if (ctx instanceof ProductError) {
      const note = `${ctx.detail} ${errorKinds[ctx.code].remedy}`
      await finishProductRun(worker.db, organisationId, runId, { unchanged: 0, floor: 'Error', note })
      return {}
    }
    if (ctx instanceof Error) throw ctx
    const isDone = await syncProducts({
      ctx: ctx as SyncContext,
      input: { runId, budgetMs: PRODUCTS_BUDGET_MS },
    })
    // What is left is a job of its own, so that each stays below a request's time.
    if (!isDone) await enqueueProducts(worker.db, input)
    return {}
  },
  'sync-agreement': async (worker, payload) => {
    const input = syncAgreementPayload.parse(payload)
    await afterProducts(worker.db, input)
    const base = await storedContext(worker, input.organisationId, input.program, 'Sync')
    try {
      const clients = await worker.clients(input.organisationId)
      await syncAgreement({ ctx: { ...base, ...clients }, input })
    } catch (error) {
      if (!(error instanceof ProductError) || error.code === 'lease-lost' || error.code === 'already-running')
        throw error
      await recordFailure(base, input, error)
    }
    return {}
  },
}

/**
 * D9: customers of a detected invoice wait for the product sync that came with it, but not for ever: a product that is still
 * missing then is created by the customer that needs it.
 */
const afterProducts = async (
  db: Database,
  { organisationId, program, runId }: SyncAgreementPayload,
): Promise<void> => {
  if ((await run(db, organisationId, runId))?.trigger !== 'schedule') return
  const until = performance.now() + PRODUCTS_BUDGET_MS
  while (performance.now() < until && (await areProductsUnderWay(db, organisationId, program)))
    await pause(PRODUCTS_POLL_MS)
}

/** A context without the clients: what is needed to note that they could not be opened. */
const storedContext = async (
  worker: Worker,
  organisationId: string,
  slug: string,
  actor: string,
): Promise<Omit<SyncContext, 'prism' | 'connectWise' | 'currency'>> => {
  const program = programBySlug(slug)
  if (!program) throw new ProductError('not-found', `There is no program ${slug}.`)
  const { db, settings, now = () => new Date() } = worker
  const options = await programOptions(db, organisationId, program)
  return {
    db,
    organisationId,
    program,
    options,
    actor,
    now,
    enqueue: enqueueSyncs(db),
    log: log.with({ organisationId, program: slug }),
    settings,
  }
}

/** The context of an organisation's program, for jobs and for routes that preview. */
export const contextOf = async (
  worker: Worker,
  organisationId: string,
  slug: string,
  actor: string,
): Promise<SyncContext> => {
  const base = await storedContext(worker, organisationId, slug, actor)
  return { ...base, ...(await worker.clients(organisationId)) }
}
