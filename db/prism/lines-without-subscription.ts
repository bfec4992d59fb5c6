/**
 * Lines that name no subscription, and are otherwise whole (docs/billing-rules.md, "Lines without a subscription"). They are stored as
 * lines that cannot be read; a person may give one to a customer, on this invoice and on every later one that has it again.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { type SubscriptionKey, withoutSubscription } from '#lib/billing/keys.ts'
import type { InvoiceLine, Money, Period, Quantity } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { invoiceBadLines } from './invoice-tables.ts'
import { lineOwners } from './tables.ts'

const { cost, customerName, offerName, primaryDomainName, price, subscriptionId, column } = invoiceBadLines

/** Only the subscription is missing: what it charges is known. */
export const isWithoutSubscriptionOnly = sql`${subscriptionId} = '' AND ${column} = 'SubscriptionId' AND ${cost} IS NOT NULL AND ${price} IS NOT NULL`

/** What such a line is known by: the customer that it names, by domain, else by name, and its offer. */
export const lineKey = sql<SubscriptionKey>`${withoutSubscription}::text || md5(lower(btrim(coalesce(nullif(btrim(${primaryDomainName}), ''), ${customerName}))) || ' / ' || lower(btrim(${offerName})))`

const ofProgram = (organisationId: string, program: string): SQL | undefined =>
  and(
    eq(invoiceBadLines.organisationId, organisationId),
    eq(invoiceBadLines.program, program),
    isWithoutSubscriptionOnly,
  )

const isOwned = and(
  eq(lineOwners.organisationId, invoiceBadLines.organisationId),
  eq(lineOwners.program, invoiceBadLines.program),
  eq(lineOwners.subscriptionId, lineKey),
)

/**
 * Of an invoice the rows of which a person said whose they are, or that they are nobody's; and those that are the tenants', as
 * lines of the month.
 */
export const saidLines = async (
  db: Database,
  organisationId: string,
  program: string,
  { id, period }: { readonly id: string; readonly period: Period },
  tenantIds: readonly string[],
): Promise<{ readonly rows: ReadonlySet<number>; readonly lines: readonly InvoiceLine[] }> => {
  const found = await db
    .select({ line: invoiceBadLines, key: lineKey, owner: lineOwners.tenantId })
    .from(invoiceBadLines)
    .innerJoin(lineOwners, isOwned)
    .where(and(ofProgram(organisationId, program), eq(invoiceBadLines.invoiceId, id)))
    .orderBy(invoiceBadLines.row)
  const here = new Set(tenantIds)
  return {
    rows: new Set(found.map(({ line }) => line.row)),
    lines: found.flatMap(({ line, key, owner }) =>
      owner !== null && here.has(owner) ? [asLine(line, key, owner, period)] : [],
    ),
  }
}

/** Its days are not stored: it is of the invoice's month. */
const asLine = (
  line: typeof invoiceBadLines.$inferSelect,
  key: SubscriptionKey,
  tenantId: string,
  period: Period,
): InvoiceLine => {
  const zero = '0' as Money
  const amounts = { cost: line.cost ?? zero, price: line.price ?? zero }
  const isBack = decimal(amounts.price).lt(0) || decimal(amounts.cost).lt(0)
  return {
    row: line.row,
    tenantId,
    subscriptionId: key,
    offerName: line.offerName,
    first: firstDay(period),
    last: lastDay(period),
    description: '',
    quantity: (isBack ? '-1' : '1') as Quantity,
    unitCost: amounts.cost,
    unitPrice: amounts.price,
    ...amounts,
    billingCycle: 'Monthly',
    termDuration: '1',
    termUnit: 'MONTHS',
  }
}

/** Those that were given to one of the tenants, as `subscriptionsOnInvoices` joins lines. */
export const givenLines = (tenantIds: readonly string[]): SQL => sql`(
  SELECT ${invoiceBadLines.organisationId}, ${invoiceBadLines.program}, ${invoiceBadLines.invoiceId}, ${lineKey} AS subscription_id,
    ${lineOwners.tenantId} AS tenant_id, ${offerName}, ${cost}, ${price}
  FROM ${invoiceBadLines} JOIN ${lineOwners} ON ${isOwned}
  WHERE ${isWithoutSubscriptionOnly} AND ${isOneOf(lineOwners.tenantId, tenantIds)})`

/** How many lines of the invoice a key names. */
export const countOfKey = (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  key: SubscriptionKey,
): Promise<number> =>
  db.$count(
    invoiceBadLines,
    and(ofProgram(organisationId, program), eq(invoiceBadLines.invoiceId, invoiceId), eq(lineKey, key)),
  )

/** One row a key and invoice, as lines that are no customer's are listed. */
export const keyedLines = (of: SQL | undefined): SQL => sql`
  SELECT ${invoiceBadLines.invoiceId} AS invoice_id, ${lineKey} AS subscription_id, min(${offerName}) AS offer_name,
    min(coalesce(nullif(${customerName}, ''), ${primaryDomainName})) AS customer_name, sum(${cost}) AS cost, sum(${price}) AS price,
    count(*)::int AS count
  FROM ${invoiceBadLines}
  WHERE ${and(isWithoutSubscriptionOnly, of)}
  GROUP BY 1, 2`

/** Those of an organisation's program. */
export const ofWhose = (
  organisationId: string,
  program: string,
  invoiceIds?: readonly string[],
): SQL | undefined =>
  and(
    eq(invoiceBadLines.organisationId, organisationId),
    eq(invoiceBadLines.program, program),
    invoiceIds === undefined ? undefined : isOneOf(invoiceBadLines.invoiceId, invoiceIds),
  )
