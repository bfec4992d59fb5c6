/** Reads what ConnectWise invoiced and forecasts: in lists for all agreements, or of one that somebody opens (J6). */

import { annualMonths, oneTimeAgreementsToProve } from '#db/invoicing/annual-months.ts'
import {
  markGone,
  type NewForecast,
  newestOwnInvoice,
  type OwnForecast,
  type OwnInvoiceRow,
  ownForecastsOf,
  ownInvoicesOf,
  putForecasts,
  putInvoicingRead,
  putItems,
  putOwnInvoices,
} from '#db/invoicing/own-invoices.ts'
import { agreementsToProve, billedMonths } from '#db/invoicing/second-proofs.ts'
import { newestReadings } from '#db/ledger/readings.ts'
import { addMonths, firstDay } from '#lib/billing/days.ts'
import { decimal, money, roundToCents, sum } from '#lib/billing/decimal.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Forecast, InvoiceHeader, InvoiceProduct, NextInvoice } from '#lib/connectwise/values.ts'
import { monthsOfInvoices } from '#lib/proof/invoice-months.ts'
import type { InvoicingContext } from './context.ts'
import { prove, verdictsOf } from './prove.ts'

/** Of an agreement that is read by itself. */
const newest = 24
/** Invoices made before the first list are read back to so many months ago. */
const monthsBack = 13

/**
 * Lists invoices and forecasts of all agreements, and compares those of which something is new. A failure that a person can do something
 * about is for the caller to note (`noteFailure`).
 */
export const readLists = async (ctx: InvoicingContext): Promise<void> => {
  const { db, organisationId, program, connectWise, now } = ctx
  const readAt = now()
  const oneTime = await oneTimeAgreementsToProve(db, organisationId, program)
  const once = new Set(oneTime.map(({ agreementId }) => agreementId))
  const toProve = [...(await agreementsToProve(db, organisationId, program)), ...oneTime]
  const ours = new Set(toProve.map(({ agreementId }) => agreementId))
  if (ours.size === 0) return
  const { records: forecasts } = await connectWise.forecasts()
  const after = await newestOwnInvoice(db, organisationId)
  const month = readAt.toISOString().slice(0, 7) as Period
  const listed = await connectWise.newInvoices({ after, since: firstDay(addMonths(month, -monthsBack)) })
  const own = forecasts.filter(({ id }) => ours.has(id))
  const said = new Map(
    (await ownForecastsOf(db, organisationId, [...ours])).map((each) => [each.agreementId, each]),
  )
  await putForecasts(
    db,
    organisationId,
    own.map((each) => asForecast(each, null)),
    readAt,
  )
  const changed = new Set(toProve.flatMap(({ agreementId, isStale }) => (isStale ? [agreementId] : [])))
  const headers = Map.groupBy(listed?.records ?? [], ({ agreementId }) => agreementId)
  const known = Map.groupBy(await ownInvoicesOf(db, organisationId, [...ours]), (each) => each.agreementId)
  for (const forecast of own) {
    const fresh = headers.get(forecast.id) ?? []
    const before = known.get(forecast.id) ?? []
    const until = once.has(forecast.id) ? null : forecast.nextInvoiceDate
    const isNew = await takeIn(
      ctx,
      forecast,
      said.get(forecast.id) ?? null,
      monthsOfInvoices(fresh, before, until),
      before,
      readAt,
    )
    if (isNew || fresh.length > 0) changed.add(forecast.id)
  }
  await putInvoicingRead(db, organisationId, { readAt, mayRead: listed !== null, failure: null })
  const verdicts = await verdictsOf(ctx)
  for (const agreementId of ours) if (changed.has(agreementId)) await prove(ctx, agreementId, verdicts)
}

export const noteFailure = (ctx: InvoicingContext, failure: string): Promise<void> =>
  putInvoicingRead(ctx.db, ctx.organisationId, { readAt: ctx.now(), mayRead: true, failure })

/**
 * Stores what a list has of an agreement: new invoices, a last one of another amount, and those that are gone. Whether anything is other.
 * @param saidBefore what the list before said. Whether it counts tax is not known: another amount of an invoice counts only where the
 * one before was that invoice's without tax.
 */
const takeIn = async (
  { db, organisationId }: InvoicingContext,
  forecast: Forecast,
  saidBefore: Pick<OwnForecast, 'lastInvoiceNumber' | 'lastInvoiceAmount'> | null,
  fresh: readonly (InvoiceHeader & { readonly period: Period })[],
  known: readonly OwnInvoiceRow[],
  readAt: Date,
): Promise<boolean> => {
  const { id: agreementId, lastInvoiceNumber, lastInvoiceAmount } = forecast
  if (fresh.length > 0) await putOwnInvoices(db, organisationId, fresh.map(asRow), readAt)
  if (fresh.length > 0 || known.length === 0) return false
  const last = known.find(({ number }) => number === lastInvoiceNumber)
  const gone = last === undefined ? [] : known.filter(({ id }) => id > last.id)
  if (gone.length > 0)
    await markGone(
      db,
      organisationId,
      agreementId,
      gone.map(({ id }) => id),
      readAt,
    )
  if (last === undefined || lastInvoiceAmount === null || decimal(lastInvoiceAmount).eq(last.subtotal))
    return gone.length > 0
  const isWithoutTax =
    saidBefore?.lastInvoiceNumber === lastInvoiceNumber &&
    saidBefore.lastInvoiceAmount !== null &&
    decimal(saidBefore.lastInvoiceAmount).eq(last.subtotal)
  if (!isWithoutTax) return gone.length > 0
  // The list says what the invoice comes to now; what the agreement bills by itself is as it was.
  const productTotal = money(decimal(lastInvoiceAmount).minus(last.agreementAmount))
  const { period, id, number, date, madeAt, agreementAmount } = last
  const now = { agreementId, period, id, number, date, madeAt, agreementAmount, productTotal }
  await putOwnInvoices(db, organisationId, [{ ...now, subtotal: lastInvoiceAmount }], readAt)
  return true
}

const asRow = ({ madeAt, ...header }: InvoiceHeader & { readonly period: Period }) => {
  const at = madeAt === null ? Number.NaN : Date.parse(madeAt)
  return { ...header, madeAt: Number.isNaN(at) ? null : new Date(at) }
}

const asForecast = (forecast: Forecast, parts: NextInvoice | null): NewForecast => {
  const { id: agreementId, ...said } = forecast
  return { agreementId, ...said, ...parts }
}

/** Asks for one agreement's invoices, their products, and its forecast with its parts; then compares it. */
export const readAgreement = async (ctx: InvoicingContext, agreementId: number): Promise<void> => {
  const { db, organisationId, program, connectWise, now } = ctx
  const readAt = now()
  const forecast = await connectWise.forecast(agreementId)
  const parts = forecast === null ? null : await nextInvoiceOf(connectWise, agreementId)
  if (forecast !== null) await putForecasts(db, organisationId, [asForecast(forecast, parts)], readAt)
  const isOnce = (await annualMonths(db, organisationId, program, agreementId)).length > 0
  const listed = await connectWise.invoicesOfAgreement(agreementId, newest)
  const known = await ownInvoicesOf(db, organisationId, [agreementId])
  if (listed !== null) {
    const { records } = listed
    const [reading] = await newestReadings(db, organisationId, [agreementId])
    const through = forecast?.nextInvoiceDate ?? reading?.nextInvoiceDate ?? null
    // One of a One-Time agreement is made on any day, and for no month.
    const next = isOnce ? null : through
    await putOwnInvoices(db, organisationId, monthsOfInvoices(records, known, next).map(asRow), readAt)
    const there = new Set(records.map(({ id }) => id))
    const oldest = records.length < newest ? 0 : Math.min(...there)
    const gone = known.flatMap(({ id }) => (id >= oldest && !there.has(id) ? [id] : []))
    if (gone.length > 0) await markGone(db, organisationId, agreementId, gone, readAt)
    await readItems(ctx, agreementId)
  }
  const months = await billedMonths(db, organisationId, program, agreementId)
  if (months.length > 0 || isOnce) await prove(ctx, agreementId, await verdictsOf(ctx))
}

/** `null`: ConnectWise cannot invoice the agreement, and says so by a refusal. */
export const nextInvoiceOf = async (
  connectWise: Pick<InvoicingContext['connectWise'], 'nextInvoice'>,
  agreementId: number,
): Promise<NextInvoice | null> => {
  try {
    return await connectWise.nextInvoice(agreementId)
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 429

/** Products of invoices of the last months that were not asked for them yet; a request each. */
const readItems = async (ctx: InvoicingContext, agreementId: number): Promise<void> => {
  const { db, organisationId, connectWise } = ctx
  const without = (await ownInvoicesOf(db, organisationId, [agreementId])).filter(
    ({ items }) => items === null,
  )
  for (const invoice of without.slice(-3)) {
    const products = await connectWise.invoiceProducts(invoice.id)
    if (products !== null) await putItems(db, organisationId, invoice, itemsOf(products))
  }
}

/** What an invoice bills of each catalog item. */
export const itemsOf = (products: readonly InvoiceProduct[]) =>
  [...Map.groupBy(products, ({ catalogItemId }) => catalogItemId)].map(([catalogItemId, own]) => ({
    catalogItemId,
    price: money(
      sum(own.map(({ unitPrice, quantity }) => roundToCents(decimal(unitPrice).times(decimal(quantity))))),
    ),
  }))
