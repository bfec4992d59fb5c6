/** Which AgreementNumber the stored invoices carry, and which of them is the picked contract agreement's (F14). */
import { sql } from 'drizzle-orm'
import type { Database } from '../client.ts'

export interface NumberedInvoice {
  readonly id: string
  /**
   * Of its first line, as it is the same on all of a file (docs/facts/prism.md, "Invoice CSV"); `''` where
   * the file has none.
   */
  readonly number: string
}

/**
 * Those with lines that nobody left out, the newest month first; those of a month before annual ones, whose subscriptions PRISM may not
 * list any more.
 */
export const numberedInvoices = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<NumberedInvoice[]> => {
  const { rows } = await db.execute<{ id: string; number: string }>(sql`
    SELECT i.id, l.agreement_number AS number
    FROM invoices i CROSS JOIN LATERAL (
      SELECT agreement_number FROM invoice_lines
      WHERE organisation_id = i.organisation_id AND program = i.program AND invoice_id = i.id
      ORDER BY row LIMIT 1) l
    WHERE i.organisation_id = ${organisationId} AND i.program = ${program}
      AND i.state IN ('loaded', 'ready', 'annual', 'held', 'ignored')
    ORDER BY i.kind = 'annual', i.period DESC, i.id`)
  return rows
}

/** Whether a line of the invoice is of a subscription that PRISM lists now for the picked contract agreement. */
export const hasListedSubscription = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<boolean> => {
  const { rows } = await db.execute(sql`
    SELECT FROM invoice_lines l JOIN prism_subscriptions s
      ON s.organisation_id = l.organisation_id AND s.program = l.program AND s.id = l.subscription_id
    WHERE l.organisation_id = ${organisationId} AND l.program = ${program} AND l.invoice_id = ${invoiceId}
      AND s.current
    LIMIT 1`)
  return rows.length > 0
}
