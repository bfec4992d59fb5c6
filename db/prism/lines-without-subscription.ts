/**
 * Lines that name no subscription, and are otherwise whole (docs/billing-rules.md, "Lines without a subscription"). They are stored as
 * lines that cannot be read; a person may give one to a customer, on this invoice and on every later one that has it again.
 */
import { and, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { type SubscriptionKey, withoutSubscription } from '#lib/billing/keys.ts'
import type { InvoiceLine, Money, Period, Quantity } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { invoiceBadLines } from './invoice-tables.ts'
import { badOfInvoice } from './of-invoice.ts'
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
 * Of an invoice the lines that cannot be read and are the tenants', or of nobody who is known; without those of which a person said whose
 * they are, or that they are nobody's. What was said to be the tenants' comes as lines of the month.
 */
export const badAndSaidLines = async (
  db: Database,
  organisationId: string,
  program: string,
  { id, period }: { readonly id: string; readonly period: Period },
  tenantIds: readonly string[],
): Promise<{
  readonly bad: readonly (typeof invoiceBadLines.$inferSelect)[]
  readonly said: readonly InvoiceLine[]
}> => {
  const { tenantId } = invoiceBadLines
  const found = await db
    .select({
      line: invoiceBadLines,
      key: lineKey,
      saidOf: lineOwners.subscriptionId,
      owner: lineOwners.tenantId,
    })
    .from(invoiceBadLines)
    .leftJoin(lineOwners, and(isWithoutSubscriptionOnly, isOwned))
    .where(
      and(
        badOfInvoice(organisationId, program, id),
        or(isOneOf(tenantId, tenantIds), isNull(tenantId), isNotNull(lineOwners.subscriptionId)),
      ),
    )
    .orderBy(invoiceBadLines.row)
  const here = new Set(tenantIds)
  return {
    bad: found.flatMap(({ line, saidOf }) => (saidOf === null ? [line] : [])),
    said: found.flatMap(({ line, key, owner }) =>
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

/** Lines that cannot be read, as `subscriptionsOnInvoices` joins lines: one that was given to a customer is that customer's. */
export const badOrGivenLines = (organisationId: string, program: string): SQL => sql`(
  SELECT ${invoiceBadLines.organisationId}, ${invoiceBadLines.program}, ${invoiceBadLines.invoiceId},
    CASE WHEN ${lineOwners.tenantId} IS NULL THEN ${subscriptionId} ELSE ${lineOwners.subscriptionId} END AS subscription_id,
    coalesce(${lineOwners.tenantId}, ${invoiceBadLines.tenantId}) AS tenant_id,
    CASE WHEN ${lineOwners.tenantId} IS NULL THEN concat_ws('|', 'bad', ${invoiceBadLines.row}, ${invoiceBadLines.reason})
      ELSE concat_ws('|', 'given', ${lineOwners.tenantId}, ${offerName}, ${cost}, ${price}) END AS content
  FROM ${invoiceBadLines} LEFT JOIN ${lineOwners} ON ${isWithoutSubscriptionOnly} AND ${isOwned}
  WHERE ${eq(invoiceBadLines.organisationId, organisationId)} AND ${eq(invoiceBadLines.program, program)})`

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
