import { and, asc, desc, eq, ne, sql } from 'drizzle-orm'
import { storable } from '#lib/base/storable-text.ts'
import type { Day, Money, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { invoices } from './invoice-tables.ts'

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

/**
 * All of them, locked until the end of the transaction, so that a look and a person decide one after the other; one that is
 * still loading is left out.
 */
export const lockInvoices = async (
  tx: Database,
  organisationId: string,
  program: string,
): Promise<Invoice[]> =>
  tx
    .select()
    .from(invoices)
    .where(and(ofProgram(organisationId, program), ne(invoices.state, 'loading')))
    .orderBy(asc(invoices.id))
    .for('update')

/** What PRISM's list says of an invoice. */
export interface ListedInvoice {
  readonly id: string
  readonly prismInvoiceId: string
  readonly programName: string
  readonly period: Period
  readonly invoicedOn: Day | null
}

/** Starts a load: the invoice with no lines yet, in state `loading`. */
export const startInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  values: ListedInvoice & Partial<Pick<Invoice, 'kind'>>,
): Promise<void> => {
  await db.insert(invoices).values({ ...values, organisationId, program, state: 'loading' })
}

/** Deletes what an earlier load of this id left half-way, if anything, lines included. */
export const deleteDead = async (
  tx: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<void> => {
  await tx.delete(invoices).where(and(is(organisationId, program, id), eq(invoices.state, 'loading')))
}

export const deleteInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<void> => {
  await db.delete(invoices).where(is(organisationId, program, id))
}

export type InvoiceChange = Partial<Omit<Invoice, 'organisationId' | 'program' | 'id'>>

/** @param whileIn the states in which it is changed; false where a person or another look has decided meanwhile */
export const updateInvoice = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
  set: InvoiceChange,
  whileIn?: readonly Invoice['state'][],
): Promise<boolean> => {
  const texts = Object.entries(set).map(([field, value]) => [
    field,
    typeof value === 'string' ? storable(value) : value,
  ])
  const changed = await db
    .update(invoices)
    .set(Object.fromEntries(texts) as InvoiceChange)
    .where(
      and(
        is(organisationId, program, id),
        whileIn === undefined ? undefined : isOneOf(invoices.state, whileIn),
      ),
    )
    .returning({ id: invoices.id })
  return changed.length > 0
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
