/** A full scan of ConnectWise (J7): how far it is, and what it has still to read. */
import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { insertRows, isOneOf } from '../rows.ts'
import { scannedAdditions, scannedAgreements, scannedContacts, scannedItems, scans } from './scan-tables.ts'

export type Scan = typeof scans.$inferSelect

/** `null`: there never was one. */
export const scanOf = async (db: Database, organisationId: string): Promise<Scan | null> => {
  const [row] = await db.select().from(scans).where(eq(scans.organisationId, organisationId))
  return row ?? null
}

type Begun = Pick<Scan, 'id' | 'startedAt' | 'startedBy'>

/** Begins another one, or goes on with `id` where it is that of the last one; what was read before stays until it is read again. */
export const beginScan = async (db: Database, organisationId: string, begun: Begun): Promise<void> => {
  const goesOn = {
    state: 'running',
    stopRequestedAt: null,
    stopRequestedBy: null,
    endedAt: null,
    note: null,
  } as const
  const anew = { ...goesOn, ...begun, listedAt: null, agreements: 0, contacts: null, refused: 0 }
  const isSame = sql`${scans.id} = excluded.id`
  await db
    .insert(scans)
    .values({ ...anew, organisationId })
    .onConflictDoUpdate({
      target: scans.organisationId,
      set: {
        ...goesOn,
        id: begun.id,
        startedAt: sql`CASE WHEN ${isSame} THEN ${scans.startedAt} ELSE excluded.started_at END`,
        startedBy: begun.startedBy,
        listedAt: sql`CASE WHEN ${isSame} THEN ${scans.listedAt} END`,
        agreements: sql`CASE WHEN ${isSame} THEN ${scans.agreements} ELSE 0 END`,
        contacts: sql`CASE WHEN ${isSame} THEN ${scans.contacts} END`,
        refused: sql`CASE WHEN ${isSame} THEN ${scans.refused} ELSE 0 END`,
      },
    })
}

const isRunning = (organisationId: string, id: string) =>
  and(eq(scans.organisationId, organisationId), eq(scans.id, id), eq(scans.state, 'running'))

/** False where none is running, or it was asked before. */
export const requestStopOfScan = async (
  db: Database,
  organisationId: string,
  by: string,
): Promise<boolean> => {
  const rows = await db
    .update(scans)
    .set({ stopRequestedAt: sql`now()`, stopRequestedBy: by })
    .where(
      and(
        eq(scans.organisationId, organisationId),
        eq(scans.state, 'running'),
        isNull(scans.stopRequestedAt),
      ),
    )
    .returning({ id: scans.id })
  return rows.length > 0
}

/** Changes the scan while it is running; false where it is not, or another one was begun. */
export const noteScan = async (
  db: Database,
  organisationId: string,
  id: string,
  set: Partial<Pick<Scan, 'listedAt' | 'agreements' | 'contacts'>>,
): Promise<boolean> => {
  const rows = await db
    .update(scans)
    .set(set)
    .where(isRunning(organisationId, id))
    .returning({ id: scans.id })
  return rows.length > 0
}

/** Ends it; of one that came to its end what it did not list again is forgotten. */
export const endScan = async (
  db: Database,
  organisationId: string,
  id: string,
  {
    state,
    note,
    at,
  }: { readonly state: Exclude<Scan['state'], 'running'>; readonly note: string | null; readonly at: Date },
): Promise<void> => {
  await db.transaction(async (tx) => {
    const rows = await tx
      .update(scans)
      .set({
        state,
        note,
        endedAt: at,
        ...(state === 'finished' ? { completeAt: sql`${scans.startedAt}` } : {}),
      })
      .where(isRunning(organisationId, id))
      .returning({ id: scans.id })
    if (rows.length === 0 || state !== 'finished') return
    const gone = and(eq(scannedAgreements.organisationId, organisationId), ne(scannedAgreements.scanId, id))
    await tx.execute(sql`
      DELETE FROM ${scannedAdditions} AS addition USING ${scannedAgreements}
      WHERE addition.organisation_id = ${organisationId} AND ${gone}
        AND addition.agreement_id = ${scannedAgreements.agreementId}`)
    await tx.delete(scannedAgreements).where(gone)
    await tx
      .delete(scannedItems)
      .where(and(eq(scannedItems.organisationId, organisationId), ne(scannedItems.scanId, id)))
  })
}

/** Ends the one that is running: nothing goes on with it by itself. */
export const failScan = async (db: Database, organisationId: string, note: string): Promise<void> => {
  await db
    .update(scans)
    .set({ state: 'failed', note, endedAt: sql`now()` })
    .where(and(eq(scans.organisationId, organisationId), eq(scans.state, 'running')))
}

/** After another ConnectWise was connected, or none. */
export const forgetScan = async (db: Database, organisationId: string): Promise<void> => {
  for (const each of [scans, scannedAgreements, scannedAdditions, scannedItems, scannedContacts])
    await db.delete(each).where(eq(each.organisationId, organisationId))
}

export type ListedAgreement = Pick<
  typeof scannedAgreements.$inferSelect,
  'agreementId' | 'companyId' | 'companyName' | 'name' | 'isMonthly'
>

/** The agreements that the scan is about; each waits to be read. */
export const putListed = async (
  db: Database,
  organisationId: string,
  scanId: string,
  listed: readonly ListedAgreement[],
): Promise<void> => {
  const rows = listed.map((each) => ({ ...each, organisationId, scanId, isWaiting: true }))
  await insertRows(
    db,
    scannedAgreements,
    rows,
    sql`ON CONFLICT (organisation_id, agreement_id) DO UPDATE SET company_id = excluded.company_id,
      company_name = excluded.company_name, name = excluded.name, is_monthly = excluded.is_monthly,
      scan_id = excluded.scan_id, is_waiting = true`,
  )
}

const waiting = (organisationId: string, scanId: string) =>
  and(
    eq(scannedAgreements.organisationId, organisationId),
    eq(scannedAgreements.isWaiting, true),
    eq(scannedAgreements.scanId, scanId),
  )

/** The next agreements of which the additions are to be read, by id. */
export const agreementsToScan = async (
  db: Database,
  organisationId: string,
  scanId: string,
  limit: number,
): Promise<number[]> => {
  const rows = await db
    .select({ id: scannedAgreements.agreementId })
    .from(scannedAgreements)
    .where(waiting(organisationId, scanId))
    .orderBy(asc(scannedAgreements.agreementId))
    .limit(limit)
  return rows.map(({ id }) => id)
}

export const agreementsLeftToScan = (db: Database, organisationId: string, scanId: string): Promise<number> =>
  db.$count(scannedAgreements, waiting(organisationId, scanId))

export type ScannedAddition = Omit<typeof scannedAdditions.$inferSelect, 'organisationId'>

export interface ScannedPart {
  readonly read: readonly number[]
  /** Agreements whose additions were not given. */
  readonly refused: readonly number[]
  readonly additions: readonly ScannedAddition[]
  readonly at: Date
}

/** What of some agreements was read, in place of what was there; false where the scan is not running any more. */
export const putScanned = async (
  db: Database,
  organisationId: string,
  scanId: string,
  { read, refused, additions, at }: ScannedPart,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const rows = await tx
      .update(scans)
      .set({ refused: sql`${scans.refused} + ${refused.length}` })
      .where(isRunning(organisationId, scanId))
      .returning({ id: scans.id })
    if (rows.length === 0) return false
    const these = (ids: readonly number[]) =>
      and(eq(scannedAgreements.organisationId, organisationId), isOneOf(scannedAgreements.agreementId, ids))
    await tx.update(scannedAgreements).set({ isWaiting: false, readAt: at }).where(these(read))
    await tx.update(scannedAgreements).set({ isWaiting: false }).where(these(refused))
    await tx
      .delete(scannedAdditions)
      .where(
        and(eq(scannedAdditions.organisationId, organisationId), isOneOf(scannedAdditions.agreementId, read)),
      )
    await insertRows(
      tx,
      scannedAdditions,
      additions.map((each) => ({ ...each, organisationId })),
    )
    return true
  })

/** Catalog items of additions that the scan has not read yet, by id. */
export const itemsToScan = async (
  db: Database,
  organisationId: string,
  scanId: string,
  limit: number,
): Promise<number[]> => {
  const { rows } = await db.execute<{ id: number }>(sql`
    SELECT DISTINCT addition.item_id AS id FROM ${scannedAdditions} AS addition
    WHERE addition.organisation_id = ${organisationId} AND NOT EXISTS (
      SELECT FROM ${scannedItems} AS item
      WHERE item.organisation_id = ${organisationId} AND item.item_id = addition.item_id AND item.scan_id = ${scanId})
    ORDER BY id LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}

export type ScannedItem = Omit<typeof scannedItems.$inferSelect, 'organisationId'>

export const putScannedItems = (
  db: Database,
  organisationId: string,
  items: readonly ScannedItem[],
): Promise<void> =>
  insertRows(
    db,
    scannedItems,
    items.map((each) => ({ ...each, organisationId })),
    sql`ON CONFLICT (organisation_id, item_id) DO UPDATE SET identifier = excluded.identifier,
      description = excluded.description, sku = excluded.sku, scan_id = excluded.scan_id`,
  )

/** The domains of all companies, in place of those that were there. */
export const putScannedContacts = async (
  db: Database,
  organisationId: string,
  domains: ReadonlyMap<number, readonly string[]>,
): Promise<void> => {
  await db.transaction(async (tx) => {
    await tx.delete(scannedContacts).where(eq(scannedContacts.organisationId, organisationId))
    await insertRows(
      tx,
      scannedContacts,
      [...domains].map(([companyId, of]) => ({ organisationId, companyId, domains: of })),
    )
  })
}
