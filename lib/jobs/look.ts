/** A look at PRISM for new invoices, of one organisation and program: by the queue, or at once for somebody who waits. */
import { setTimeout as pause } from 'node:timers/promises'
import { noteProgramCheck } from '#db/prism/programs.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { lookAtPrism } from '#lib/intake/look.ts'
import { withLease } from '#lib/ledger/lease.ts'
import type { SyncContext } from '#lib/sync/context.ts'
import { noticeUnfit } from '#lib/sync/notice-unfit.ts'
import { closeLook, lookAgainSoon } from './close-look.ts'
import { isElsewhere, storedContext, withConnections } from './context.ts'
import type { DetectPayload } from './definitions.ts'
import { enqueueLoads, enqueueScheduled } from './enqueue.ts'
import { giveUpForsaken } from './give-up.ts'
import { loadNow } from './load.ts'
import type { Worker } from './worker.ts'

/** What a person asks for as soon as the look has ended: it is left to them, so that the history says who asked (G2). */
export type AskedNext =
  | { readonly kind: 'customers'; readonly agreementIds: readonly number[] }
  | { readonly kind: 'products' }

/**
 * One look, as the organisation's only one. A failure that a person can do something about is noted on the program's page
 * and logged, not thrown: the next scheduled call looks again. Throws `already-running` where another process looks now.
 */
export const look = async (
  worker: Worker,
  { organisationId, program, asked }: DetectPayload & { readonly asked?: AskedNext },
  until: Date,
): Promise<{ readonly invoicesDetected: number }> => {
  const { db } = worker
  const stored = await storedContext(worker, organisationId, program, 'Scheduled')
  const base: typeof stored = {
    ...stored,
    until,
    ...(asked?.kind === 'customers' ? { leftOut: asked.agreementIds } : {}),
    ...(asked?.kind === 'products' ? { enqueue: enqueueScheduled(db, true) } : {}),
  }
  return withLease(base, { resource: `${program}/detect`, what: 'PRISM' }, async () => {
    await giveUpForsaken(db, organisationId, program)
    let isNoted = false
    try {
      return await withConnections(worker, organisationId, async (clients) => {
        const ctx: SyncContext = { ...base, ...clients }
        await worker.beforeDetect?.(ctx)
        isNoted = true
        const { invoicesDetected, loads } = await lookAtPrism({ ctx })
        isNoted = false
        if (asked === undefined) await enqueueLoads(db, { organisationId, program }, loads)
        else await loadNow(ctx)
        if (asked === undefined) await noticeUnfit(ctx, loads)
        return {
          invoicesDetected: await closeLook(worker, base, {
            alsoDetected: invoicesDetected,
            areProductsAsked: asked?.kind === 'products',
          }),
        }
      })
    } catch (error) {
      if (isDatabaseLost(error)) throw error
      if (!isNoted) await noteProgramCheck(db, organisationId, program, wordsOf(base.log, error))
      if (!(error instanceof ProductError)) throw error
      base.log.warn('detect-failed', { code: error.code, detail: error.detail })
      await lookAgainSoon(base)
      return { invoicesDetected: 0 }
    }
  })
}

const wordsOf = (to: SyncContext['log'], error: unknown): Parameters<typeof noteProgramCheck>[3] =>
  error instanceof ProductError
    ? error
    : {
        detail: `An unexpected error occurred, reference ${to.unexpected(error, { during: 'look' })}`,
        code: null,
      }

const POLL_MS = 250
/** Somebody waits: what takes longer, a first load of many files, is left to jobs. */
const longestMs = 25_000

/**
 * A look for somebody who waits, at once and past the queue, where other organisations' jobs stand. While another process
 * looks for the same organisation it waits for that one's end, at most `patienceMs`; then, as after a look that failed, the
 * caller goes on with what is stored. It does not throw.
 */
export const lookNow = async (
  worker: Worker,
  input: DetectPayload & { readonly asked: AskedNext },
  { patienceMs }: { readonly patienceMs: number },
): Promise<void> => {
  const { now = () => new Date() } = worker
  const until = performance.now() + patienceMs
  do {
    try {
      await look(worker, input, new Date(now().getTime() + longestMs))
      return
    } catch (error) {
      if (!isElsewhere(error)) {
        log.unexpected(error, { during: 'look', organisationId: input.organisationId })
        return
      }
    }
    await pause(POLL_MS)
  } while (performance.now() < until)
}
