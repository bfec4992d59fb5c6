import { and, asc, eq, gte, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { type Attempt, attempted, keptOnAgreement, soonest } from './look-again.ts'
import { mappings } from './tables.ts'

export type Mapping = typeof mappings.$inferSelect

const ofProgram = (organisationId: string, program: string) =>
  and(eq(mappings.organisationId, organisationId), eq(mappings.program, program))
const is = (organisationId: string, program: string, tenantId: string) =>
  and(ofProgram(organisationId, program), eq(mappings.tenantId, tenantId))

export const mapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<Mapping | null> =>
  (
    await db
      .select()
      .from(mappings)
      .where(is(organisationId, program, tenantId))
  )[0] ?? null

const listed = (db: Database, which: SQL | undefined): Promise<Mapping[]> =>
  db.select().from(mappings).where(which).orderBy(asc(mappings.agreementId), asc(mappings.tenantId))

export const mappingsOf = async (db: Database, organisationId: string, program: string): Promise<Mapping[]> =>
  listed(db, ofProgram(organisationId, program))

/** Those that sync and whose first month is this one or a later one. */
export const mappingsBegunSince = async (
  db: Database,
  organisationId: string,
  program: string,
  first: Period,
): Promise<Mapping[]> =>
  listed(
    db,
    and(ofProgram(organisationId, program), eq(mappings.syncEnabled, true), gte(mappings.firstPeriod, first)),
  )

export const mappingsOfAgreement = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<Mapping[]> =>
  listed(db, and(ofProgram(organisationId, program), eq(mappings.agreementId, agreementId)))

export const mappingsOfCompany = async (
  db: Database,
  organisationId: string,
  program: string,
  companyId: number,
): Promise<Mapping[]> =>
  listed(db, and(ofProgram(organisationId, program), eq(mappings.companyId, companyId)))

/**
 * Maps a tenant, or changes its mapping; left-out fields of an existing one keep their values. Where the agreement changes,
 * what belonged to the old one (how it begins, the last attempt) is dropped.
 */
export const putMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
  values: Pick<Mapping, 'companyId' | 'agreementId' | 'syncEnabled'> &
    Partial<Pick<Mapping, 'companyName' | 'agreementName' | 'firstPeriod' | 'begin' | 'acceptedIn'>>,
): Promise<Mapping> => {
  const kept = keptOnAgreement(mappings.agreementId)
  const [row] = await db
    .insert(mappings)
    .values({ ...values, organisationId, program, tenantId })
    .onConflictDoUpdate({
      target: [mappings.organisationId, mappings.program, mappings.tenantId, mappings.motion],
      set: {
        begin: kept(mappings.begin),
        acceptedIn: kept(mappings.acceptedIn),
        ...values,
        updatedAt: new Date(),
        attemptedInvoiceId: kept(mappings.attemptedInvoiceId),
        lookAgainAt: kept(mappings.lookAgainAt),
        lookingSince: kept(mappings.lookingSince),
        outlook: kept(mappings.outlook),
      },
    })
    .returning()
  if (!row) throw new Error('An upsert that returns its row returned none')
  return row
}

export const deleteMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<void> => {
  await db.delete(mappings).where(is(organisationId, program, tenantId))
}

/** How the tenant begins; `null`: as the program says. */
export const setBegin = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
  begin: Mapping['begin'],
): Promise<void> => {
  await db
    .update(mappings)
    .set({ begin, updatedAt: new Date() })
    .where(is(organisationId, program, tenantId))
}

/** Tenants that wait for an answer how they begin: by the last finished sync of their agreement, and not answered since. */
export const tenantsThatWaitToBegin = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<string[]> => {
  const { rows } = await db.execute<{ tenant_id: string }>(sql`
    SELECT DISTINCT m.tenant_id FROM mappings m
    JOIN waiting_subscriptions w USING (organisation_id, program, agreement_id, tenant_id)
    WHERE m.organisation_id = ${organisationId} AND m.program = ${program} AND m.sync_enabled AND m.begin IS NULL
      AND w.question = 'first-sync'
    ORDER BY m.tenant_id`)
  return rows.map((row) => row.tenant_id)
}

/** The first usage period that the tenant syncs from now on. */
export const setFirstPeriod = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
  firstPeriod: Period,
): Promise<void> => {
  await db
    .update(mappings)
    .set({ firstPeriod, attemptedInvoiceId: null, updatedAt: new Date() })
    .where(is(organisationId, program, tenantId))
}

/** Notes the period a tenant first synced on the agreement, where none was set. */
export const setFirstPeriodOnce = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantId: string,
  firstPeriod: Period,
): Promise<void> => {
  await db
    .update(mappings)
    .set({ firstPeriod })
    .where(
      and(
        is(organisationId, program, tenantId),
        eq(mappings.agreementId, agreementId),
        isNull(mappings.firstPeriod),
      ),
    )
}

/** Notes, when a sync of an agreement's tenants ends, which invoice it took up last, and from when on to look again by itself. */
export const noteAttempt = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantIds: readonly string[],
  attempt: Attempt & { readonly invoiceId: string | null },
): Promise<void> => {
  if (tenantIds.length === 0) return
  const rows = await db
    .update(mappings)
    .set({
      ...attempted(mappings, attempt),
      ...(attempt.invoiceId === null ? {} : { attemptedInvoiceId: attempt.invoiceId }),
    })
    .where(
      and(
        ofProgram(organisationId, program),
        eq(mappings.agreementId, agreementId),
        isOneOf(mappings.tenantId, tenantIds),
      ),
    )
    .returning({ at: mappings.lookAgainAt })
  const again = soonest(rows)
  if (again !== null) await lookNoLaterThan(db, organisationId, again)
}

export const mappingsOfTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<Mapping[]> =>
  tenantIds.length === 0
    ? []
    : db
        .select()
        .from(mappings)
        .where(and(ofProgram(organisationId, program), isOneOf(mappings.tenantId, tenantIds)))

/** Has `detect` sync the tenants' agreements again from a moment on, as something of them has changed. */
export const lookAtTenantsAgain = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
  at: Date,
): Promise<void> => {
  await db
    .update(mappings)
    .set({ lookAgainAt: at, lookingSince: null })
    .where(and(ofProgram(organisationId, program), isOneOf(mappings.tenantId, tenantIds)))
  await lookNoLaterThan(db, organisationId, at)
}

/**
 * From when on the agreements are synced again by themselves.
 * @param lookingSince `null`: as something new, which the history shows whatever comes of it
 */
export const lookAtAgreementsAgain = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
  at: Date,
  lookingSince: Date | null = null,
): Promise<void> => {
  if (agreementIds.length === 0) return
  await db
    .update(mappings)
    .set({ lookAgainAt: at, lookingSince })
    .where(and(ofProgram(organisationId, program), isOneOf(mappings.agreementId, agreementIds)))
  await lookNoLaterThan(db, organisationId, at)
}

/** An agreement that ended wrong is looked at no more often than this because somebody opens it. */
const openedAgainMs = 5 * 60 * 1000

/** Has the agreement looked at now because somebody opened it: false where it did not end wrong, or was synced a moment ago. */
export const takeOpened = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<boolean> => {
  const now = Date.now()
  const rows = await db
    .update(mappings)
    .set({ lookAgainAt: new Date(now) })
    .where(
      and(
        ofProgram(organisationId, program),
        eq(mappings.agreementId, agreementId),
        eq(mappings.syncEnabled, true),
        isNotNull(mappings.lookingSince),
        lt(mappings.attemptedAt, new Date(now - openedAgainMs)),
      ),
    )
    .returning({ tenantId: mappings.tenantId })
  return rows.length > 0
}
