/** Loading the invoice files that a look found: by the queue, or at once for somebody who waits. */
import { setTimeout as pause } from 'node:timers/promises'
import { hasDoneLoads, openLoad, openLoads } from '#db/prism/invoice-loads.ts'
import { noteProgramCheck } from '#db/prism/programs.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { isTimeUp } from '#lib/intake/context.ts'
import { leaveUnread, loadInvoice } from '#lib/intake/load-invoice.ts'
import { withLease } from '#lib/ledger/lease.ts'
import type { StoredContext, SyncContext } from '#lib/sync/context.ts'
import { type Attempt, type Done, restOf } from './attempt.ts'
import { closeLook, lookAgainSoon } from './close-look.ts'
import { isElsewhere, storedContext, withConnections } from './context.ts'
import { byPerson, type LoadInvoicePayload } from './definitions.ts'
import { enqueueLoads } from './enqueue.ts'
import type { Worker } from './worker.ts'

/** An error that nobody foresaw is tried again so often: then the file is noted as one that cannot be loaded. */
const triesOfUnforeseen = 3
/** While another process loads the same file, it is looked for again after this. */
const elsewhereMs = 5_000

/** As the only one of the invoice. */
const alone = <T>(ctx: StoredContext, prismInvoiceId: string, work: () => Promise<T>): Promise<T> => {
  const resource = `${ctx.program.slug}/load/${prismInvoiceId}`
  return withLease(ctx, { resource, what: `Invoice ${prismInvoiceId}` }, work)
}

const loadAlone = (ctx: SyncContext, prismInvoiceId: string): Promise<JobEnd> =>
  alone(ctx, prismInvoiceId, () => loadInvoice({ ctx, input: { prismInvoiceId } }))

/**
 * The job of one file. The last one that is in, or cannot be loaded, of what a look found has the months decided. A failure that
 * says nothing of this file, as refused credentials, is noted on the program's page: the next look goes on with it.
 */
export const loadJob = async (worker: Worker, input: LoadInvoicePayload, attempt: Attempt): Promise<Done> => {
  const { db } = worker
  const { organisationId, program, prismInvoiceId } = input
  const stored = await storedContext(worker, organisationId, program, 'Scheduled')
  const base = { ...stored, until: attempt.until }
  try {
    if ((await openLoad(db, organisationId, program, prismInvoiceId)) === null) {
      if (!(await hasDoneLoads(db, organisationId, program))) return {}
    } else {
      const end = await withConnections(worker, organisationId, (clients) =>
        loadAlone({ ...base, ...clients }, prismInvoiceId),
      )
      if (end !== 'done') {
        await enqueueLoads(db, input, [prismInvoiceId], restOf(end, attempt))
        return {}
      }
    }
  } catch (error) {
    if (isElsewhere(error)) {
      await enqueueLoads(db, input, [prismInvoiceId], restOf({ againInMs: elsewhereMs }, attempt))
      return {}
    }
    if (!(await isOver(base, error, prismInvoiceId, attempt))) return {}
  }
  return { invoicesDetected: await closeLook(worker, base) }
}

/** Whether the failure ends the load of this file; false where it concerns more than this file. */
const isOver = async (
  ctx: StoredContext,
  error: unknown,
  prismInvoiceId: string,
  { retries }: Attempt,
): Promise<boolean> => {
  const { db, organisationId, program, log } = ctx
  if (isDatabaseLost(error)) throw error
  if (error instanceof ProductError) {
    await noteProgramCheck(db, organisationId, program.slug, error)
    log.warn('load-failed', { invoiceId: prismInvoiceId, code: error.code, detail: error.detail })
    await lookAgainSoon(ctx)
    return false
  }
  if (retries + 1 < triesOfUnforeseen) throw error
  const reference = log.unexpected(error, { during: 'load', invoiceId: prismInvoiceId })
  const reason = `An unexpected error occurred, reference ${reference}`
  await alone(ctx, prismInvoiceId, () => leaveUnread(ctx, prismInvoiceId, reason))
  return true
}

const POLL_MS = 250

/**
 * Loads, for somebody who waits, this organisation's files that are not in yet, until none is left or the time is up; one that
 * another process is at is waited for. What is left is enqueued.
 */
export const loadNow = async (ctx: SyncContext): Promise<void> => {
  const { db, organisationId, program } = ctx
  const open = () => openLoads(db, organisationId, program.slug)
  const later = new Set<string>()
  try {
    while (!isTimeUp(ctx)) {
      const left = (await open()).filter((id) => !later.has(id))
      if (left.length === 0) break
      if (!(await loadEach(ctx, left, later))) await pause(POLL_MS)
    }
  } finally {
    await enqueueLoads(db, { organisationId, program: program.slug }, await open(), { priority: byPerson })
  }
}

/** Whether one of them could be taken further. @param later gets those that PRISM is to be given time for */
const loadEach = async (
  ctx: SyncContext,
  prismInvoiceIds: readonly string[],
  later: Set<string>,
): Promise<boolean> => {
  let isFurther = false
  for (const id of prismInvoiceIds) {
    if (isTimeUp(ctx)) return isFurther
    try {
      const end = await loadAlone(ctx, id)
      if (end !== 'done' && end.againInMs > 0) later.add(id)
      isFurther = true
    } catch (error) {
      if (!isElsewhere(error)) throw error
    }
  }
  return isFurther
}
