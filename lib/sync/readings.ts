/**
 * What ConnectWise has invoiced of an agreement (docs/billing-rules.md, "Days billed"): every complete
 * reading of its additions is kept until the next one, and the last one before an invoice for good. It asks
 * ConnectWise for nothing more, but for the times of its invoices where additions were changed around one of
 * them.
 */
import { billedAnswersOf } from '#db/ledger/billed-answers.ts'
import { recentWrites } from '#db/ledger/changes.ts'
import {
  type BilledReading,
  readingClock,
  readingsOf,
  type StoredReading,
  storeReading,
  writesSettledSince,
} from '#db/ledger/readings.ts'
import { addMonths, firstDay, periodOf } from '#lib/billing/days.ts'
import {
  billedBetween,
  doubtful,
  invoicesBetween,
  type Reading,
  withBilledAnswers,
  withWrites,
} from '#lib/billing/readings.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Addition, Agreement, AgreementInvoice, BilledAnswer, Period } from '#lib/billing/types.ts'
import type { ListedAdditions } from '#lib/connectwise/values.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { maybeUnseenMs, unseenAdditions } from '#lib/ledger/shown.ts'
import { type SyncContext } from './context.ts'

/** To be taken before the additions are read: what our ledger settles later may be missing from them. */
export const beforeReading = ({ db }: SyncContext): Promise<Date> => readingClock(db)

export interface Read {
  /** By `beforeReading`. */
  readonly readAt: Date
  readonly agreement: Pick<Agreement, 'id' | 'nextInvoiceDate'>
  readonly listed: ListedAdditions
  /** What people said that its invoices billed; read where left out. */
  readonly answers?: readonly BilledAnswer[]
  /** The first period that is planned (`null`: none is): what was billed long before it does not matter. */
  readonly firstPeriod: Period | null
  /** Whether it was read as the agreement's only writer, and shows what was written. */
  readonly isWriter: boolean
  /** Of a One-Time agreement: what was invoiced between two readings is taken as one invoice, as none is for a month. */
  readonly isOnce?: boolean
}

/** What ConnectWise's invoices billed, as far as we read the agreement before them; keeps this reading. */
export const invoicesKnown = async (ctx: SyncContext, read: Read): Promise<AgreementInvoice[]> => {
  const { agreement } = read
  const since = read.firstPeriod && firstDay(addMonths(read.firstPeriod, -1))
  const stored = await readingsOf(ctx.db, ctx.organisationId, agreement.id, since)
  const last = stored.at(-1) ?? null
  const additions = completed(read.listed, last)
  const answers = read.answers ?? (await billedAnswersOf(ctx.db, ctx.organisationId, agreement.id))
  if (agreement.nextInvoiceDate === null || additions === null)
    return withBilledAnswers(invoicesBetween(stored), answers)
  const now = { nextInvoiceDate: agreement.nextInvoiceDate, additions }
  const billed = last === null ? [] : await billedSince(ctx, read, last, now)
  if (read.isWriter || (await showsWrites(ctx, read)))
    await storeReading(ctx.db, ctx.organisationId, {
      ...now,
      program: ctx.program.slug,
      agreementId: agreement.id,
      resource: leaseResource(ctx.program.slug, agreement.id),
      isWriter: read.isWriter,
      readAt: read.readAt,
      previous: last,
      billed,
    })
  const all = [...stored.slice(0, -1), ...(billed.length > 0 ? billed : stored.slice(-1)), now]
  return withBilledAnswers(invoicesBetween(all), answers)
}

/**
 * The additions by id, those that cannot be read as they were before: they are not absent. `null` where nobody can say which
 * one it is that cannot be read.
 */
const completed = (
  { additions, unreadable }: ListedAdditions,
  last: StoredReading | null,
): Addition[] | null => {
  if (unreadable.some(({ id }) => id === null)) return null
  const ids = new Set(unreadable.map(({ id }) => id))
  const before = (last?.additions ?? []).filter(({ id }) => ids.has(id))
  return [...additions, ...before].sort((a, b) => a.id - b.id)
}

/**
 * Where ConnectWise has invoiced since the last reading: that one with what was billed then; one for each invoice where they
 * billed different things. Else none.
 */
const billedSince = async (
  ctx: SyncContext,
  { agreement, listed, isOnce = false }: Read,
  last: StoredReading,
  now: Pick<Reading, 'nextInvoiceDate' | 'additions'>,
): Promise<BilledReading[]> => {
  const [before, through] = [invoicedThrough(last), invoicedThrough(now)]
  if (before === null || through === null || through <= before) return []
  const { db, organisationId, program } = ctx
  const writes = await writesSettledSince(db, organisationId, program.slug, agreement.id, last.lastReadAt)
  const written = withWrites(last.additions, writes)
  const ids = doubtful(written, now.additions, through)
  if (ids.length === 0) return [{ nextInvoiceDate: last.nextInvoiceDate, additions: written, doubts: [] }]
  const months = isOnce ? 1 : monthsBetween(periodOf(before), periodOf(through))
  const times = await ctx.connectWise.invoiceTimes(agreement.id, months)
  // Where one of the times is missing nobody knows which: then they are taken as one invoice.
  const madeAt = times.length < months ? [null] : times.map((time) => Date.parse(time)).sort((a, b) => a - b)
  const changedAt = new Map([...(listed.changedAt ?? [])].map(([id, at]) => [id, Date.parse(at)]))
  const ours = new Set(writes.map(({ additionId }) => additionId))
  return billedBetween(written, now.additions, ids, { changedAt, madeAt, written: ours }).map(
    (billed, at) => ({
      ...billed,
      nextInvoiceDate: at === 0 ? last.nextInvoiceDate : firstDay(addMonths(periodOf(before), at + 1)),
    }),
  )
}

const monthsBetween = (from: Period, to: Period): number => {
  let months = 0
  while (addMonths(from, months) < to) months += 1
  return months
}

/** Whether it shows what was written of late; right after a write ConnectWise may answer without it. */
const showsWrites = async (ctx: SyncContext, { agreement, listed }: Read): Promise<boolean> => {
  const { db, organisationId, program } = ctx
  const writes = await recentWrites(db, organisationId, program.slug, agreement.id, maybeUnseenMs(ctx))
  return unseenAdditions(writes, listed.additions).length === 0
}
