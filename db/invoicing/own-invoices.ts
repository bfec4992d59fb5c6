/** Invoices that ConnectWise made of agreements, and what it says of the next ones. */
import { and, asc, eq, gte, isNull, sql } from 'drizzle-orm'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isOneOf } from '../rows.ts'
import { invoicingReads, ownForecasts, ownInvoices } from './tables.ts'

export type OwnInvoiceRow = typeof ownInvoices.$inferSelect
export type NewOwnInvoice = Pick<
  OwnInvoiceRow,
  | 'agreementId'
  | 'period'
  | 'id'
  | 'number'
  | 'date'
  | 'madeAt'
  | 'agreementAmount'
  | 'productTotal'
  | 'subtotal'
>

/** Those that ConnectWise still has, oldest first. */
export const ownInvoicesOf = async (
  db: Database,
  organisationId: string,
  agreementIds: readonly number[],
  since: Period | null = null,
): Promise<OwnInvoiceRow[]> =>
  db
    .select()
    .from(ownInvoices)
    .where(
      and(
        eq(ownInvoices.organisationId, organisationId),
        isOneOf(ownInvoices.agreementId, agreementIds),
        isNull(ownInvoices.goneAt),
        since === null ? undefined : gte(ownInvoices.period, since),
      ),
    )
    .orderBy(asc(ownInvoices.agreementId), asc(ownInvoices.id))

/** The highest id of any that was read; 0: none was. */
export const newestOwnInvoice = async (db: Database, organisationId: string): Promise<number> => {
  const { rows } = await db.execute<{ id: number | null }>(
    sql`SELECT max(id) AS id FROM own_invoices WHERE organisation_id = ${organisationId}`,
  )
  return rows[0]?.id ?? 0
}

/** Stores them as they were read now; of one that is known the month and the first amounts stay. */
export const putOwnInvoices = async (
  db: Database,
  organisationId: string,
  invoices: readonly NewOwnInvoice[],
  readAt: Date,
): Promise<void> => {
  for (const part of batches(invoices, 500)) {
    const rows = part.map((each) => ({
      ...each,
      organisationId,
      firstProductTotal: each.productTotal,
      firstSubtotal: each.subtotal,
      firstReadAt: readAt,
      readAt,
    }))
    await db
      .insert(ownInvoices)
      .values(rows)
      .onConflictDoUpdate({
        target: [ownInvoices.organisationId, ownInvoices.agreementId, ownInvoices.period, ownInvoices.id],
        set: {
          number: sql`excluded.number`,
          agreementAmount: sql`excluded.agreement_amount`,
          productTotal: sql`excluded.product_total`,
          subtotal: sql`excluded.subtotal`,
          readAt: sql`excluded.read_at`,
          goneAt: null,
        },
      })
  }
}

export const markGone = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  ids: readonly number[],
  goneAt: Date,
): Promise<void> => {
  await db
    .update(ownInvoices)
    .set({ goneAt })
    .where(
      and(
        eq(ownInvoices.organisationId, organisationId),
        eq(ownInvoices.agreementId, agreementId),
        isOneOf(ownInvoices.id, ids),
      ),
    )
}

export const putItems = async (
  db: Database,
  organisationId: string,
  { agreementId, period, id }: Pick<OwnInvoiceRow, 'agreementId' | 'period' | 'id'>,
  items: NonNullable<OwnInvoiceRow['items']>,
): Promise<void> => {
  await db
    .update(ownInvoices)
    .set({ items })
    .where(
      and(
        eq(ownInvoices.organisationId, organisationId),
        eq(ownInvoices.agreementId, agreementId),
        eq(ownInvoices.period, period),
        eq(ownInvoices.id, id),
      ),
    )
}

// ───────────────────────────── forecasts ─────────────────────────────

export type OwnForecast = typeof ownForecasts.$inferSelect
export type NewForecast = Omit<OwnForecast, 'organisationId' | 'readAt' | 'additions' | 'own' | 'children'> &
  Partial<Pick<OwnForecast, 'additions' | 'own' | 'children'>>

export const ownForecastsOf = async (
  db: Database,
  organisationId: string,
  agreementIds: readonly number[],
): Promise<OwnForecast[]> =>
  db
    .select()
    .from(ownForecasts)
    .where(
      and(eq(ownForecasts.organisationId, organisationId), isOneOf(ownForecasts.agreementId, agreementIds)),
    )

/** A list does not tell the parts: those that were told before are of another amount by now, and go. */
export const putForecasts = async (
  db: Database,
  organisationId: string,
  forecasts: readonly NewForecast[],
  readAt: Date,
): Promise<void> => {
  for (const part of batches(forecasts, 500))
    await db
      .insert(ownForecasts)
      .values(part.map((each) => ({ ...each, organisationId, readAt })))
      .onConflictDoUpdate({
        target: [ownForecasts.organisationId, ownForecasts.agreementId],
        set: {
          nextInvoiceDate: sql`excluded.next_invoice_date`,
          nextInvoiceAmount: sql`excluded.next_invoice_amount`,
          unbilledPeriods: sql`excluded.unbilled_periods`,
          lastInvoiceNumber: sql`excluded.last_invoice_number`,
          lastInvoiceAmount: sql`excluded.last_invoice_amount`,
          additions: sql`excluded.additions`,
          // What it bills by itself is as it was told last.
          own: sql`coalesce(excluded.own, ${ownForecasts.own})`,
          children: sql`excluded.children`,
          readAt: sql`excluded.read_at`,
        },
      })
}

// ───────────────────────────── when ─────────────────────────────

export type InvoicingRead = Omit<typeof invoicingReads.$inferSelect, 'organisationId'>

/** `null`: ConnectWise was never asked. */
export const invoicingRead = async (db: Database, organisationId: string): Promise<InvoicingRead | null> => {
  const [row] = await db
    .select()
    .from(invoicingReads)
    .where(eq(invoicingReads.organisationId, organisationId))
  return row ?? null
}

export const putInvoicingRead = async (
  db: Database,
  organisationId: string,
  read: InvoicingRead,
): Promise<void> => {
  await db
    .insert(invoicingReads)
    .values({ ...read, organisationId })
    .onConflictDoUpdate({ target: [invoicingReads.organisationId], set: read })
}
