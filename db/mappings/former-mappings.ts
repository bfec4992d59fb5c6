/**
 * Agreements that a tenant was mapped to before, and what is still to be done there (E5;
 * docs/billing-rules.md, "Moving and clearing").
 */
import { and, asc, eq, isNotNull, isNull, or, type SQL } from 'drizzle-orm'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { formerMappings } from './tables.ts'

export type FormerMapping = typeof formerMappings.$inferSelect

const ofProgram = (organisationId: string, program: string) =>
  and(eq(formerMappings.organisationId, organisationId), eq(formerMappings.program, program))

const listed = (db: Database, which: SQL | undefined): Promise<FormerMapping[]> =>
  db
    .select()
    .from(formerMappings)
    .where(which)
    .orderBy(asc(formerMappings.agreementId), asc(formerMappings.tenantId))

export const formerMappingsOfAgreement = (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<FormerMapping[]> =>
  listed(db, and(ofProgram(organisationId, program), eq(formerMappings.agreementId, agreementId)))

export const formerMappingsOfTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<FormerMapping[]> =>
  tenantIds.length === 0
    ? []
    : listed(db, and(ofProgram(organisationId, program), isOneOf(formerMappings.tenantId, tenantIds)))

/** Those of the agreement, and those of tenants wherever they were. */
export const formerMappingsAbout = (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantIds: readonly string[],
): Promise<FormerMapping[]> =>
  listed(
    db,
    and(
      ofProgram(organisationId, program),
      or(eq(formerMappings.agreementId, agreementId), isOneOf(formerMappings.tenantId, tenantIds)),
    ),
  )

/** Those with something left to write, or that nobody has looked at since. */
export const unfinishedFormerMappings = (
  db: Database,
  organisationId: string,
  program: string,
): Promise<FormerMapping[]> =>
  listed(
    db,
    and(
      ofProgram(organisationId, program),
      isNull(formerMappings.doneAt),
      isNotNull(formerMappings.lastPeriod),
    ),
  )

/** Notes that a tenant leaves an agreement; one that left it before leaves it anew. */
export const putFormerMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  former: Pick<
    FormerMapping,
    | 'tenantId'
    | 'agreementId'
    | 'agreementName'
    | 'companyId'
    | 'companyName'
    | 'firstPeriod'
    | 'lastPeriod'
    | 'leftBy'
  >,
): Promise<void> => {
  const anew = {
    ...former,
    doneAt: null,
    attemptedInvoiceId: null,
    lookAgainAt: null,
    lookingSince: null,
    leftAt: new Date(),
  }
  await db
    .insert(formerMappings)
    .values({ ...anew, organisationId, program })
    .onConflictDoUpdate({
      target: [
        formerMappings.organisationId,
        formerMappings.program,
        formerMappings.tenantId,
        formerMappings.motion,
        formerMappings.agreementId,
      ],
      set: anew,
    })
}

/** Notes what a sync of the agreement came to for tenants that left it. */
export const noteFormerAttempt = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantIds: readonly string[],
  set: Partial<Pick<FormerMapping, 'attemptedInvoiceId' | 'lookAgainAt' | 'lookingSince' | 'doneAt'>>,
): Promise<void> => {
  if (tenantIds.length === 0) return
  await db
    .update(formerMappings)
    .set(set)
    .where(
      and(
        ofProgram(organisationId, program),
        eq(formerMappings.agreementId, agreementId),
        isOneOf(formerMappings.tenantId, tenantIds),
      ),
    )
  if (set.lookAgainAt) await lookNoLaterThan(db, organisationId, set.lookAgainAt)
}
