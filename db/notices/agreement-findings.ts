/** What of an agreement's last sync people are to be told: an index of its plans and outcomes. */
import { and, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { insertRows } from '../rows.ts'
import { agreementFindings } from './tables.ts'

export type NewAgreementFinding = Omit<
  typeof agreementFindings.$inferSelect,
  'organisationId' | 'program' | 'agreementId' | 'ordinal' | 'runId'
>

/** Stores them in place of what was stored of the agreement. */
export const putAgreementFindings = async (
  db: Database,
  organisationId: string,
  program: string,
  { runId, agreementId }: { readonly runId: string; readonly agreementId: number },
  found: readonly NewAgreementFinding[],
): Promise<void> => {
  await db
    .delete(agreementFindings)
    .where(
      and(
        eq(agreementFindings.organisationId, organisationId),
        eq(agreementFindings.program, program),
        eq(agreementFindings.agreementId, agreementId),
      ),
    )
  const rows = found.map((each, ordinal) => ({
    ...each,
    organisationId,
    program,
    runId,
    agreementId,
    ordinal,
  }))
  await insertRows(db, agreementFindings, rows)
}
