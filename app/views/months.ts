/** A month over PRISM's whole file, as it is shown (J5). */
import type { Month, MonthListQuery, MonthQuery, MonthRow } from '#app/api/schemas/months.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import type { Database } from '#db/client.ts'
import { secondCounts } from '#db/invoicing/second-proofs.ts'
import { nextInvoiceDates } from '#db/ledger/readings.ts'
import { placesOf } from '#db/mappings/places.ts'
import { type PointSummary, pointSummaries } from '#db/mappings/point-summaries.ts'
import { closedSecondCounts, closedSeconds } from '#db/months/closed-seconds.ts'
import { type Closing, changedSince, closingsOf } from '#db/months/closings.ts'
import { billedIn, type MonthBillRow, monthPage } from '#db/months/month-page.ts'
import { monthsBeside } from '#db/months/months.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { addMonths, lastDay } from '#lib/billing/days.ts'
import { amount, pair, subtractPair } from '#lib/billing/decimal.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Amount, Money, Period } from '#lib/billing/types.ts'
import { blockersOf } from '#lib/months/blockers.ts'
import { equationOfTotals } from '#lib/months/close.ts'
import { type MonthKey, requireInvoice } from '#lib/months/month.ts'
import { type MonthTerm, monthTerms } from '#lib/proof/terms.ts'
import { isReadingIn } from './month-reading-in.ts'
import { standingOf } from './month-standing.ts'
import { secondProofsOfMonth } from './second-proof.ts'
import { shownTerms, wrongTerms } from './second-proof-shown.ts'

const PAGE_SIZE = 50

/** Throws `not-found` where no invoice of the month can be used. */
export async function shownMonth(
  organisationId: string,
  program: string,
  period: Period,
  query: MonthQuery,
): Promise<Month> {
  const { db } = server()
  const { of, total, unreadable } = await requireInvoice(db, { organisationId, program }, period)
  const isIndexing = await isReadingIn(organisationId, program)
  const part = { limit: PAGE_SIZE, offset: (query.page - 1) * PAGE_SIZE }
  const [found, closings, beside, currency] = await Promise.all([
    monthPage(db, organisationId, of, query, part),
    closingsOf(db, organisationId, program, period),
    monthsBeside(db, organisationId, program, period),
    currencyOf(organisationId),
  ])
  const { totals } = found
  const equation = equationOfTotals(total, totals)
  const rows = await shownRows(db, organisationId, of, found.rows, closings[0])
  const bills = new Map(totals.terms.map((each) => [each.term, each.bills]))
  return {
    period,
    currency,
    invoiceId: of.invoiceId,
    unreadable,
    equation: {
      invoiced: equation.invoiced,
      billed: equation.billed,
      terms: termsOf(equation.terms).map((each) => ({ ...each, bills: bills.get(each.term) ?? 0 })),
    },
    standing: standingOf(totals),
    rows,
    page: query.page,
    pageSize: PAGE_SIZE,
    total: found.total,
    toAccept: totals.toAccept,
    accepted: totals.accepted,
    blockers: blockersOf(totals, equation),
    second: await secondCounts(db, organisationId, program, period, wrongTerms),
    closing: await shownClosing(db, organisationId, of, closings[0]),
    history: closings.map(closingOf),
    ...beside,
    isIndexing,
  }
}

/** In the order in which a clerk should look at them; what is not known to this version comes first. */
export const termsOf = (terms: Readonly<Record<string, Amount>>): { term: string; amount: Amount }[] =>
  Object.entries(terms)
    .map(([term, value]) => ({ term, amount: value }))
    .sort((a, b) => monthTerms.indexOf(a.term as MonthTerm) - monthTerms.indexOf(b.term as MonthTerm))

/** All that fit, for a file. */
export async function monthRows(
  organisationId: string,
  program: string,
  period: Period,
  query: MonthListQuery,
): Promise<MonthRow[]> {
  const { db } = server()
  const { of } = await requireInvoice(db, { organisationId, program }, period)
  const { rows } = await monthPage(db, organisationId, of, query, { limit: null, offset: 0 })
  const [last] = await closingsOf(db, organisationId, program, period)
  return shownRows(db, organisationId, of, rows, last)
}

async function shownRows(
  db: Database,
  organisationId: string,
  of: MonthKey,
  rows: readonly MonthBillRow[],
  last: Closing | undefined,
): Promise<MonthRow[]> {
  const { program, period } = of
  const agreementIds = [...new Set(rows.flatMap(({ agreementId }) => agreementId ?? []))]
  const wrong = rows.flatMap(({ agreementId, state }) =>
    agreementId !== null && (state === 'failed' || state === 'waits') ? [agreementId] : [],
  )
  const tenantIds = [...new Set(rows.flatMap((row) => row.tenantIds))]
  const [places, points, before, next, tenants, second, kept] = await Promise.all([
    placesOf(db, organisationId, program, agreementIds),
    pointSummaries(db, organisationId, program, wrong),
    billedIn(db, organisationId, program, addMonths(period, -1), agreementIds),
    nextInvoiceDates(db, organisationId, agreementIds),
    tenantsByIds(db, organisationId, program, tenantIds),
    secondProofsOfMonth(organisationId, program, period, agreementIds),
    keptSeconds(db, organisationId, of, rows, last),
  ])
  const placeOf = new Map(places.map((each) => [each.agreementId, each]))
  const names = new Map(tenants.map(({ id, name, domain }) => [id, name || domain]))
  const pointOf = Map.groupBy(points, ({ agreementId }) => agreementId)
  return rows.map((row): MonthRow => {
    const { agreementId } = row
    const place = agreementId === null ? undefined : placeOf.get(agreementId)
    const isBill = row.bill.startsWith('agreement/')
    const through = invoicedThrough({ nextInvoiceDate: next.get(agreementId ?? 0) ?? null })
    return {
      bill: row.bill,
      customers: row.tenantIds.map((id) => ({ id, name: names.get(id) ?? id })),
      agreement:
        place === undefined
          ? null
          : { id: place.agreementId, name: place.agreementName, companyName: place.companyName },
      invoiced: row.invoiced,
      billed: row.billed,
      difference: amount(subtractPair(pair(row.invoiced), pair(row.billed))),
      terms: termsOf(row.terms),
      state: row.state,
      message: messageOf(pointOf.get(agreementId ?? 0) ?? []),
      failing: row.failing,
      waiting: row.waiting,
      needs: row.needs,
      accepted:
        row.accepted === null ? null : { ...row.accepted, at: new Date(row.accepted.at).toISOString() },
      lastMonth: isBill ? ((before.get(agreementId ?? 0) ?? null) as Money | null) : null,
      second: isBill ? (second.get(agreementId ?? 0) ?? null) : null,
      closedSecond: kept.get(row.bill) ?? null,
      isInvoiced: !isBill || through === null ? null : through >= lastDay(period),
      checkedAt: row.checkedAt === null ? null : new Date(row.checkedAt).toISOString(),
      runId: row.runId,
    }
  })
}

/** By bill, of a closed month. */
const keptSeconds = async (
  db: Database,
  organisationId: string,
  of: MonthKey,
  rows: readonly MonthBillRow[],
  last: Closing | undefined,
): Promise<ReadonlyMap<string, NonNullable<MonthRow['closedSecond']>>> => {
  if (last === undefined || last.reopenedAt !== null) return new Map()
  const found = await closedSeconds(
    db,
    organisationId,
    of,
    last.id,
    rows.map(({ bill }) => bill),
  )
  return new Map([...found].map(([bill, each]) => [bill, { ...each, terms: shownTerms(each.terms) }]))
}

const messageOf = (points: readonly PointSummary[]): string | null => {
  const worst = points.find(({ severity }) => severity === 'error') ?? points[0]
  if (worst === undefined) return null
  return worst.product === '' ? worst.message : `${worst.product}: ${worst.message}`
}

const closingOf = (closing: Closing): Month['history'][number] => ({
  closedAt: closing.closedAt.toISOString(),
  closedBy: closing.closedBy,
  invoiced: { cost: closing.totalCost, price: closing.totalPrice },
  billed: { cost: closing.billedCost, price: closing.billedPrice },
  reopened:
    closing.reopenedAt === null
      ? null
      : {
          at: closing.reopenedAt.toISOString(),
          by: closing.reopenedBy ?? '',
          reason: closing.reopenedFor ?? '',
        },
})

async function shownClosing(
  db: Database,
  organisationId: string,
  of: MonthKey,
  closing: Closing | undefined,
): Promise<Month['closing']> {
  if (closing === undefined || closing.reopenedAt !== null) return null
  const { changed, count } = await changedSince(db, organisationId, of, closing.id)
  return {
    ...closingOf(closing),
    changed: [...changed],
    changedCount: count,
    second: await closedSecondCounts(db, organisationId, of, closing.id, wrongTerms),
  }
}
