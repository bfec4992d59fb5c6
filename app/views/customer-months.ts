/** A customer's usage months, wherever it was mapped: what PRISM invoiced, what ConnectWise bills, and what lies between. */
import type { CustomerMonthDetail, CustomerMonths } from '#app/api/schemas/customer-months.ts'
import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import { server } from '#app/process/process.ts'
import { invoicedOfSynced, verdict } from '#app/ui/plan/agreement-of-amounts.ts'
import { termTexts } from '#app/ui/plan/term-texts.ts'
import { nextInvoiceDates } from '#db/ledger/readings.ts'
import { formerMappingsOfTenants } from '#db/mappings/former-mappings.ts'
import { mapping } from '#db/mappings/mappings.ts'
import { oneTimeMapping } from '#db/mappings/one-time.ts'
import { tenant } from '#db/prism/tenants.ts'
import { type MonthsPlace, monthsOfPlaces, type PlacedMonth } from '#db/runs/synced-months.ts'
import { ProductError } from '#lib/base/errors.ts'
import { lastDay } from '#lib/billing/days.ts'
import { decimal, pair, quantity, sum } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { reconcileIgnored, totalReconciliation } from '#lib/billing/reconcile.ts'
import { worst } from '#lib/billing/status.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { monthKey, outcomesOfMonths } from '#lib/ledger/outcomes.ts'
import { secondProofsOfAgreements } from './second-proof.ts'

/** Each takes its whole plan to sum. */
const PAGE_SIZE = 12
/** A month, and its annual invoices. */
const MOST_IN_A_MONTH = 100

/**
 * Where a customer is and was mapped, by the month and for annual invoices (J9), each with the months that are, or were, planned for it there. Throws `not-found` where the
 * program has no such customer.
 */
export async function placesOfCustomer(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<MonthsPlace[]> {
  const { db } = server()
  const [known, now, former] = await Promise.all([
    tenant(db, organisationId, program, tenantId),
    mapping(db, organisationId, program, tenantId),
    formerMappingsOfTenants(db, organisationId, program, [tenantId]),
  ])
  const oneTime = await oneTimeMapping(db, organisationId, program, tenantId)
  const annual = oneTime === null ? [] : [{ agreementId: oneTime.agreementId, from: null, until: null }]
  if (known === null) throw new ProductError('not-found', 'PRISM has no such customer.')
  const left = former
    .filter(({ agreementId }) => agreementId !== now?.agreementId)
    .map(({ agreementId, firstPeriod, lastPeriod }) => ({
      agreementId,
      from: firstPeriod,
      until: lastPeriod,
    }))
  const here = now === null ? [] : [{ agreementId: now.agreementId, from: now.firstPeriod, until: null }]
  return [...here, ...left, ...annual]
}

/** A page of them, the newest first; by a number of queries that does not depend on how many there are. */
export async function customerMonths(
  organisationId: string,
  program: string,
  tenantId: string,
  page: number,
): Promise<CustomerMonths> {
  const { db } = server()
  const places = await placesOfCustomer(organisationId, program, tenantId)
  const { months, total } = await monthsOfPlaces(db, organisationId, program, places, {
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  const [outcomes, next, second] = await Promise.all([
    outcomesOfMonths(db, organisationId, months),
    nextInvoiceDates(
      db,
      organisationId,
      places.map(({ agreementId }) => agreementId),
    ),
    secondOf(organisationId, program, months),
  ])
  const shown = months.flatMap((month) => {
    const outcome = outcomes.get(monthKey(month))
    if (outcome === undefined) return []
    const { outcome: own } = ownPart(outcome, tenantId)
    return [shownMonth(month, own, next.get(month.agreementId) ?? null, second(month))]
  })
  return { months: shown, page, pageSize: PAGE_SIZE, total }
}

/** Throws `not-found` where the month was not synced for the customer there. */
export async function customerMonth(
  organisationId: string,
  program: string,
  tenantId: string,
  period: Period,
  agreementId: number | undefined,
  annualInvoiceId = '',
): Promise<CustomerMonthDetail> {
  const { db } = server()
  const places = (await placesOfCustomer(organisationId, program, tenantId)).filter(
    (place) =>
      (agreementId === undefined || place.agreementId === agreementId) &&
      (place.from ?? period) <= period &&
      (place.until ?? period) >= period,
  )
  const only = places.map((place) => ({ ...place, from: period, until: period }))
  const page = { limit: MOST_IN_A_MONTH, offset: 0 }
  const found = await monthsOfPlaces(db, organisationId, program, only, page)
  const months = found.months.filter(({ planKey }) => planKey === annualInvoiceId)
  // Where it moved within the month, the agreement that it is mapped to now comes first.
  const month = only.flatMap((place) => months.filter((each) => each.agreementId === place.agreementId))[0]
  const outcome =
    month === undefined
      ? undefined
      : (await outcomesOfMonths(db, organisationId, [month])).get(monthKey(month))
  if (month === undefined || outcome === undefined)
    throw new ProductError('not-found', `${monthName(period)} was not synced for this customer.`)
  const next = await nextInvoiceDates(db, organisationId, [month.agreementId])
  const own = ownPart(outcome, tenantId)
  const second = await secondOf(organisationId, program, [month])
  return {
    ...shownMonth(month, own.outcome, next.get(month.agreementId) ?? null, second(month)),
    ...own,
  }
}

/** What a customer has at the end of its newest month that was synced, by SKU in lower case; empty where none was. */
export async function newestQuantities(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<Readonly<Record<string, Quantity>>> {
  const { db } = server()
  const places = await placesOfCustomer(organisationId, program, tenantId)
  const { months: newest } = await monthsOfPlaces(db, organisationId, program, places, {
    limit: MOST_IN_A_MONTH,
    offset: 0,
  })
  const months = newest.filter(({ planKey }) => planKey === '').slice(0, 1)
  const [outcome] = (await outcomesOfMonths(db, organisationId, months)).values()
  if (outcome === undefined) return {}
  const rows = ownPart(outcome, tenantId).outcome.subscriptions.filter(({ steps }) => steps.length > 0)
  return Object.fromEntries(
    [...Map.groupBy(rows, ({ product }) => product.sku.toLowerCase())].map(([sku, ofProduct]) => [
      sku,
      quantity(sum(ofProduct.flatMap(({ steps }) => decimal(steps.at(-1)?.quantity ?? '0')))),
    ]),
  )
}

/** The customer's own rows and lines, with their sums, where an agreement bills several customers; else all of it. */
function ownPart(
  outcome: PeriodOutcome,
  tenantId: string,
): { readonly outcome: PeriodOutcome; readonly isShared: boolean } {
  const { subscriptions, ignored } = outcome
  const isOther = (whose: string): boolean => whose !== '' && whose !== tenantId
  const isShared = [...subscriptions, ...ignored].some((each) => isOther(each.tenantId))
  if (!isShared) return { outcome, isShared }
  const rows = subscriptions.filter((row) => row.tenantId === tenantId)
  const lines = ignored.filter((line) => line.tenantId === tenantId)
  const totals = totalReconciliation([
    ...rows.map(({ reconciliation }) => reconciliation),
    ...lines.map(({ amount }) => reconcileIgnored(pair(amount))),
  ])
  return { outcome: { ...outcome, subscriptions: rows, ignored: lines, totals }, isShared }
}

/** What ConnectWise says of months; of an annual invoice what it says of all that were issued in its month. */
const secondOf = async (
  organisationId: string,
  program: string,
  months: readonly PlacedMonth[],
): Promise<(month: PlacedMonth) => SecondProof | null> => {
  const ids = [...new Set(months.map(({ agreementId }) => agreementId))]
  const found = await secondProofsOfAgreements(organisationId, program, ids)
  return ({ agreementId, period }) => found.get(`${agreementId}/${period}`) ?? null
}

const shownMonth = (
  month: PlacedMonth,
  own: PeriodOutcome,
  nextInvoiceDate: Day | null,
  second: SecondProof | null,
) => {
  const { totals, subscriptions } = own
  const failing = subscriptions.filter(({ status }) => status === 'Error').length
  const waiting = subscriptions.filter(
    ({ waits, askedLines = [] }) => waits !== undefined || askedLines.length > 0,
  ).length
  const { tone, sentence, terms } = verdict(totals, 'price', failing, waiting)
  const through = invoicedThrough({ nextInvoiceDate })
  return {
    period: month.period,
    annual: own.annual === undefined ? null : { invoiceId: own.invoiceId, issuedOn: own.annual.issuedOn },
    agreement: { id: month.agreementId, name: month.agreementName },
    companyName: month.companyName,
    invoiced: {
      price: invoicedOfSynced(totals, 'price') as Money,
      cost: invoicedOfSynced(totals, 'cost') as Money,
    },
    billed: totals.billed,
    verdict: {
      tone,
      sentence,
      terms: terms.map(({ term, amount }) => ({ amount, reason: termTexts[term] })),
    },
    status: worst(subscriptions.map(({ status }) => status)),
    second,
    isBilled: isBilled(own, through, month.period, second),
    syncedAt: month.finishedAt.toISOString(),
    actor: month.actor,
    runId: month.runId,
  }
}

/** Of an annual invoice ConnectWise's own invoices tell, as none of them is for a month. */
const isBilled = (
  { annual }: PeriodOutcome,
  through: Day | null,
  period: Period,
  second: SecondProof | null,
): boolean | null =>
  annual === undefined
    ? through === null
      ? null
      : through >= lastDay(period)
    : second === null
      ? null
      : second.source === 'invoices'
