/** The lines of stored invoices: whose they are, and what an agreement's plan needs of them. */
import { and, eq, getTableColumns, isNull, lte, max, or, type SQL, sql } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { BadLine, Day, InvoiceLine, Period, Usage } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isNoneOf, isOneOf } from '../rows.ts'
import { isNotLoading } from './invoice-loads.ts'
import { invoiceBadLines, invoiceLines, invoices } from './invoice-tables.ts'
import type { Invoice } from './invoices.ts'
import { badAndSaidLines, badOrGivenLines } from './lines-without-subscription.ts'
import { ofInvoice } from './of-invoice.ts'
import { contestedLines } from './whose-lines.ts'

/**
 * The invoice cut down to the tenants, lines in the file's order; bad lines also where their tenant is not known, but for those of which
 * a person said whose they are.
 */
export const usage = async (
  db: Database,
  organisationId: string,
  program: string,
  of: Pick<Invoice, 'id' | 'period'>,
  tenantIds: readonly string[],
): Promise<Usage> => {
  if (tenantIds.length === 0) return { period: of.period, invoiceId: of.id, lines: [] }
  const rows = await db
    .select()
    .from(invoiceLines)
    .where(and(ofInvoice(organisationId, program, of.id), isOneOf(invoiceLines.tenantId, tenantIds)))
    .orderBy(invoiceLines.row)
  const { bad, said } = await badAndSaidLines(db, organisationId, program, of, tenantIds)
  const badLines = bad.map(toBadLine)
  return {
    period: of.period,
    invoiceId: of.id,
    lines: [...rows.map(toLine), ...said].sort((a, b) => a.row - b.row),
    ...(badLines.length > 0 ? { badLines } : {}),
  }
}

export const toLine = (row: typeof invoiceLines.$inferSelect): InvoiceLine => ({
  row: row.row,
  tenantId: row.tenantId ?? '',
  subscriptionId: row.subscriptionId,
  offerName: row.offerName,
  first: row.first,
  last: row.last,
  description: row.description,
  quantity: row.quantity,
  unitCost: row.unitCost,
  unitPrice: row.unitPrice,
  cost: row.cost,
  price: row.price,
  billingCycle: row.billingCycle,
  termDuration: row.termDuration,
  termUnit: row.termUnit,
})

const toBadLine = (row: typeof invoiceBadLines.$inferSelect): BadLine => ({
  row: row.row,
  tenantId: row.tenantId ?? '',
  subscriptionId: row.subscriptionId,
  offerName: row.offerName,
  column: row.column,
  reason: row.reason,
  cost: row.cost,
  price: row.price,
})

/** A bad line as a page shows it, with what says whose it is. */
export type ShownBadLine = BadLine & { readonly invoiceId: string; readonly customerName: string }

/** The first bad lines of each of the program's invoices, at most `most` of one, in the files' order. */
export const badLinesOf = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceIds: readonly string[],
  most = 20,
): Promise<ShownBadLine[]> => {
  const place = sql<number>`row_number() OVER (PARTITION BY ${invoiceBadLines.invoiceId} ORDER BY ${invoiceBadLines.row})`
  const numbered = db
    .select({ ...getTableColumns(invoiceBadLines), place: place.as('place') })
    .from(invoiceBadLines)
    .where(
      and(
        eq(invoiceBadLines.organisationId, organisationId),
        eq(invoiceBadLines.program, program),
        isOneOf(invoiceBadLines.invoiceId, invoiceIds),
      ),
    )
    .as('numbered')
  const rows = await db.select().from(numbered).where(lte(numbered.place, most)).orderBy(numbered.row)
  return rows.map((row) => ({
    ...toBadLine(row),
    invoiceId: row.invoiceId,
    customerName: row.customerName || row.primaryDomainName,
  }))
}

export interface InvoicedSubscription {
  readonly invoiceId: string
  readonly period: Period
  readonly subscriptionId: SubscriptionKey
  readonly tenantId: string
  /** Equal for equal lines, in whatever order they stand; of bad lines, too. */
  readonly linesHash: string
}

/** Which subscriptions of the tenants each ready invoice has lines of, bad and contested ones included; oldest invoice first. */
export const subscriptionsOnInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<InvoicedSubscription[]> => {
  if (tenantIds.length === 0) return []
  const ofLine = sql`concat_ws('|', l.tenant_id, l.offer_name, l.first_day, l.last_day, l.quantity, l.unit_cost, l.unit_price, l.cost, l.price, l.billing_cycle, l.term_duration, l.term_unit)`
  const ready = (lines: SQL, content: SQL) => sql`
    SELECT i.id, i.period, l.subscription_id, l.tenant_id, ${content} AS content
    FROM invoices i JOIN ${lines} l
      ON l.organisation_id = i.organisation_id AND l.program = i.program AND l.invoice_id = i.id
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'ready'
      AND l.subscription_id <> '' AND l.tenant_id = ANY (${sql.param([...tenantIds])})`
  const { rows } = await db.execute<{
    id: string
    period: Period
    subscription_id: SubscriptionKey
    tenant_id: string
    hash: string
  }>(sql`
    SELECT id, period, subscription_id, min(tenant_id) AS tenant_id,
      md5(string_agg(content, E'\n' ORDER BY content)) AS hash
    FROM (
      ${ready(sql`invoice_lines`, ofLine)}
      UNION ALL
      ${ready(contestedLines(tenantIds), sql`concat_ws('|', 'contested', ${ofLine})`)}
      UNION ALL
      ${ready(badOrGivenLines(organisationId, program), sql`l.content`)}
    ) lines
    GROUP BY id, period, subscription_id
    ORDER BY period, subscription_id`)
  return rows.map((row) => ({
    invoiceId: row.id,
    period: row.period,
    subscriptionId: row.subscription_id,
    tenantId: row.tenant_id,
    linesHash: row.hash,
  }))
}

/** Not a credit, which says nothing of what a subscription is. */
const givesNothingBack = sql`least(${invoiceLines.quantity}, ${invoiceLines.unitCost}, ${invoiceLines.unitPrice}, ${invoiceLines.cost}, ${invoiceLines.price}) >= 0`

/**
 * Of each subscription the lines that end last, credits aside, on whatever stored invoice up to a day: ignored, annual and
 * replaced ones included (docs/billing-rules.md, "Each addition"); one whose lines are just coming in is not.
 * @param carriedAtOnce subscriptions of which annual invoices are carried elsewhere: only their lines of months are meant
 */
export const latestLines = async (
  db: Database,
  organisationId: string,
  program: string,
  subscriptionIds: readonly SubscriptionKey[],
  until: Day,
  carriedAtOnce: readonly SubscriptionKey[] = [],
): Promise<InvoiceLine[]> => {
  if (subscriptionIds.length === 0) return []
  const ofProgram = and(
    eq(invoiceLines.organisationId, organisationId),
    eq(invoiceLines.program, program),
    isNotLoading(invoiceLines, invoiceLines.invoiceId),
    carriedAtOnce.length === 0
      ? undefined
      : sql`NOT (${isOneOf(invoiceLines.subscriptionId, carriedAtOnce)} AND EXISTS (SELECT FROM ${invoices} AS i
          WHERE i.organisation_id = ${invoiceLines.organisationId} AND i.program = ${invoiceLines.program}
            AND i.id = ${invoiceLines.invoiceId} AND i.kind = 'annual'))`,
    givesNothingBack,
  )
  const last = db
    .select({ subscriptionId: invoiceLines.subscriptionId, day: max(invoiceLines.last).as('day') })
    .from(invoiceLines)
    .where(
      and(ofProgram, isOneOf(invoiceLines.subscriptionId, subscriptionIds), lte(invoiceLines.last, until)),
    )
    .groupBy(invoiceLines.subscriptionId)
    .as('last')
  const rows = await db
    .select(getTableColumns(invoiceLines))
    .from(invoiceLines)
    .innerJoin(
      last,
      and(eq(invoiceLines.subscriptionId, last.subscriptionId), eq(invoiceLines.last, last.day)),
    )
    .where(ofProgram)
    .orderBy(invoiceLines.subscriptionId, invoiceLines.invoiceId, invoiceLines.row)
  return rows.map(toLine)
}

/** Of the subscriptions, those with lines on the invoice that are none of the tenants', and whose they are. */
export const linesElsewhere = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  subscriptionIds: readonly SubscriptionKey[],
  tenantIds: readonly string[],
): Promise<{ subscriptionId: SubscriptionKey; tenantIds: (string | null)[] }[]> => {
  if (subscriptionIds.length === 0) return []
  const rows = await db
    .selectDistinct({ subscriptionId: invoiceLines.subscriptionId, tenantId: invoiceLines.tenantId })
    .from(invoiceLines)
    .where(
      and(
        ofInvoice(organisationId, program, invoiceId),
        isOneOf(invoiceLines.subscriptionId, subscriptionIds),
        or(isNull(invoiceLines.tenantId), isNoneOf(invoiceLines.tenantId, tenantIds)),
      ),
    )
  const byId = Map.groupBy(rows, (row) => row.subscriptionId)
  return [...byId].map(([subscriptionId, of]) => ({
    subscriptionId,
    tenantIds: of.map((row) => row.tenantId),
  }))
}
