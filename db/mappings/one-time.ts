/** Which One-Time agreement carries what a tenant is billed at once (J9). */
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import { versionsOf } from '#db/prism/annual-invoices.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { type Attempt, attempted, keptOnAgreement, soonest } from './look-again.ts'
import { oneTimeMappings } from './one-time-tables.ts'

export type OneTimeMapping = typeof oneTimeMappings.$inferSelect

const ofProgram = (organisationId: string, program: string) =>
  and(eq(oneTimeMappings.organisationId, organisationId), eq(oneTimeMappings.program, program))
const is = (organisationId: string, program: string, tenantId: string) =>
  and(ofProgram(organisationId, program), eq(oneTimeMappings.tenantId, tenantId))

const listed = (db: Database, which: SQL | undefined): Promise<OneTimeMapping[]> =>
  db
    .select()
    .from(oneTimeMappings)
    .where(which)
    .orderBy(asc(oneTimeMappings.agreementId), asc(oneTimeMappings.tenantId))

/** `null`: the tenant has none. */
export const oneTimeMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<OneTimeMapping | null> => (await listed(db, is(organisationId, program, tenantId)))[0] ?? null

export const oneTimeMappingsOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<OneTimeMapping[]> => listed(db, ofProgram(organisationId, program))

export const oneTimeMappingsOfAgreement = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<OneTimeMapping[]> =>
  listed(db, and(ofProgram(organisationId, program), eq(oneTimeMappings.agreementId, agreementId)))

/** Of the agreements, those that are One-Time agreements of customers. */
export const oneTimeAgreementsAmong = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<ReadonlySet<number>> => {
  if (agreementIds.length === 0) return new Set()
  const rows = await db
    .selectDistinct({ agreementId: oneTimeMappings.agreementId })
    .from(oneTimeMappings)
    .where(and(ofProgram(organisationId, program), isOneOf(oneTimeMappings.agreementId, agreementIds)))
  return new Set(rows.map(({ agreementId }) => agreementId))
}

export const oneTimeMappingsOfCompany = async (
  db: Database,
  organisationId: string,
  program: string,
  companyId: number,
): Promise<OneTimeMapping[]> =>
  listed(db, and(ofProgram(organisationId, program), eq(oneTimeMappings.companyId, companyId)))

export const oneTimeMappingsOfTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<OneTimeMapping[]> =>
  tenantIds.length === 0
    ? []
    : listed(db, and(ofProgram(organisationId, program), isOneOf(oneTimeMappings.tenantId, tenantIds)))

/** Maps a tenant, or changes its mapping; where the agreement changes, what belonged to the old one (the last attempt) is dropped. */
export const putOneTimeMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
  values: Pick<OneTimeMapping, 'companyId' | 'agreementId' | 'syncEnabled' | 'mappedBy'> &
    Partial<Pick<OneTimeMapping, 'companyName' | 'agreementName'>>,
): Promise<OneTimeMapping> => {
  const kept = keptOnAgreement(oneTimeMappings.agreementId)
  const [row] = await db
    .insert(oneTimeMappings)
    .values({ ...values, organisationId, program, tenantId })
    .onConflictDoUpdate({
      target: [oneTimeMappings.organisationId, oneTimeMappings.program, oneTimeMappings.tenantId],
      set: {
        ...values,
        mappedAt: new Date(),
        attemptedAt: kept(oneTimeMappings.attemptedAt),
        lookAgainAt: kept(oneTimeMappings.lookAgainAt),
        lookingSince: kept(oneTimeMappings.lookingSince),
      },
    })
    .returning()
  if (!row) throw new Error('An upsert that returns its row returned none')
  return row
}

export const deleteOneTimeMapping = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<void> => {
  await db.delete(oneTimeMappings).where(is(organisationId, program, tenantId))
}

/** Notes, when a sync of the agreement's tenants ends, what it had read, and from when on to look again by itself. */
export const noteOneTimeAttempt = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  tenantIds: readonly string[],
  attempt: Attempt,
): Promise<void> => {
  if (tenantIds.length === 0) return
  const rows = await db
    .update(oneTimeMappings)
    .set(attempted(oneTimeMappings, attempt))
    .where(
      and(
        ofProgram(organisationId, program),
        eq(oneTimeMappings.agreementId, agreementId),
        isOneOf(oneTimeMappings.tenantId, tenantIds),
      ),
    )
    .returning({ at: oneTimeMappings.lookAgainAt })
  const again = soonest(rows)
  if (again !== null) await lookNoLaterThan(db, organisationId, again)
}

/** Has `detect` sync the tenants' One-Time agreements again from a moment on. @param tenantIds left out: of all */
export const lookAtOneTimeAgain = async (
  db: Database,
  organisationId: string,
  program: string,
  at: Date,
  tenantIds?: readonly string[],
): Promise<void> => {
  const some = tenantIds === undefined ? undefined : isOneOf(oneTimeMappings.tenantId, tenantIds)
  const changed = await db
    .update(oneTimeMappings)
    .set({ lookAgainAt: at, lookingSince: null })
    .where(and(ofProgram(organisationId, program), some))
    .returning({ tenantId: oneTimeMappings.tenantId })
  if (changed.length > 0) await lookNoLaterThan(db, organisationId, at)
}

/** The same of the agreements. */
export const lookAtOneTimeAgreementsAgain = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
  at: Date,
): Promise<void> => {
  const changed = await db
    .update(oneTimeMappings)
    .set({ lookAgainAt: at, lookingSince: null })
    .where(and(ofProgram(organisationId, program), isOneOf(oneTimeMappings.agreementId, agreementIds)))
    .returning({ tenantId: oneTimeMappings.tenantId })
  if (changed.length > 0) await lookNoLaterThan(db, organisationId, at)
}

/** An annual invoice of a tenant that syncs which came, was picked or taken over after the tenant's last attempt. */
export interface NotAttempted {
  readonly tenantId: string
  readonly agreementId: number
  readonly issuedOn: Day
  readonly isTaken: boolean
}

/** Annual invoices that no sync of their tenants' One-Time agreements has read yet; whether one is due is told by `isDue` of lib/billing. */
export const annualNotAttempted = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<NotAttempted[]> => {
  const ofIt = (of: string) =>
    sql.raw(
      `${of}.organisation_id = i.organisation_id AND ${of}.program = i.program AND ${of}.invoice_id = i.id AND ${of}.tenant_id = m.tenant_id`,
    )
  const { rows } = await db.execute<{
    tenant_id: string
    agreement_id: number
    invoiced_on: Day | null
    period: Period
    is_taken: boolean
  }>(sql`
    SELECT m.tenant_id, m.agreement_id, i.invoiced_on, i.period,
      ${versionsOf(sql`v.taken_at IS NOT NULL`)} AS is_taken
    FROM one_time_mappings m
    JOIN invoices i ON i.organisation_id = m.organisation_id AND i.program = m.program AND i.state = 'annual'
      AND (m.attempted_at IS NULL OR i.ready_at > m.attempted_at OR i.taken_at > m.attempted_at)
    WHERE m.organisation_id = ${organisationId} AND m.program = ${program} AND m.sync_enabled
      AND (EXISTS (SELECT FROM invoice_lines l WHERE ${ofIt('l')})
        OR EXISTS (SELECT FROM invoice_bad_lines b WHERE ${ofIt('b')})
        OR EXISTS (SELECT FROM line_claims c WHERE c.organisation_id = i.organisation_id AND c.program = i.program
          AND c.invoice_id = i.id AND c.kind = 'contested' AND c.tenant_ids @> ARRAY[m.tenant_id]))
    ORDER BY m.agreement_id, m.tenant_id, i.id`)
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    agreementId: row.agreement_id,
    issuedOn: issuedOnOf({ invoicedOn: row.invoiced_on, period: row.period }),
    isTaken: row.is_taken,
  }))
}
