import { randomBytes } from 'node:crypto'
import { and, asc, eq, isNotNull, isNull, not, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { connectionDirectory, organisations } from './tables.ts'

export type Organisation = typeof organisations.$inferSelect

export const createOrganisation = async (
  db: Database,
  values: { readonly name: string; readonly prismPartnerId?: string },
): Promise<Organisation> => {
  const publicId = randomBytes(12).toString('base64url')
  const [row] = await db
    .insert(organisations)
    .values({ ...values, publicId })
    .returning()
  if (!row) throw new Error('An insert that returns its row returned none')
  return row
}

export const organisation = async (db: Database, organisationId: string): Promise<Organisation | null> =>
  (await db.select().from(organisations).where(eq(organisations.id, organisationId)))[0] ?? null

/** The organisation of a pod address; `null` where the id is unknown, or it is being deleted. */
export const organisationByPublicId = async (db: Database, publicId: string): Promise<Organisation | null> =>
  (
    await db
      .select()
      .from(organisations)
      .where(and(eq(organisations.publicId, publicId), isNull(organisations.deletingSince)))
  )[0] ?? null

/** Every organisation but those that are being deleted. */
export const organisationIds = async (db: Database): Promise<string[]> =>
  (
    await db
      .select({ id: organisations.id })
      .from(organisations)
      .where(isNull(organisations.deletingSince))
      .orderBy(organisations.createdAt)
  ).map((row) => row.id)

export const hasOrganisations = async (db: Database): Promise<boolean> =>
  (
    await db
      .select({ id: organisations.id })
      .from(organisations)
      .where(isNull(organisations.deletingSince))
      .limit(1)
  ).length > 0

export interface DeletingOrganisation {
  readonly id: string
  readonly since: Date
}

/** Organisations that are being deleted, the longest first. */
export const deletingOrganisations = async (db: Database): Promise<DeletingOrganisation[]> => {
  const rows = await db
    .select({ id: organisations.id, since: organisations.deletingSince })
    .from(organisations)
    .where(isNotNull(organisations.deletingSince))
    .orderBy(asc(organisations.deletingSince))
  return rows.flatMap(({ id, since }) => (since === null ? [] : [{ id, since }]))
}

const dueAt = sql`coalesce(${organisations.removalsDueAt}, ${organisations.createdAt} + interval '1 day')`

/**
 * Takes organisations in which what is kept for a time alone is to be looked through, the longest waiting first, and notes them for
 * `againMs` later: where the job dies, they come by themselves.
 */
export const takeDueRemovals = async (
  db: Database,
  now: Date,
  { limit, againMs }: { readonly limit: number; readonly againMs: number },
): Promise<string[]> => {
  const due = db
    .select({ id: organisations.id })
    .from(organisations)
    .where(and(sql`${dueAt} <= ${now.toISOString()}::timestamptz`, isNull(organisations.deletingSince)))
    .orderBy(dueAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .update(organisations)
    .set({ removalsDueAt: new Date(now.getTime() + againMs) })
    .where(sql`${organisations.id} IN ${due}`)
    .returning({ id: organisations.id })
  return rows.map(({ id }) => id)
}

export const changeOrganisation = async (
  db: Database,
  organisationId: string,
  change: Partial<
    Pick<Organisation, 'name' | 'membersRight' | 'timeZone' | 'secondFactor' | 'packsAfterMonths'>
  >,
): Promise<void> => {
  await db.update(organisations).set(change).where(eq(organisations.id, organisationId))
}

/** The organisation of a PRISM partner; `null` where the partner is unknown here. */
export const organisationOfPartner = async (
  db: Database,
  prismPartnerId: string,
): Promise<Organisation | null> =>
  (await db.select().from(organisations).where(eq(organisations.prismPartnerId, prismPartnerId)))[0] ?? null

/** Makes others who ask for the same partner wait until the transaction ends. */
export const lockPartner = async (db: Database, prismPartnerId: string): Promise<void> => {
  await db.execute(sql`SELECT pg_advisory_xact_lock(7246003, hashtext(${prismPartnerId}))`)
}

/** Notes whose PRISM credentials the organisation has, unless it has a partner already or the partner another organisation. */
export const notePrismPartner = async (
  db: Database,
  organisationId: string,
  prismPartnerId: string,
): Promise<void> => {
  await db.execute(sql`UPDATE ${organisations} SET prism_partner_id = ${prismPartnerId}
    WHERE id = ${organisationId} AND prism_partner_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM ${organisations} WHERE prism_partner_id = ${prismPartnerId})`)
}

interface ConnectWiseAddress {
  readonly site: string
  readonly companyId: string
}

const isAt = ({ site, companyId }: ConnectWiseAddress): SQL =>
  sql`(${connectionDirectory.site} = ${site.toLowerCase()} AND ${connectionDirectory.companyId} = ${companyId.toLowerCase()})`

/** Notes that a ConnectWise site + company is this organisation's; false where it is another's. */
export const claimConnectWiseCompany = async (
  db: Database,
  organisationId: string,
  address: ConnectWiseAddress,
): Promise<boolean> => {
  const key = { site: address.site.toLowerCase(), companyId: address.companyId.toLowerCase() }
  await db
    .insert(connectionDirectory)
    .values({ ...key, organisationId })
    .onConflictDoNothing()
  return (await organisationOfConnectWiseCompany(db, key)) === organisationId
}

export const organisationOfConnectWiseCompany = async (
  db: Database,
  address: ConnectWiseAddress,
): Promise<string | null> => {
  const [row] = await db
    .select({ organisationId: connectionDirectory.organisationId })
    .from(connectionDirectory)
    .where(isAt(address))
  return row?.organisationId ?? null
}

/** Gives up every ConnectWise company of the organisation but `kept`. */
export const releaseOtherConnectWiseCompanies = async (
  db: Database,
  organisationId: string,
  kept: ConnectWiseAddress,
): Promise<void> => {
  await db
    .delete(connectionDirectory)
    .where(and(eq(connectionDirectory.organisationId, organisationId), not(isAt(kept))))
}

export const releaseConnectWiseCompanies = async (db: Database, organisationId: string): Promise<void> => {
  await db.delete(connectionDirectory).where(eq(connectionDirectory.organisationId, organisationId))
}
