/** The invoices that PRISM lists: what is new of them is loaded, one by one, and one that cannot be read stops no other (F1, J16). */
import {
  type Invoice,
  type InvoiceChange,
  putInvoiceWithoutLines,
  updateInvoice,
} from '#db/prism/invoices.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import { PrismError } from '#lib/prism/errors.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import { type IntakeContext, isTimeUp } from './context.ts'
import { isPlaceholder } from './judge-month.ts'
import { contentHash, type Loaded, loadInvoice } from './load-invoice.ts'

/** Invoices of at most this many usage months back are taken up; older ones can no longer be synced in order. */
const monthsBack = 12
/** The content of invoices of this many latest months is looked at every time: that is where a re-issue comes. */
const recentMonths = 2
/** That of older ones once in this time. */
const contentCheckMs = 24 * 60 * 60 * 1000
/** An older one whose file PRISM does not give is asked for once in this time: it may take long to fail. */
const unreadCheckMs = 60 * 60 * 1000

export interface LoadedNew {
  /** How many became held or refused. */
  readonly found: number
  /** Whether the time was up before all were looked at. */
  readonly isCut: boolean
}

/**
 * Loads each invoice that is new or has other content, oldest month first, until the time is up; one file is looked at however
 * late it is. @param begunAt when the look began whose rest it is: files that were looked at since are done with
 */
export const loadNew = async (
  ctx: IntakeContext,
  headers: readonly InvoiceHeader[],
  stored: readonly Invoice[],
  begunAt: Date | undefined,
): Promise<LoadedNew> => {
  const ours = headers
    .filter((each) => each.programName === ctx.program.prismName)
    .sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0))
  const newest = ours.at(-1)?.period
  if (newest === undefined) return { found: 0, isCut: false }
  let found = 0
  let lookedAt = 0
  for (const header of ours.filter((each) => each.period > addMonths(newest, -monthsBack))) {
    const versions = versionsOf(stored, header.id)
    if (!isToBeLookedAt(ctx, header, versions.at(-1), newest, begunAt)) continue
    if (lookedAt > 0 && isTimeUp(ctx)) return { found, isCut: true }
    lookedAt += 1
    const loaded = await lookAtFile(ctx, header, versions).catch((error: unknown) =>
      noteUnread(ctx, header, versions.at(-1), error),
    )
    if (loaded === 'held' || loaded === 'refused') found += 1
  }
  return { found, isCut: false }
}

/** The contents of a PRISM invoice, in the order in which they came. */
const versionsOf = (stored: readonly Invoice[], prismInvoiceId: string): Invoice[] => {
  const numberOf = ({ id }: Invoice): number =>
    id === prismInvoiceId ? 1 : Number(id.slice(prismInvoiceId.length + 1))
  return stored
    .filter((each) => each.prismInvoiceId === prismInvoiceId)
    .sort((a, b) => numberOf(a) - numberOf(b))
}

const nextId = (prismInvoiceId: string, versions: readonly Invoice[]): string => {
  const last = versions.at(-1)
  if (last === undefined) return prismInvoiceId
  const number = last.id === prismInvoiceId ? 1 : Number(last.id.slice(prismInvoiceId.length + 1))
  return `${prismInvoiceId}-${number + 1}`
}

const lookAtFile = async (
  ctx: IntakeContext,
  header: InvoiceHeader,
  versions: readonly Invoice[],
): Promise<Loaded> => {
  const latest = versions.at(-1)
  const id = nextId(header.id, versions)
  if (latest === undefined) return loadInvoice(ctx, { header, id, takes: null, knownHash: null })
  // Only the latest content counts as known: where PRISM goes back to an older one, that is a re-issue, too.
  const known = versions.findLast((each) => each.contentHash !== null)
  if (latest.contentHash !== null && (await contentHash(ctx, header.id)) === latest.contentHash) {
    await note(ctx, latest, { contentCheckedAt: ctx.now(), unreadSince: null, unreadReason: null })
    return 'same'
  }
  if (!isPlaceholder(latest))
    return loadInvoice(ctx, { header, id, takes: null, knownHash: latest.contentHash })
  const knownHash = known === undefined || known === latest ? null : known.contentHash
  return loadInvoice(ctx, { header, id: latest.id, takes: latest, knownHash })
}

/** Whether the file is looked at now. A refused one always is; one that a person left out unread is not. */
const isToBeLookedAt = (
  ctx: IntakeContext,
  header: InvoiceHeader,
  latest: Invoice | undefined,
  newest: Period,
  begunAt: Date | undefined,
): boolean => {
  if (latest === undefined) return true
  const { contentCheckedAt: checkedAt } = latest
  if (begunAt !== undefined && checkedAt !== null && checkedAt >= begunAt) return false
  if (latest.state === 'refused') return true
  if (latest.state === 'excluded' && latest.contentHash === null) return false
  if (header.period > addMonths(newest, -recentMonths) || latest.contentCheckedAt === null) return true
  const everyMs = latest.state === 'unread' ? unreadCheckMs : contentCheckMs
  return ctx.now().getTime() - latest.contentCheckedAt.getTime() >= everyMs
}

const note = async (ctx: IntakeContext, { id }: Invoice, set: InvoiceChange): Promise<void> => {
  await updateInvoice(ctx.db, ctx.organisationId, ctx.program.slug, id, set)
}

/**
 * Notes on the invoice's own row that PRISM does not give its file, and since when; one that was loaded before stays as it is.
 * What is no failure of this one file is thrown on.
 */
const noteUnread = async (
  ctx: IntakeContext,
  header: InvoiceHeader,
  latest: Invoice | undefined,
  error: unknown,
): Promise<Loaded> => {
  if (!(error instanceof PrismError) || error.status === 401) throw error
  const reason = unreadReason(error)
  ctx.log.warn('invoice-unread', { invoiceId: header.id, detail: error.detail })
  const unread = {
    unreadSince: latest?.unreadSince ?? ctx.now(),
    unreadReason: reason,
    contentCheckedAt: ctx.now(),
  }
  if (latest !== undefined) {
    await note(ctx, latest, latest.state === 'unread' ? { ...unread, reason } : unread)
    return 'same'
  }
  const { id, programName, period, invoicedOn } = header
  await putInvoiceWithoutLines(ctx.db, ctx.organisationId, ctx.program.slug, {
    id,
    prismInvoiceId: id,
    programName,
    period,
    invoicedOn,
    state: 'unread',
    reasonCode: 'not-given',
    reason,
    ...unread,
  })
  return 'held'
}

const unreadReason = ({ outcome, status }: PrismError): string => {
  if (status === 404) return 'PRISM has no file for it.'
  if (outcome === 'refused') return `PRISM refuses to give its file (status ${status}).`
  if (outcome === 'unreadable') return 'What PRISM gives for it is no file.'
  return status === null
    ? 'PRISM did not answer when its file was asked for.'
    : `PRISM could not give its file (status ${status}).`
}

/** Invoices that are not the program's are listed with the reason, never silently left out (F1); how many are new. */
export const storeIgnored = async (
  ctx: IntakeContext,
  headers: readonly InvoiceHeader[],
  stored: readonly Invoice[],
): Promise<number> => {
  const known = new Set(stored.map((each) => each.prismInvoiceId))
  const others = headers.filter((each) => each.programName !== ctx.program.prismName && !known.has(each.id))
  for (const { id, programName, period, invoicedOn } of others)
    await putInvoiceWithoutLines(ctx.db, ctx.organisationId, ctx.program.slug, {
      id,
      prismInvoiceId: id,
      programName,
      period,
      invoicedOn,
      state: 'ignored',
      reasonCode: 'other-program',
      reason: `It is an invoice of '${programName}', not a standard monthly one of '${ctx.program.prismName}'.`,
    })
  return others.length
}
