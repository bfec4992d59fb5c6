/**
 * People's yes to plans that waited (docs/billing-rules.md, "Waits"), each bound to the invoice that it was
 * said to.
 */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { batches } from '../rows.ts'
import { confirmations } from './tables.ts'

export type StoredConfirmation = typeof confirmations.$inferSelect
/** The subscription's id is in lower case. */
export type NewConfirmation = Pick<
  StoredConfirmation,
  'agreementId' | 'subscriptionId' | 'period' | 'question' | 'invoiceId'
>

/** Of an agreement, by month and subscription; also those of invoices that are not usable any more. */
export const confirmationsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<StoredConfirmation[]> =>
  db
    .select()
    .from(confirmations)
    .where(
      and(
        eq(confirmations.organisationId, organisationId),
        eq(confirmations.program, program),
        eq(confirmations.agreementId, agreementId),
      ),
    )
    .orderBy(asc(confirmations.period), asc(confirmations.subscriptionId))

/** Notes them; one of the same question before, as of an earlier invoice, is replaced. */
export const putConfirmations = async (
  db: Database,
  organisationId: string,
  program: string,
  confirmedBy: string,
  all: readonly NewConfirmation[],
): Promise<void> => {
  for (const part of batches(all))
    await db
      .insert(confirmations)
      .values(part.map((each) => ({ ...each, confirmedBy, organisationId, program })))
      .onConflictDoUpdate({
        target: [
          confirmations.organisationId,
          confirmations.program,
          confirmations.agreementId,
          confirmations.subscriptionId,
          confirmations.period,
          confirmations.question,
        ],
        set: { invoiceId: sql`excluded.invoice_id`, confirmedBy, confirmedAt: new Date() },
      })
}
