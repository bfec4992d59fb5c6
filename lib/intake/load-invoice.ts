/** Loading one invoice file that a look found: streamed in, in as many calls as it takes, and judged by itself (F1). */
import { type InvoiceLoad, openLoad, unread } from '#db/prism/invoice-loads.ts'
import { deleteDead, invoicesOf, startInvoice, updateInvoice } from '#db/prism/invoices.ts'
import { deleteLines } from '#db/prism/loaded-lines.ts'
import { assignTenants } from '#db/prism/whose-lines.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { InvoiceRefused, PrismError } from '#lib/prism/errors.ts'
import { type IntakeContext, isTimeUp } from './context.ts'
import {
  type EndContext,
  endAsKnown,
  endAsLoaded,
  endAsRefused,
  endAsSame,
  endAsUnread,
  unreadReason,
} from './end-load.ts'
import { contentHash, OtherBeginning } from './file-hash.ts'
import { isPlaceholder } from './judge-month.ts'
import { type BegunLoad, isBegun, takeStep } from './load-step.ts'
import { mostLines, readOn } from './read-file.ts'
import { nextId, versionsOf } from './versions.ts'

/** When PRISM is asked again for a file that broke off behind much that is stored: each time that nothing more came of it. */
const afterBreakMs = [5_000, 30_000, 120_000, 600_000]
/** A file that is another one each time that it is asked for cannot be read in several calls. */
const mostRestarts = 5

/**
 * Loads a file, or goes on with it; to be called as the only one of the invoice. It is done when the file is stored, or noted as
 * one that cannot be. Where the time is up it leaves the rest to another call, which reads the file again, passes over what is
 * stored, and starts over where that begins differently now. What says nothing of this one file, as credentials that are
 * refused, is thrown, and the load stays where it is.
 */
export const loadInvoice = async ({
  ctx,
  input,
}: {
  ctx: IntakeContext
  input: { readonly prismInvoiceId: string }
}): Promise<JobEnd> => {
  const { db, organisationId, program } = ctx
  const { prismInvoiceId } = input
  const before = await openLoad(db, organisationId, program.slug, prismInvoiceId)
  if (before === null) return 'done'
  // As this process knows it: where another one has taken it further, nothing that is decided here is stored.
  let load = before
  const reachedNow = (now: InvoiceLoad): void => {
    load = now
  }
  try {
    const begun = isBegun(load) ? load : await begin(ctx, load)
    if (begun === null) return 'done'
    reachedNow(begun)
    return await goOn(ctx, begun, reachedNow)
  } catch (error) {
    if (error instanceof InvoiceRefused && isBegun(load)) {
      await endAsRefused(ctx, load, error)
      return 'done'
    }
    if (error instanceof OtherBeginning && isBegun(load)) return startOver(ctx, load)
    if (!(error instanceof PrismError) || error.status === 401) throw error
    const againInMs = error.outcome === 'unreachable' ? await keepAfterBreak(ctx, before, load) : null
    if (againInMs !== null) return { againInMs }
    ctx.log.warn('invoice-unread', { invoiceId: prismInvoiceId, detail: error.detail })
    await endAsUnread(ctx, load, unreadReason(error))
    return 'done'
  }
}

/**
 * Keeps what is stored of a file that broke off, where that is much, and says when to ask for the rest; `null`: it is little, or
 * was tried often enough.
 */
const keepAfterBreak = async (
  ctx: IntakeContext,
  before: InvoiceLoad,
  load: InvoiceLoad,
): Promise<number | null> => {
  if (load.lines < mostLines) return null
  const failures = load.lines > before.lines ? 0 : load.failures
  const againInMs = afterBreakMs[failures] ?? null
  if (againInMs === null) return null
  await takeStep(ctx.db, load, { failures: failures + 1 })
  ctx.log.warn('invoice-broken-off', { invoiceId: load.prismInvoiceId, lines: load.lines, againInMs })
  return againInMs
}

/**
 * Notes that a file could not be loaded, for a reason that only repeats: it holds its own month, and nothing else waits for it.
 * To be called as the only one of the invoice.
 */
export const leaveUnread = async (ctx: EndContext, prismInvoiceId: string, reason: string): Promise<void> => {
  const load = await openLoad(ctx.db, ctx.organisationId, ctx.program.slug, prismInvoiceId)
  if (load !== null) await endAsUnread(ctx, load, reason)
}

/** Finds out where the lines are to come to; `null`: the file is what it was. */
const begin = async (ctx: IntakeContext, load: InvoiceLoad): Promise<BegunLoad | null> => {
  const { db, organisationId, program } = ctx
  const { prismInvoiceId, programName, period, invoicedOn } = load
  const versions = versionsOf(await invoicesOf(db, organisationId, program.slug), prismInvoiceId)
  const latest = versions.at(-1)
  if (latest !== undefined && latest.contentHash !== null) {
    const hash = await contentHash(await ctx.prism.invoiceCsv(prismInvoiceId))
    if (hash === latest.contentHash) {
      await endAsKnown(ctx, load, latest)
      return null
    }
  }
  // Only the latest content counts as known: where PRISM goes back to an older one, that is a re-issue, too.
  const known = versions.findLast((each) => each.contentHash !== null)
  const takes = latest !== undefined && isPlaceholder(latest) ? latest : null
  const id = takes?.id ?? nextId(prismInvoiceId, versions)
  const knownHash = known === undefined || known === takes ? null : known.contentHash
  return db.transaction(async (tx) => {
    if (takes === null) {
      await deleteDead(tx, organisationId, program.slug, id)
      await startInvoice(tx, organisationId, program.slug, {
        id,
        prismInvoiceId,
        programName,
        period,
        invoicedOn,
        // Until its lines tell; a content that tells nothing is of the kind of the one before.
        kind: latest?.kind ?? 'monthly',
      })
    } else {
      await deleteLines(tx, organisationId, program.slug, id)
      // Its lines are those of the month that is listed now.
      await updateInvoice(tx, organisationId, program.slug, id, { programName, period, invoicedOn })
    }
    const set = { invoiceId: id, takesState: takes?.state ?? null, knownHash }
    return { ...(await takeStep(tx, load, set)), invoiceId: id }
  })
}

const goOn = async (
  ctx: IntakeContext,
  begun: BegunLoad,
  reachedNow: (load: BegunLoad) => void,
): Promise<JobEnd> => {
  if (begun.contentHash !== null) return judge(ctx, begun, begun.contentHash)
  const load = await readOn(ctx, begun, reachedNow)
  // Whose its lines are is one statement over all of them; it is to have a call's time.
  if (load.contentHash === null || isTimeUp(ctx)) return { againInMs: 0 }
  return judge(ctx, load, load.contentHash)
}

const judge = async (ctx: IntakeContext, load: BegunLoad, hash: string): Promise<JobEnd> => {
  if (hash === load.knownHash) await endAsSame(ctx, load)
  else {
    await assignTenants(ctx.db, ctx.organisationId, ctx.program.slug, load.invoiceId)
    await endAsLoaded(ctx, load, hash)
  }
  return 'done'
}

/** PRISM gives another content than before: nothing of the former one is kept. */
const startOver = async (ctx: IntakeContext, load: BegunLoad): Promise<JobEnd> => {
  const { db, organisationId, program } = ctx
  const restarts = load.restarts + 1
  if (restarts > mostRestarts) {
    await endAsUnread(ctx, load, 'PRISM gives another content each time that its file is asked for.')
    return 'done'
  }
  ctx.log.warn('invoice-begins-differently', { invoiceId: load.prismInvoiceId, restarts })
  await db.transaction(async (tx) => {
    await deleteLines(tx, organisationId, program.slug, load.invoiceId)
    await takeStep(tx, load, { ...unread, restarts })
  })
  return { againInMs: 0 }
}
