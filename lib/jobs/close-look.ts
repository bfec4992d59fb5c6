/** The end of a look: the months are decided, and what is due is enqueued; after a failure another one is to come soon. */
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import { forgetLoads } from '#db/prism/invoice-loads.ts'
import { refreshStatistics } from '#db/statistics.ts'
import { decideMonths } from '#lib/intake/decide-months.ts'
import type { StoredContext } from '#lib/sync/context.ts'
import { enqueueDue } from '#lib/sync/due.ts'
import type { Worker } from './worker.ts'

export interface CloseOptions {
  /** Invoices that the look found and that are none to load. */
  readonly alsoDetected?: number
  /** A person asks for the products as soon as the look has ended. */
  readonly areProductsAsked?: boolean
}

/**
 * Ends a look once all its files are in; while one is not, nothing is done, as the last of them does it. Whoever finds that none
 * is open calls it, and a second call finds nothing to do. Returns how many invoices were detected.
 */
export const closeLook = async (
  worker: Worker,
  ctx: StoredContext,
  { alsoDetected = 0, areProductsAsked = false }: CloseOptions = {},
): Promise<number> => {
  // The files that came in are what the months are judged and the agreements are planned from.
  await refreshStatistics(ctx.db)
  const closed = await decideMonths(ctx)
  if (closed === null) return alsoDetected
  const detected = alsoDetected + closed.decided + closed.loads.detected
  // Before the agreements, which wait for the products that come with an invoice (D9).
  if (!areProductsAsked) await worker.afterDetect?.(ctx, detected)
  await enqueueDue(ctx)
  await forgetLoads(ctx.db, ctx.organisationId, ctx.program.slug, closed.loads.ids)
  return detected
}

/** A look that failed is repeated after this, and not only after an hour. */
const afterFailureMs = 10 * 60 * 1000

/** A look, or a load that it asked for, has failed. */
export const lookAgainSoon = ({
  db,
  organisationId,
  now,
}: Pick<StoredContext, 'db' | 'organisationId' | 'now'>): Promise<void> =>
  lookNoLaterThan(db, organisationId, new Date(now().getTime() + afterFailureMs))
