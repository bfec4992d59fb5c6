import { and, asc, desc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Day, InvoiceLine, Money, Period, Usage } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { invoiceLines, invoices } from '../schema.ts'
import { batches, isOneOf } from './rows.ts'

export type Invoice = typeof invoices.$inferSelect

export type InvoiceReason = NonNullable<Invoice['reasonCode']>

const is = (organisationId: string, program: string, id: string) =>
  and(ofProgram(organisationId, program), eq(invoices.id, id))
const ofProgram = (organisationId: string, program: string) =>
  and(eq(invoices.organisationId, organisationId), eq(invoices.program, program))

/** All invoices ever seen, the newest usage month first; one that is still loading is left out. */
export const invoicesOf = async (db: Database, organisationId: string, program: string): Promise<Invoice[]> =>
  db
    .select()
    .from(invoices)
    .where(and(ofProgram(organisationId, program), ne(invoices.state, 'loading')))
    .orderBy(desc(invoices.period), asc(invoices.id))

export const invoice = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<Invoice | null> =>
  (
    await db
      .select()
      .from(invoices)
      .where(is(organisationId, program, id))
  )[0] ?? null

/** Usable invoices, oldest first. */
export const readyInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Invoice[]> =>
  db
    .select()
    .from(invoices)
    .where(and(ofProgram(organisationId, program), eq(invoices.state, 'ready')))
    .orderBy(asc(invoices.period), asc(invoices.id))

/** Starts a load: the invoice with no lines yet, in state `loading`. */
export const startInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  values: { id: string; prismInvoiceId: string; programName: string; period: Period; invoicedOn: Day | null },
): Promise<void> => {
  await db.insert(invoices).values({ ...values, organisationId, program, state: 'loading' })
}

/** Deletes loads whose process died, lines included. */
export const deleteDeadLoads = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<void> => {
  await db.delete(invoices).where(and(ofProgram(organisationId, program), eq(invoices.state, 'loading')))
}

export const deleteInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<void> => {
  await db.delete(invoices).where(is(organisationId, program, id))
}

/** Deletes the lines of an invoice that stays. */
export const deleteLines = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<void> => {
  await db.delete(invoiceLines).where(ofInvoice(organisationId, program, id))
}

export const updateInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
  set: Partial<Omit<Invoice, 'organisationId' | 'program' | 'id'>>,
): Promise<void> => {
  await db
    .update(invoices)
    .set(set)
    .where(is(organisationId, program, id))
}

/** Stores an invoice that has no lines here: ignored, or refused. */
export const putInvoiceWithoutLines = async (
  db: Database,
  organisationId: string,
  program: string,
  values: Omit<typeof invoices.$inferInsert, 'organisationId' | 'program'>,
): Promise<void> => {
  await db
    .insert(invoices)
    .values({ ...values, organisationId, program })
    .onConflictDoNothing()
}

/** A line as the file gives it; the subscription id is stored in lower case. */
export type StoredLine = Omit<InvoiceLine, 'tenantId'> & {
  readonly customerName: string
  readonly primaryDomainName: string
  readonly agreementNumber: string
}

/** Inserts one batch of lines, their tenants not yet known. */
export const insertLines = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  lines: readonly StoredLine[],
): Promise<void> => {
  for (const part of batches(lines))
    await db.insert(invoiceLines).values(
      part.map((line) => ({
        ...line,
        organisationId,
        program,
        invoiceId,
        subscriptionId: line.subscriptionId.toLowerCase(),
      })),
    )
}

/**
 * Gives lines without a tenant theirs: that of the stored subscription, else the tenant with their PrimaryDomainName, else
 * with their CustomerName, where there is one such tenant (design 5; facts/prism-api 5: either column may be the name).
 */
export const assignTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<void> => {
  const scope = sql`l.organisation_id = ${organisationId} AND l.program = ${program} AND l.invoice_id = ${invoiceId} AND l.tenant_id IS NULL`
  await db.execute(sql`
    UPDATE invoice_lines l SET tenant_id = s.tenant_id FROM prism_subscriptions s
    WHERE ${scope} AND s.organisation_id = l.organisation_id AND s.program = l.program AND s.id = l.subscription_id`)
  for (const [column, field] of [
    [sql`domain`, sql`l.primary_domain_name`],
    [sql`name`, sql`l.customer_name`],
  ])
    await db.execute(sql`
      UPDATE invoice_lines l SET tenant_id = t.id
      FROM (SELECT lower(${column}) AS key, min(id) AS id FROM prism_tenants
            WHERE organisation_id = ${organisationId} AND program = ${program} AND ${column} <> ''
            GROUP BY lower(${column}) HAVING count(*) = 1) t
      WHERE ${scope} AND t.key = lower(${field})`)
}

/** Invoices that still have lines without a tenant. */
export const invoicesWithUnassignedLines = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ id: invoiceLines.invoiceId })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.organisationId, organisationId),
        eq(invoiceLines.program, program),
        isNull(invoiceLines.tenantId),
      ),
    )
  return rows.map((row) => row.id)
}

/** What the judgement of a loaded file needs (F1). */
export interface LineFacts {
  readonly lines: number
  readonly cost: Money
  readonly price: Money
  readonly hasCycle: boolean
  readonly firstNegativeRow: number | null
  readonly firstRowOutsideMonth: number | null
}

export const lineFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  month: { readonly first: Day; readonly last: Day },
): Promise<LineFacts> => {
  const isNegative = sql`least(${invoiceLines.quantity}, ${invoiceLines.unitCost}, ${invoiceLines.unitPrice}, ${invoiceLines.cost}, ${invoiceLines.price}) < 0`
  const isOutside = sql`${invoiceLines.first} < ${month.first} OR ${invoiceLines.last} > ${month.last}`
  const [row] = await db
    .select({
      lines: sql<number>`count(*)::int`,
      cost: sql<Money>`coalesce(sum(${invoiceLines.cost}), 0)::text`,
      price: sql<Money>`coalesce(sum(${invoiceLines.price}), 0)::text`,
      hasCycle: sql<boolean>`coalesce(bool_or(${invoiceLines.billingCycle} IS NOT NULL), false)`,
      firstNegativeRow: sql<number | null>`min(${invoiceLines.row}) FILTER (WHERE ${isNegative})`,
      firstRowOutsideMonth: sql<number | null>`min(${invoiceLines.row}) FILTER (WHERE ${isOutside})`,
    })
    .from(invoiceLines)
    .where(ofInvoice(organisationId, program, invoiceId))
  if (!row) throw new Error('An aggregate without GROUP BY returned no row')
  return row
}

const ofInvoice = (organisationId: string, program: string, invoiceId: string) =>
  and(
    eq(invoiceLines.organisationId, organisationId),
    eq(invoiceLines.program, program),
    eq(invoiceLines.invoiceId, invoiceId),
  )

/** The invoice cut down to the tenants, lines in the file's order. */
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
  return { period: of.period, invoiceId: of.id, lines: rows.map(toLine) }
}

const toLine = (row: typeof invoiceLines.$inferSelect): InvoiceLine => ({
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

/** Which subscriptions of the tenants each ready invoice has lines of; oldest invoice first. */
export const subscriptionsOnInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<{ invoiceId: string; period: Period; subscriptionId: string; tenantId: string }[]> => {
  if (tenantIds.length === 0) return []
  const rows = await db
    .selectDistinct({
      invoiceId: invoices.id,
      period: invoices.period,
      subscriptionId: invoiceLines.subscriptionId,
      tenantId: invoiceLines.tenantId,
    })
    .from(invoices)
    .innerJoin(
      invoiceLines,
      and(
        eq(invoiceLines.organisationId, invoices.organisationId),
        eq(invoiceLines.program, invoices.program),
        eq(invoiceLines.invoiceId, invoices.id),
      ),
    )
    .where(
      and(
        ofProgram(organisationId, program),
        eq(invoices.state, 'ready'),
        isOneOf(invoiceLines.tenantId, tenantIds),
      ),
    )
    .orderBy(asc(invoices.period), asc(invoiceLines.subscriptionId))
  return rows.map((row) => ({ ...row, tenantId: row.tenantId ?? '' }))
}

/** What names a product on an invoice line: its subscription's ProductId (`''` where unknown), and the offer. */
export interface InvoicedProduct {
  /** `''` where PRISM lists no subscription for the line. */
  readonly productId: string
  readonly offerName: string
  /** Of its last line; `null` where no stored invoice has it. */
  readonly unitCost: Money | null
  readonly unitPrice: Money | null
}

interface InvoicedRow extends Record<string, unknown> {
  product_id: string | null
  offer_name: string
  unit_cost: Money | null
  unit_price: Money | null
}

const toInvoiced = (row: InvoicedRow): InvoicedProduct => ({
  productId: row.product_id ?? '',
  offerName: row.offer_name,
  unitCost: row.unit_cost,
  unitPrice: row.unit_price,
})

/** Products of the stored invoices of customers that sync (C3). */
export const invoicedProducts = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<InvoicedProduct[]> => {
  const { rows } = await db.execute<InvoicedRow>(sql`
    SELECT DISTINCT ON (s.product_id, l.offer_name) s.product_id, l.offer_name, l.unit_cost, l.unit_price
    FROM invoice_lines l
    JOIN invoices i ON i.organisation_id = l.organisation_id AND i.program = l.program AND i.id = l.invoice_id
    JOIN mappings m ON m.organisation_id = l.organisation_id AND m.program = l.program AND m.tenant_id = l.tenant_id
    LEFT JOIN prism_subscriptions s
      ON s.organisation_id = l.organisation_id AND s.program = l.program AND s.id = l.subscription_id
    WHERE l.organisation_id = ${organisationId} AND l.program = ${program} AND m.sync_enabled
      AND i.state IN ('ready', 'superseded')
    ORDER BY s.product_id, l.offer_name, l.last_day DESC`)
  return rows.map(toInvoiced)
}

/** Products of the stored invoices of one customer, and of the subscriptions that PRISM lists of it (D5). */
export const productsOfTenant = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<InvoicedProduct[]> => {
  const { rows } = await db.execute<InvoicedRow>(sql`
    SELECT DISTINCT ON (product_id, offer_name) product_id, offer_name, unit_cost, unit_price
    FROM (
      SELECT s.product_id, l.offer_name, l.unit_cost, l.unit_price, l.last_day
      FROM invoice_lines l
      JOIN invoices i ON i.organisation_id = l.organisation_id AND i.program = l.program AND i.id = l.invoice_id
      LEFT JOIN prism_subscriptions s
        ON s.organisation_id = l.organisation_id AND s.program = l.program AND s.id = l.subscription_id
      WHERE l.organisation_id = ${organisationId} AND l.program = ${program} AND l.tenant_id = ${tenantId}
        AND i.state IN ('ready', 'superseded')
      UNION ALL
      SELECT product_id, product_name, NULL, NULL, NULL
      FROM prism_subscriptions
      WHERE organisation_id = ${organisationId} AND program = ${program} AND tenant_id = ${tenantId} AND current
    ) found
    ORDER BY product_id, offer_name, last_day DESC NULLS LAST`)
  return rows.map(toInvoiced)
}
