/** The invoices that PRISM lists: which of their files are to be loaded now (F1, J16). */
import { type Invoice, putInvoiceWithoutLines } from '#db/prism/invoices.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import type { IntakeContext } from './context.ts'
import { versionsOf } from './versions.ts'

/** Invoices of at most this many usage months back are taken up; older ones can no longer be synced in order. */
const monthsBack = 12
/** The content of invoices of this many latest months is looked at every time: that is where a re-issue comes. */
const recentMonths = 2
/** That of older ones once in this time. */
const contentCheckMs = 24 * 60 * 60 * 1000
/** An older one whose file PRISM does not give is asked for once in this time: it may take long to fail. */
const unreadCheckMs = 60 * 60 * 1000

/** The content of an annual invoice that is in use is looked at once in this time; those come at any time, and may be many. */
const annualCheckMs = 24 * 60 * 60 * 1000
/** That of one that was issued longer ago. */
const oldAnnualCheckMs = 7 * 24 * 60 * 60 * 1000

/** Of the program's invoices those whose files are to be loaded, or looked at whether they are what they were; oldest month first. */
export const filesToLoad = (
  ctx: Pick<IntakeContext, 'program' | 'now'>,
  headers: readonly InvoiceHeader[],
  stored: readonly Invoice[],
): InvoiceHeader[] => {
  const ours = headers
    .filter((each) => each.programName === ctx.program.prismName)
    .map((header) => ({ header, latest: versionsOf(stored, header.id).at(-1) }))
    .map((each) => ({ ...each, month: monthOf(each) }))
    .sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))
  // An annual invoice comes in the very month that it is listed with, before the month's own.
  const newest = (ours.findLast(({ latest }) => latest?.kind !== 'annual') ?? ours.at(-1))?.month
  if (newest === undefined) return []
  return ours
    .filter(({ month }) => month > addMonths(newest, -monthsBack))
    .filter((each) => isToBeLookedAt(ctx.now(), each, newest))
    .map(({ header }) => header)
}

interface Known {
  readonly header: InvoiceHeader
  /** The last content that is stored of it. */
  readonly latest: Invoice | undefined
}

/** The usage month; of one that is known to be annual the month of its day of issue. */
const monthOf = ({ header, latest }: Known): Period =>
  latest?.kind === 'annual' ? periodOf(issuedOnOf(header)) : header.period

/** Whether the file is looked at now. A refused one always is; one that a person left out unread is not. */
const isToBeLookedAt = (
  now: Date,
  { latest, month }: Known & { readonly month: Period },
  newest: Period,
): boolean => {
  if (latest === undefined || latest.state === 'refused') return true
  if (latest.state === 'excluded' && latest.contentHash === null) return false
  if (latest.contentCheckedAt === null) return true
  const isRecent = month > addMonths(newest, -recentMonths)
  const everyMs = checkedEveryMs(latest, isRecent)
  return now.getTime() - latest.contentCheckedAt.getTime() >= everyMs
}

const checkedEveryMs = ({ kind, state }: Invoice, isRecent: boolean): number => {
  if (kind === 'annual' && state === 'annual') return isRecent ? annualCheckMs : oldAnnualCheckMs
  if (isRecent) return 0
  return state === 'unread' ? unreadCheckMs : contentCheckMs
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
