/** What each job does. */
import { z } from 'zod'
import type { QueueName } from '#db/queues.ts'
import { finishProductRun } from '#db/runs/product-runs.ts'
import { run } from '#db/runs/runs.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { syncProducts } from '#lib/product-sync/run.ts'
import { recordFailure } from '#lib/sync/close.ts'
import { syncAgreement } from '#lib/sync/run.ts'
import { type Attempt, type Done, restOf } from './attempt.ts'
import { isElsewhere, storedContext, withConnections } from './context.ts'
import {
  deletePayload,
  detectPayload,
  invoicingPayload,
  loadInvoicePayload,
  notifyPayload,
  removeOldPayload,
  scanPayload,
  syncAgreementPayload,
  syncProductsPayload,
} from './definitions.ts'
import { enqueueProducts, enqueueSyncs } from './enqueue.ts'
import { invoicingJob, lookAtInvoices } from './invoicing.ts'
import { deleteJob, removeOldJob } from './keeping.ts'
import { loadJob } from './load.ts'
import { look } from './look.ts'
import { notifyJob, somethingEnded } from './notify.ts'
import { releaseSyncs } from './queue.ts'
import { scanJob } from './scan.ts'
import type { Worker } from './worker.ts'

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

export const handlers: Readonly<Record<QueueName, Handler>> = {
  detect: parsed(detectPayload, async (worker, input, { until }) => {
    try {
      return await look(worker, input, until)
    } catch (error) {
      if (isElsewhere(error)) return {}
      throw error
    } finally {
      // Whatever came of it: an invoice may be late because PRISM is out of reach.
      await somethingEnded(worker, input.organisationId, input.program)
      if (worker.readsInvoices) await lookAtInvoices(worker, input, { onlyDaily: true })
    }
  }),
  'load-invoice': parsed(loadInvoicePayload, loadJob),
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
    await somethingEnded(worker, organisationId, program)
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
    if (await hasEnded(worker, input)) {
      await somethingEnded(worker, input.organisationId, input.program)
      const { organisationId, program } = input
      if (worker.readsInvoices)
        await lookAtInvoices(worker, { organisationId, program }, { onlyDaily: false })
    }
    return {}
  }),
  scan: parsed(scanPayload, scanJob),
  invoicing: parsed(invoicingPayload, (worker, input) => invoicingJob(worker, input)),
  notify: parsed(notifyPayload, notifyJob),
  'remove-old': parsed(removeOldPayload, removeOldJob),
  'delete-organisations': parsed(deletePayload, deleteJob),
}

/** One that found nothing new is gone when it has ended. */
const hasEnded = async (
  { db }: Worker,
  { organisationId, runId }: { readonly organisationId: string; readonly runId: string },
): Promise<boolean> => {
  const found = await run(db, organisationId, runId)
  return found?.state === 'finished'
}
