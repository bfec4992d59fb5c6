/** How a program's newest month stands, and its last twelve: sums of what syncs wrote where they ended (J5, G1). */
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import type { Standing } from '#app/ui/month/standing-text.ts'
import { lastChecked, monthTotals } from '#db/months/month-page.ts'
import { latestMonths, type MonthSums, monthInvoice } from '#db/months/months.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { isReadingIn } from './month-reading-in.ts'
import { standingOf } from './month-standing.ts'

const MONTHS = 12

export interface MonthSummary {
  readonly period: Period
  readonly standing: Standing
  readonly invoiced: Money
  readonly currency: string
  /** When a sync last looked at one of its agreements; `null`: none has. */
  readonly checkedAt: string | null
  /** The newest first. */
  readonly months: readonly MonthSums[]
}

/** `null`: no invoice can be used yet. */
export async function monthSummary(organisationId: string, program: string): Promise<MonthSummary | null> {
  const { db } = server()
  await isReadingIn(organisationId, program)
  const months = await latestMonths(db, organisationId, program, MONTHS)
  const [newest] = months
  if (newest === undefined) return null
  const { period } = newest
  const invoice = await monthInvoice(db, organisationId, program, period)
  if (invoice === null) return null
  const [totals, checkedAt, currency] = await Promise.all([
    monthTotals(db, organisationId, { program, period, invoiceId: invoice.invoiceId }),
    lastChecked(db, organisationId, program, period),
    currencyOf(organisationId),
  ])
  return {
    period,
    standing: standingOf(totals),
    invoiced: invoice.total.price,
    currency,
    checkedAt: checkedAt?.toISOString() ?? null,
    months,
  }
}
