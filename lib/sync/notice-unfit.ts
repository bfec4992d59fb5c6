/**
 * What happened to agreements in ConnectWise since they were synced last is noticed by a look, and not only with the next
 * invoice: one that was deleted, or set so that it can carry no month any more, is synced again, which says so (F13). One that ends,
 * or was cancelled, before the month that comes next is right so far: that is noted for its customers.
 */
import { lookAtAgreementsAgain, type Mapping, mappingsOf } from '#db/mappings/mappings.ts'
import { putOutlook } from '#db/mappings/outlooks.ts'
import { noteFitness, openUnfitAgreements } from '#db/mappings/unfit-spans.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { unfitness } from '#lib/billing/agreement-rules.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { Agreement, Period } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'
import { ofThePeriod } from './fitness.ts'

/**
 * One request to ConnectWise per 100 agreements that sync and have nothing else to be looked at for. Where ConnectWise cannot be
 * asked nothing is noticed: the look itself goes on. @returns the agreements that are synced again
 * @param loads the invoices that are about to be loaded. Where one is new, the syncs that follow read the agreements anyway
 */
export async function noticeUnfit(ctx: SyncContext, loads: readonly string[]): Promise<number[]> {
  const { db, organisationId, program, options, connectWise, currency, now, log } = ctx
  if (!options.enabled) return []
  const ready = await readyInvoices(db, organisationId, program.slug)
  if (loads.some((id) => ready.every(({ prismInvoiceId }) => prismInvoiceId !== id))) return []
  const period = ready.at(-1)?.period
  const settled = (await mappingsOf(db, organisationId, program.slug)).filter(
    (each) => each.syncEnabled && each.attemptedInvoiceId !== null && each.lookAgainAt === null,
  )
  const ids = [...new Set(settled.map(({ agreementId }) => agreementId))]
  if (period === undefined || ids.length === 0) return []
  const read = await connectWise.agreementsByIds(ids).catch((error: unknown) => {
    if (!(error instanceof ProductError)) throw error
    log.warn('fitness-not-read', { organisationId, code: error.code })
    return null
  })
  if (read === null) return []
  const there = new Map(read.records.map((each) => [each.id, each]))
  const known = await openUnfitAgreements(db, organisationId)
  // What cannot be read may be any of those that are missing.
  const gone = read.unreadable.length > 0 ? [] : ids.filter((id) => !there.has(id))
  const changed: number[] = []
  for (const [id, agreement] of there) {
    await noteOutlook(ctx, agreement, period, settled)
    // That it ended is a matter of the month, and noted above until that month comes.
    const isUnfit = unfitness(agreement, period, currency).some(({ code }) => !ofThePeriod.has(code))
    if (isUnfit === known.has(id)) continue
    await noteFitness(db, organisationId, id, { isUnfit, nextInvoiceDate: agreement.nextInvoiceDate })
    if (isUnfit) changed.push(id)
  }
  const again = [...gone, ...changed]
  await lookAtAgreementsAgain(db, organisationId, program.slug, again, now(), now())
  return again
}

/** Whether the agreement carried the newest month and cannot carry the next, where that is another than what is noted. */
async function noteOutlook(
  { db, organisationId, program, currency, now }: SyncContext,
  agreement: Agreement,
  newest: Period,
  settled: readonly Mapping[],
): Promise<void> {
  const next = addMonths(newest, 1)
  const ofMonth = (period: Period) =>
    unfitness(agreement, period, currency).find(({ code }) => ofThePeriod.has(code))
  const found = ofMonth(newest) === undefined ? ofMonth(next) : undefined
  const noted = settled
    .filter(({ agreementId }) => agreementId === agreement.id)
    .map(({ outlook }) => outlook)
  const isNoted = noted.every((each) => each?.message === found?.message && each?.period === (found && next))
  if (isNoted) return
  const since = noted.find((each) => each !== null)?.since ?? now().toISOString()
  const outlook =
    found === undefined
      ? null
      : {
          period: next,
          code: found.code,
          message: found.message,
          remedy: found.remedy,
          stillWrong: found.stillWrong ?? null,
          since,
        }
  await putOutlook(db, organisationId, program.slug, agreement.id, outlook)
}
