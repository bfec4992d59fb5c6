/** What ConnectWise invoiced as a job: after each run over customers, and once a day, as it invoices between two runs (J6). */
import { invoicingRead } from '#db/invoicing/own-invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { noteFailure, readLists } from '#lib/invoicing/read.ts'
import type { Done } from './attempt.ts'
import { withConnections } from './context.ts'
import type { InvoicingPayload } from './definitions.ts'
import { enqueueInvoicing } from './enqueue.ts'
import type { Worker } from './worker.ts'

const dayMs = 24 * 60 * 60 * 1000

export const invoicingJob = async (worker: Worker, input: InvoicingPayload): Promise<Done> => {
  const { db, now = () => new Date() } = worker
  await withConnections(worker, input.organisationId, async ({ connectWise }) => {
    const ctx = { db, ...input, connectWise, now }
    try {
      await readLists(ctx)
    } catch (error) {
      if (!(error instanceof ProductError)) throw error
      await noteFailure(ctx, error.detail)
    }
  })
  return {}
}

/** @param options.onlyDaily it was looked at within a day: nothing ended that it would tell of */
export const lookAtInvoices = async (
  worker: Pick<Worker, 'db' | 'now'>,
  input: InvoicingPayload,
  { onlyDaily }: { readonly onlyDaily: boolean },
): Promise<void> => {
  const { db, now = () => new Date() } = worker
  try {
    const last = onlyDaily ? await invoicingRead(db, input.organisationId) : null
    if (last !== null && now().getTime() - last.readAt.getTime() < dayMs) return
    await enqueueInvoicing(db, input)
  } catch (error) {
    log.warn('invoicing-not-enqueued', { ...input, error })
  }
}
