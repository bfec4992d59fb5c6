/**
 * Months that ConnectWise invoiced while an agreement did not bill as the plan assumes
 * (docs/billing-rules.md, "Fit for P").
 */
import { notedFitness } from '#db/mappings/unfit-spans.ts'
import { unfitness } from '#lib/billing/agreement-rules.ts'
import type { Agreement, Period, Situation, UnfitSpan } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'

/** Codes of what is a matter of the period alone, and says nothing of how other months were billed. */
export const ofThePeriod: ReadonlySet<string> = new Set(['ended', 'cancelled'])

/**
 * The spans of the agreement that are known, the one that it is in or has just left included.
 * @param known as they were read before. @param notes whether this reading is remembered; a preview is not
 */
export const readFitness = async (
  { db, organisationId, currency }: SyncContext,
  agreement: Agreement,
  period: Period | undefined,
  notes: boolean,
  known: readonly UnfitSpan[],
): Promise<Pick<Situation, 'unfit'>> => {
  if (period === undefined) return {}
  const isUnfit = unfitness(agreement, period, currency).some(({ code }) => !ofThePeriod.has(code))
  const { id, nextInvoiceDate } = agreement
  const spans = notes
    ? await notedFitness(db, organisationId, id, { isUnfit, nextInvoiceDate }, known)
    : known
  return spans.length === 0 ? {} : { unfit: spans }
}
