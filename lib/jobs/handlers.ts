/** What each job does. */
import { z } from 'zod'
import type { QueueName } from '#db/queues.ts'
import { finishProductRun } from '#db/runs/product-runs.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/ledger/context.ts'
import { syncProducts } from '#lib/product-sync/run.ts'
import { recordFailure } from '#lib/sync/close.ts'
import { syncAgreement } from '#lib/sync/run.ts'
import { storedContext, withConnections } from './context.ts'
import { detectPayload, syncAgreementPayload, syncProductsPayload } from './definitions.ts'
import { enqueueProducts, enqueueSyncs } from './enqueue.ts'
import { isElsewhere, look } from './look.ts'
import { releaseSyncs } from './queue.ts'
import type { Worker } from './worker.ts'

interface Done {
  readonly invoicesDetected?: number
}
export interface Attempt {
  /** When it has to leave the rest to another job. */
  readonly until: Date
  /** The job's; its rest keeps it. */
  readonly priority: number
}
type Handler = (worker: Worker, payload: unknown, attempt: Attempt) => Promise<Done>

/** A job whose payload is not understood: no repetition would help. */
export class UnreadableJob extends Error {
  override readonly name = 'UnreadableJob'
}

const parsed =
  <S extends z.ZodType>(
    schema: S,
    work: (worker: Worker, input: z.output<S>, attempt: Attempt) => Promise<Done>,
  ): Handler =>
  (worker, payload, attempt) => {
    const read = schema.safeParse(payload)
    if (!read.success) throw new UnreadableJob(z.prettifyError(read.error))
    return work(worker, read.data, attempt)
  }

/**
 * What is left is a job of its own, so that each stays below a request's time. Not before the second that is rounded up to:
 * what it waits for is then over.
 */
const restOf = ({ againInMs }: Exclude<JobEnd, 'done'>, { priority }: Attempt) => ({
  priority,
  ...(againInMs === 0 ? {} : { startAfter: Math.ceil(againInMs / 1000) }),
})

export const handlers: Readonly<Record<QueueName, Handler>> = {
  detect: parsed(detectPayload, async (worker, input, { until }) => {
    try {
      return await look(worker, input, until)
    } catch (error) {
      if (isElsewhere(error)) return {}
      throw error
    }
  }),
  'sync-products': parsed(syncProductsPayload, async (worker, input, attempt) => {
    const { organisationId, program, runId } = input
    const base = await storedContext(worker, organisationId, program, 'Product sync')
    try {
      const end = await withConnections(worker, organisationId, (clients) =>
        syncProducts({ ctx: { ...base, ...clients, until: attempt.until }, input: { runId } }),
      )
      if (end !== 'done') {
        await enqueueProducts(worker.db, input, restOf(end, attempt))
        return {}
      }
    } catch (error) {
      if (!(error instanceof ProductError) || isElsewhere(error)) throw error
      const note = `${error.detail} ${errorKinds[error.code].remedy}`
      await finishProductRun(worker.db, organisationId, runId, { unchanged: 0, floor: 'Error', note })
    }
    await releaseSyncs(worker.db, organisationId, program)
    return {}
  }),
  'sync-agreement': parsed(syncAgreementPayload, async (worker, input, attempt) => {
    const base = await storedContext(worker, input.organisationId, input.program, 'Sync')
    try {
      const end = await withConnections(worker, input.organisationId, (clients) =>
        syncAgreement({ ctx: { ...base, ...clients, until: attempt.until }, input }),
      )
      if (end !== 'done') await enqueueSyncs(worker.db, worker.db, [input], restOf(end, attempt))
    } catch (error) {
      if (!(error instanceof ProductError) || isElsewhere(error)) throw error
      await recordFailure(base, input, error)
    }
    return {}
  }),
}
