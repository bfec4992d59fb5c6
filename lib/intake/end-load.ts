/** How the load of an invoice file ends: judged by itself (F1), refused, or noted as one that PRISM does not give. */
import type { Database } from '#db/client.ts'
import type { InvoiceLoad } from '#db/prism/invoice-loads.ts'
import {
  deleteInvoice,
  type Invoice,
  type InvoiceChange,
  type InvoiceReason,
  invoicesOf,
  putInvoiceWithoutLines,
  updateInvoice,
} from '#db/prism/invoices.ts'
import { cyclesOn, deleteLines, type LineFacts, lineFacts } from '#db/prism/loaded-lines.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { monthName } from '#lib/billing/format.ts'
import { isAnnualFile } from '#lib/billing/motion.ts'
import type { Period } from '#lib/billing/types.ts'
import type { InvoiceRefused, PrismError } from '#lib/prism/errors.ts'
import type { IntakeContext } from './context.ts'
import { type BegunLoad, takeStep } from './load-step.ts'
import { versionsOf } from './versions.ts'

/** What of it is needed to end a load. */
export type EndContext = Pick<IntakeContext, 'db' | 'organisationId' | 'program' | 'now'>

/** Where a file cannot be read, and why. */
type Refusal = Pick<InvoiceRefused, 'row' | 'column' | 'reason'>

/** What a file turned out to be, before it is compared with other invoices of its month. */
type Judgement = Pick<Invoice, 'state' | 'reasonCode' | 'reason' | 'row' | 'column'>

/** Whether it became an invoice that waits for a person; that of a usable one shows when its month is decided. */
type Detected = 0 | 1

/** What became of the file and that its load has ended are stored together. */
export const endLoad = (
  ctx: EndContext,
  load: InvoiceLoad,
  work: (tx: Database) => Promise<Detected>,
): Promise<void> =>
  ctx.db.transaction(async (tx) => {
    const detected = await work(tx)
    await takeStep(tx, load, { doneAt: ctx.now(), detected })
  })

/** It is what it was: nothing is left of the load, and the invoice is noted as looked at. */
export const endAsKnown = (ctx: EndContext, load: InvoiceLoad, latest: Invoice): Promise<void> =>
  endLoad(ctx, load, async (tx) => {
    const checked = { contentCheckedAt: ctx.now(), unreadSince: null, unreadReason: null }
    await updateInvoice(tx, ctx.organisationId, ctx.program.slug, latest.id, checked)
    return 0
  })

/** A content that is known came again: the row that was to hold it goes. */
export const endAsSame = (ctx: EndContext, load: BegunLoad): Promise<void> =>
  endLoad(ctx, load, async (tx) => {
    await deleteInvoice(tx, ctx.organisationId, ctx.program.slug, load.invoiceId)
    return 0
  })

/** A refused file keeps no lines and no hash: it is read again by the next look. */
export const endAsRefused = (ctx: EndContext, load: BegunLoad, refusal: Refusal): Promise<void> =>
  endLoad(ctx, load, (tx) => refused(tx, ctx, load, refusal))

const refused = async (
  tx: Database,
  ctx: EndContext,
  load: BegunLoad,
  { row, column, reason }: Refusal,
): Promise<Detected> => {
  await deleteLines(tx, ctx.organisationId, ctx.program.slug, load.invoiceId)
  const judgement = { state: 'refused', reasonCode: 'unreadable', reason, row, column } as const
  const isStored = await setJudged(tx, ctx, load, { ...judgement, contentHash: null, lineCount: 0 })
  return isStored && load.takesState !== 'refused' ? 1 : 0
}

/** All its lines are stored, with their tenants: it is judged by itself. */
export const endAsLoaded = (ctx: EndContext, load: BegunLoad, hash: string): Promise<void> =>
  endLoad(ctx, load, async (tx) => {
    const of = [tx, ctx.organisationId, ctx.program.slug, load.invoiceId] as const
    const { period } = load
    const facts = await lineFacts(...of, { first: firstDay(period), last: lastDay(period) })
    if (facts.lines === 0 && facts.firstBad !== null)
      return refused(tx, ctx, load, {
        ...facts.firstBad,
        reason: `${facts.firstBad.reason}, and no other line can be read either`,
      })
    const kind = facts.lines === 0 ? null : await kindOf(...of)
    const judgement = judgementOf(facts, period, kind ?? 'monthly')
    const isStored = await setJudged(tx, ctx, load, {
      ...judgement,
      ...(kind === null ? {} : { kind }),
      contentHash: hash,
      lineCount: facts.lines,
      totalCost: facts.cost,
      totalPrice: facts.price,
      hasCycle: facts.hasCycle,
    })
    if (!isStored) await deleteLines(...of)
    return isStored && judgement.state === 'held' ? 1 : 0
  })

/** Whether an invoice's lines are terms that are billed at once, all of them (J9). */
export const kindOf = async (
  ...of: readonly [db: Database, organisationId: string, program: string, invoiceId: string]
): Promise<Invoice['kind']> => (isAnnualFile(await cyclesOn(...of)) ? 'annual' : 'monthly')

/**
 * What a file is by itself, before it is compared with others of its month (F1). An annual one has lines of no month, and refunds are
 * lines like others there.
 */
export const judgementOf = (facts: LineFacts, period: Period, kind: Invoice['kind']): Judgement => {
  const held = (
    reasonCode: InvoiceReason,
    reason: string,
    row: number | null = null,
    column: string | null = null,
  ): Judgement => ({ state: 'held', reasonCode, reason, row, column })
  if (facts.lines === 0) return held('no-lines', 'The file has no lines.')
  if (facts.firstUnplaced !== null) {
    const { row, column, reason } = facts.firstUnplaced
    return held('unplaced-line', `Line ${row} names no subscription: ${reason}.`, row, column)
  }
  if (kind === 'annual') return loaded
  if (facts.firstNegativeRow !== null)
    return held(
      'negative-line',
      `Line ${facts.firstNegativeRow} has a negative amount or quantity.`,
      facts.firstNegativeRow,
    )
  if (facts.firstRowOutsideMonth !== null)
    return held(
      'out-of-month',
      `Line ${facts.firstRowOutsideMonth} lies outside the usage month, ${monthName(period)}.`,
      facts.firstRowOutsideMonth,
    )
  return loaded
}

const loaded: Judgement = { state: 'loaded', reasonCode: null, reason: null, row: null, column: null }

/** False where it is not what it was when the load began: a person has decided about it. */
const setJudged = (
  tx: Database,
  ctx: EndContext,
  { invoiceId, takesState }: BegunLoad,
  set: InvoiceChange,
): Promise<boolean> =>
  updateInvoice(
    tx,
    ctx.organisationId,
    ctx.program.slug,
    invoiceId,
    { ...set, contentCheckedAt: ctx.now(), unreadSince: null, unreadReason: null },
    [takesState ?? 'loading'],
  )

/**
 * Notes on the invoice's own row that its file could not be loaded, why, and since when; one that was loaded before stays as it
 * is. Nothing is left of the load: an unread file is not a refused one.
 */
export const endAsUnread = (ctx: EndContext, load: InvoiceLoad, reason: string): Promise<void> =>
  endLoad(ctx, load, async (tx) => {
    const of = [tx, ctx.organisationId, ctx.program.slug] as const
    if (load.invoiceId !== null) {
      if (load.takesState === null) await deleteInvoice(...of, load.invoiceId)
      else await deleteLines(...of, load.invoiceId)
    }
    const latest = versionsOf(await invoicesOf(...of), load.prismInvoiceId).at(-1)
    const unread = {
      unreadSince: latest?.unreadSince ?? ctx.now(),
      unreadReason: reason,
      contentCheckedAt: ctx.now(),
    }
    if (latest !== undefined) {
      await updateInvoice(...of, latest.id, latest.state === 'unread' ? { ...unread, reason } : unread)
      return 0
    }
    const { prismInvoiceId, programName, period, invoicedOn } = load
    await putInvoiceWithoutLines(...of, {
      id: prismInvoiceId,
      prismInvoiceId,
      programName,
      period,
      invoicedOn,
      state: 'unread',
      reasonCode: 'not-given',
      reason,
      ...unread,
    })
    return 1
  })

export const unreadReason = ({ outcome, status }: PrismError): string => {
  if (status === 404) return 'PRISM has no file for it.'
  if (outcome === 'refused') return `PRISM refuses to give its file (status ${status}).`
  if (outcome === 'unreadable') return 'What PRISM gives for it is no file.'
  return status === null
    ? 'PRISM did not answer when its file was asked for.'
    : `PRISM could not give its file (status ${status}).`
}
