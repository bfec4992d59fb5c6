/** What each job does. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import type { QueueName } from '#db/queues.ts'
import { finishProductRun } from '#db/runs/product-runs.ts'
import { run } from '#db/runs/runs.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { syncProducts } from '#lib/product-sync/run.ts'
import { recordFailure } from '#lib/sync/close.ts'
import { syncAgreement } from '#lib/sync/run.ts'
import { storedContext, withConnections } from './context.ts'
import {
  detectPayload,
  type SyncAgreementPayload,
  syncAgreementPayload,
  syncProductsPayload,
} from './definitions.ts'
import { areProductsUnderWay, enqueueProducts } from './enqueue.ts'
import { isElsewhere, look } from './look.ts'
import type { Worker } from './worker.ts'

/** Writes of one job; reading the catalog comes on top. */
const PRODUCTS_BUDGET_MS = 25_000
const PRODUCTS_POLL_MS = 250

interface Done {
  readonly invoicesDetected?: number
}
type Handler = (worker: Worker, payload: unknown) => Promise<Done>

/** A job whose payload is not understood: no repetition would help. */
export class UnreadableJob extends Error {
  override readonly name = 'UnreadableJob'
}

const parsed =
  <S extends z.ZodType>(schema: S, work: (worker: Worker, input: z.output<S>) => Promise<Done>): Handler =>
  (worker, payload) => {
    const read = schema.safeParse(payload)
    if (!read.success) throw new UnreadableJob(z.prettifyError(read.error))
    return work(worker, read.data)
  }

export const handlers: Readonly<Record<QueueName, Handler>> = {
  detect: parsed(detectPayload, async (worker, input) => {
    try {
      return await look(worker, input)
    } catch (error) {
      if (isElsewhere(error)) return {}
      throw error
    }
  }),
  'sync-products': parsed(syncProductsPayload, async (worker, input) => {
    const { organisationId, program, runId } = input
    const base = await storedContext(worker, organisationId, program, 'Product sync')
    try {
      const isDone = await withConnections(worker, organisationId, (clients) =>
        syncProducts({ ctx: { ...base, ...clients }, input: { runId, budgetMs: PRODUCTS_BUDGET_MS } }),
      )
      // What is left is a job of its own, so that each stays below a request's time.
      if (!isDone) await enqueueProducts(worker.db, input)
    } catch (error) {
      if (!(error instanceof ProductError) || isElsewhere(error)) throw error
      const note = `${error.detail} ${errorKinds[error.code].remedy}`
      await finishProductRun(worker.db, organisationId, runId, { unchanged: 0, floor: 'Error', note })
    }
    return {}
  }),
  'sync-agreement': parsed(syncAgreementPayload, async (worker, input) => {
    await afterProducts(worker.db, input)
    const base = await storedContext(worker, input.organisationId, input.program, 'Sync')
    try {
      await withConnections(worker, input.organisationId, (clients) =>
        syncAgreement({ ctx: { ...base, ...clients }, input }),
      )
    } catch (error) {
      if (!(error instanceof ProductError) || isElsewhere(error)) throw error
      await recordFailure(base, input, error)
    }
    return {}
  }),
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
