/** Invoices that came out while a customer did not sync (E6). */
import type { Database } from '#db/client.ts'
import { type Mapping, mappingsOf } from '#db/mappings/mappings.ts'
import { usage } from '#db/prism/invoice-lines.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import { subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { isAnnual, isAzure } from '#lib/billing/classify.ts'
import { decimal, money, pair, sum, sumPairs } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { InvoiceLine, Money, Period } from '#lib/billing/types.ts'
import type { SyncContext } from './context.ts'
import { type MonthToPass, type PassedMonth, passOver } from './pass-over.ts'
import { type Progress, progressOf } from './progress.ts'

type MissedContext = Pick<SyncContext, 'db' | 'organisationId' | 'program' | 'options'>

export interface InvoicedMonth {
  readonly period: Period
  /** What would be billed of it at RRP. */
  readonly price: Money
}

/** The months that a mapped customer still has to sync, oldest first, as if its Sync were on. */
export const monthsToSync = async (ctx: MissedContext, mapping: Mapping): Promise<InvoicedMonth[]> => {
  const progress = await progressOf(ctx, [mapping])
  return invoicedMonths(ctx, mapping, progress, progress.missing)
}

/** Those of them that came after its last sync, and not those that failed in it. */
export const monthsMissed = async (ctx: MissedContext, mapping: Mapping): Promise<InvoicedMonth[]> => {
  const progress = await progressOf(ctx, [mapping])
  return invoicedMonths(ctx, mapping, progress, await missedOf(ctx, mapping, progress))
}

const missedOf = async (
  { db, organisationId, program }: Omit<MissedContext, 'options'>,
  { attemptedInvoiceId }: Mapping,
  { missing }: Progress,
): Promise<readonly Invoice[]> => {
  const all = await invoicesOf(db, organisationId, program.slug)
  const reached = all.find(({ id }) => id === attemptedInvoiceId)?.period
  return missing.filter(({ period }) => reached === undefined || period > reached)
}

async function invoicedMonths(
  ctx: MissedContext,
  mapping: Mapping,
  { openIn }: Progress,
  invoices: readonly Invoice[],
): Promise<InvoicedMonth[]> {
  const months: InvoicedMonth[] = []
  for (const invoice of invoices) {
    const open = new Set(openIn(invoice.period).map(({ subscriptionId }) => subscriptionId))
    const price = await priceOf(ctx, mapping.tenantId, invoice, (line) =>
      open.has(subscriptionKey(line.subscriptionId)),
    )
    months.push({ period: invoice.period, price })
  }
  return months
}

/** What an invoice charges a customer at RRP, of what syncs. */
export async function priceOf(
  ctx: MissedContext,
  tenantId: string,
  invoice: { readonly id: string; readonly period: Period },
  isMeant: (line: InvoiceLine) => boolean = () => true,
): Promise<Money> {
  const lines = await syncingLines(ctx, [tenantId], invoice)
  return money(sumPairs(lines.filter(isMeant).map(pair)).price)
}

/** The same of many customers, by their ids; one that is not on the invoice is left out. */
export async function pricesOf(
  ctx: MissedContext,
  tenantIds: readonly string[],
  invoice: { readonly id: string; readonly period: Period },
): Promise<ReadonlyMap<string, Money>> {
  const lines = await syncingLines(ctx, tenantIds, invoice)
  const byTenant = Map.groupBy(lines, ({ tenantId }) => tenantId)
  return new Map([...byTenant].map(([tenantId, of]) => [tenantId, money(sumPairs(of.map(pair)).price)]))
}

async function syncingLines(
  { db, organisationId, program, options }: MissedContext,
  tenantIds: readonly string[],
  invoice: { readonly id: string; readonly period: Period },
): Promise<readonly InvoiceLine[]> {
  const { lines } = await usage(db, organisationId, program.slug, invoice, tenantIds)
  const subscriptions = await subscriptionsOfTenants(db, organisationId, program.slug, tenantIds)
  const stored = new Map(subscriptions.map((each) => [each.id, each]))
  return lines.filter((line) =>
    isAzure(stored.get(line.subscriptionId), line.offerName)
      ? options.syncAzure
      : !isAnnual(line, options.annualTermsMonthly),
  )
}

/** Passes over all months that a customer missed but the latest. */
export async function passOverMissed(
  tx: Database,
  ctx: Omit<MissedContext, 'db'> & { readonly actor: string },
  mapping: Mapping,
): Promise<PassedMonth[]> {
  const progress = await progressOf({ ...ctx, db: tx }, [mapping])
  const { openIn, linesHashOf } = progress
  const missed = await missedOf({ ...ctx, db: tx }, mapping, progress)
  const months = missed.slice(0, -1).map(
    (invoice): MonthToPass => ({
      invoice,
      subscriptions: openIn(invoice.period).map((each) => ({
        ...each,
        linesHash: linesHashOf(each.subscriptionId, invoice.period),
      })),
    }),
  )
  return passOver(tx, { ...ctx, program: ctx.program.slug }, mapping, months)
}

/** By month, what customers missed whose own Sync is on, where one has more than the latest to sync; else nothing. */
export async function missedByProgram(
  ctx: MissedContext,
): Promise<(InvoicedMonth & { readonly customers: number })[]> {
  const all: InvoicedMonth[] = []
  for (const mapping of await syncingMappings(ctx)) {
    const months = await monthsMissed(ctx, mapping)
    if (months.length > 1) all.push(...months)
  }
  return [...Map.groupBy(all, ({ period }) => period)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([period, of]) => ({
      period,
      price: money(sum(of.map(({ price }) => decimal(price)))),
      customers: of.length,
    }))
}

/** Passes over all months that the program's customers missed but the latest of each. */
export async function passOverByProgram(
  tx: Database,
  ctx: Omit<MissedContext, 'db'> & { readonly actor: string },
): Promise<void> {
  for (const mapping of await syncingMappings({ ...ctx, db: tx })) await passOverMissed(tx, ctx, mapping)
}

const syncingMappings = async ({ db, organisationId, program }: MissedContext): Promise<Mapping[]> =>
  (await mappingsOf(db, organisationId, program.slug)).filter(({ syncEnabled }) => syncEnabled)
