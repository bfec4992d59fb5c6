/** Agreements that cannot carry the month that comes next, as looks read them (F13). */
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import type { Outlook } from '../values.ts'
import { mappings } from './tables.ts'

export interface CustomerOutlook {
  readonly tenantId: string
  readonly agreementId: number
  readonly outlook: Outlook
}

/**
 * Of customers that sync, until the month's invoice is there: then a sync says it.
 * @param agreementIds `null`: of all agreements
 */
export const outlooksOf = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[] | null,
): Promise<CustomerOutlook[]> => {
  const { tenantId, agreementId, outlook } = mappings
  const rows = await db
    .select({ tenantId, agreementId, outlook })
    .from(mappings)
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        isNotNull(outlook),
        eq(mappings.syncEnabled, true),
        sql`NOT EXISTS (
          SELECT FROM invoices i WHERE i.organisation_id = ${organisationId} AND i.program = ${program} AND i.state = 'ready'
            AND i.period >= ${outlook} ->> 'period')`,
        agreementIds === null ? undefined : isOneOf(agreementId, agreementIds),
      ),
    )
    .orderBy(asc(agreementId), asc(tenantId))
  return rows.flatMap((row) => (row.outlook === null ? [] : [{ ...row, outlook: row.outlook }]))
}

/** Notes it for all customers of the agreement. @param outlook `null`: it can carry the next month */
export const putOutlook = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  outlook: Outlook | null,
): Promise<void> => {
  await db
    .update(mappings)
    .set({ outlook })
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        eq(mappings.agreementId, agreementId),
      ),
    )
}
