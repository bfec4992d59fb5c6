import { isDeepStrictEqual } from 'node:util'
import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, notExists, sql } from 'drizzle-orm'
import type { Addition, BilledDoubt, Day } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { isLeased } from './leases.ts'
import { changes, readings } from './tables.ts'

/** An agreement's additions as they were read last while ConnectWise had invoiced it so far. */
export type StoredReading = Pick<
  typeof readings.$inferSelect,
  'id' | 'lastReadAt' | 'nextInvoiceDate' | 'additions'
> & { readonly doubts: readonly Required<BilledDoubt>[] }

/** How many invoices back is remembered what they billed. */
const KEPT = 24

const ofAgreement = (organisationId: string, agreementId: number) =>
  and(eq(readings.organisationId, organisationId), eq(readings.agreementId, agreementId))

/** The database's clock, which tells a reading from what is written after it. */
export const readingClock = async (db: Database): Promise<Date> => {
  const { rows } = await db.execute<{ now: string }>(
    sql`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS now`,
  )
  const [row] = rows
  if (!row) throw new Error('The database gave no time')
  return new Date(Number(row.now))
}

/** Those before invoices of `since` and later (`null`: none of them), and the newest in any case; oldest first. */
export const readingsOf = async (
  db: Database,
  organisationId: string,
  agreementId: number,
  since: Day | null,
): Promise<StoredReading[]> => {
  const rows = await db
    .select({
      id: readings.id,
      lastReadAt: readings.lastReadAt,
      nextInvoiceDate: readings.nextInvoiceDate,
      additions: readings.additions,
      doubts: readings.doubts,
    })
    .from(readings)
    .where(
      and(
        ofAgreement(organisationId, agreementId),
        sql`(${readings.nextInvoiceDate} >= ${since}::date OR ${readings.id} = (SELECT max(id) FROM readings WHERE organisation_id = ${organisationId} AND agreement_id = ${agreementId}))`,
      ),
    )
    .orderBy(asc(readings.id))
  return rows.map((row) => ({ ...row, doubts: row.doubts.map((each) => ({ ...each, readingId: row.id })) }))
}

/**
 * Of each of the agreements the first day that ConnectWise had not invoiced when it was read last; `null`: it did not say. Those that
 * were never read are left out.
 */
export const nextInvoiceDates = async (
  db: Database,
  organisationId: string,
  agreementIds: readonly number[],
): Promise<ReadonlyMap<number, Day | null>> => {
  const rows = await db
    .selectDistinctOn([readings.agreementId], {
      agreementId: readings.agreementId,
      nextInvoiceDate: readings.nextInvoiceDate,
    })
    .from(readings)
    .where(and(eq(readings.organisationId, organisationId), isOneOf(readings.agreementId, agreementIds)))
    .orderBy(readings.agreementId, desc(readings.id))
  return new Map(rows.map((row) => [row.agreementId, row.nextInvoiceDate]))
}

/** The newest reading of each of the agreements; those that were never read are left out. */
export const newestReadings = async (
  db: Database,
  organisationId: string,
  agreementIds: readonly number[],
): Promise<
  (Pick<StoredReading, 'lastReadAt' | 'nextInvoiceDate' | 'additions'> & { agreementId: number })[]
> =>
  db
    .selectDistinctOn([readings.agreementId], {
      agreementId: readings.agreementId,
      lastReadAt: readings.lastReadAt,
      nextInvoiceDate: readings.nextInvoiceDate,
      additions: readings.additions,
    })
    .from(readings)
    .where(and(eq(readings.organisationId, organisationId), isOneOf(readings.agreementId, agreementIds)))
    .orderBy(readings.agreementId, desc(readings.id))

/** Writes to the agreement's additions that were settled as done after `since`, oldest first; `after` is `null` for a deletion. */
export const writesSettledSince = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  since: Date,
): Promise<{ additionId: number; after: Addition | null }[]> => {
  const rows = await db
    .select({ additionId: changes.additionId, after: changes.after, kind: changes.kind })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.agreementId, agreementId),
        inArray(changes.kind, ['create', 'end', 'update', 'delete']),
        eq(changes.outcome, 'done'),
        isNotNull(changes.additionId),
        gt(changes.settledAt, since),
      ),
    )
    .orderBy(asc(changes.id))
  return rows.flatMap(({ additionId, after, kind }) =>
    additionId === null || (after === null && kind !== 'delete')
      ? []
      : [{ additionId, after: kind === 'delete' ? null : after }],
  )
}

/** What an invoice billed, as it is stored. */
export interface BilledReading extends Pick<StoredReading, 'nextInvoiceDate' | 'additions'> {
  readonly doubts: readonly BilledDoubt[]
}

export interface NewReading {
  readonly program: string
  readonly agreementId: number
  /** The key of the agreement's lease. */
  readonly resource: string
  /** Whether whoever read it holds that lease; a reading by another is not stored while somebody does. */
  readonly isWriter: boolean
  /** From before it was read, by `readingClock`. */
  readonly readAt: Date
  readonly nextInvoiceDate: Day
  readonly additions: readonly Addition[]
  /** The newest stored one when it was compared; `null` where there was none. */
  readonly previous: Pick<StoredReading, 'id' | 'nextInvoiceDate' | 'additions'> | null
  /** Where it was invoiced since that one: what each invoice billed, that one's first; else none. */
  readonly billed: readonly BilledReading[]
}

/**
 * Stores a reading: of those between two invoices the last one stays. False where it may show half of what a sync writes, or
 * another one was stored meanwhile; then nothing is stored.
 */
export const storeReading = async (
  db: Database,
  organisationId: string,
  reading: NewReading,
): Promise<boolean> => (await renewed(db, organisationId, reading)) || stored(db, organisationId, reading)

/**
 * Most readings are the same as the one before, of which only the time moves on: one statement, in which all that `stored` looks at
 * must hold. It is for the agreement's only writer, beside whom nobody stores a reading.
 */
const renewed = async (db: Database, organisationId: string, reading: NewReading): Promise<boolean> => {
  const { agreementId, nextInvoiceDate, additions, readAt, previous, isWriter } = reading
  if (!isWriter || previous?.nextInvoiceDate !== nextInvoiceDate) return false
  const asStored = JSON.stringify(additions)
  if (!isDeepStrictEqual(JSON.parse(asStored), previous.additions)) return false
  const newest = sql`(SELECT max(id) FROM readings WHERE organisation_id = ${organisationId} AND agreement_id = ${agreementId})`
  const rows = await db
    .update(readings)
    .set({ lastReadAt: readAt })
    .where(
      and(
        ofAgreement(organisationId, agreementId),
        eq(readings.id, previous.id),
        sql`${readings.id} = ${newest}`,
        eq(readings.nextInvoiceDate, nextInvoiceDate),
        sql`${readings.additions} = ${asStored}::jsonb`,
        lte(readings.lastReadAt, readAt),
        notExists(writesSince(db, organisationId, reading)),
      ),
    )
    .returning({ id: readings.id })
  return rows.length > 0
}

const stored = async (db: Database, organisationId: string, reading: NewReading): Promise<boolean> =>
  db.transaction(async (tx) => {
    const { agreementId, nextInvoiceDate, readAt, previous, billed } = reading
    await tx.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended(${`readings/${organisationId}/${agreementId}`}, 0))`,
    )
    const [newest] = await tx
      .select({
        id: readings.id,
        lastReadAt: readings.lastReadAt,
        nextInvoiceDate: readings.nextInvoiceDate,
        isSame: sql<boolean>`${readings.additions} = ${JSON.stringify(reading.additions)}::jsonb`,
      })
      .from(readings)
      .where(ofAgreement(organisationId, agreementId))
      .orderBy(desc(readings.id))
      .limit(1)
    const isOvertaken =
      (newest?.id ?? null) !== (previous?.id ?? null) || (newest !== undefined && newest.lastReadAt > readAt)
    if (isOvertaken || (await isWrittenTo(tx, organisationId, reading))) return false
    const setNewest = (set: Partial<typeof readings.$inferInsert>) =>
      tx
        .update(readings)
        .set(set)
        .where(and(ofAgreement(organisationId, agreementId), eq(readings.id, newest?.id ?? 0)))
    const times = { firstReadAt: readAt, lastReadAt: readAt }
    if (newest?.nextInvoiceDate === nextInvoiceDate) {
      const { additions } = reading
      await setNewest(newest.isSame ? { lastReadAt: readAt } : { additions, ...times })
      return true
    }
    const [first, ...others] = billed
    if (first) await setNewest({ additions: first.additions, doubts: first.doubts })
    for (const { nextInvoiceDate, additions, doubts } of [...others, { ...reading, doubts: [] }])
      await tx
        .insert(readings)
        .values({ organisationId, agreementId, ...times, nextInvoiceDate, additions, doubts })
    await forgetOld(tx, organisationId, agreementId)
    return true
  })

/** Whether somebody writes to the agreement, or has since it was read. */
const isWrittenTo = async (tx: Database, organisationId: string, reading: NewReading): Promise<boolean> => {
  const { resource, isWriter } = reading
  if (!isWriter && (await isLeased(tx, organisationId, resource))) return true
  return (await writesSince(tx, organisationId, reading).limit(1)).length > 0
}

/** Writes to the agreement that are open, or were done since it was read. */
const writesSince = (db: Database, organisationId: string, { program, agreementId, readAt }: NewReading) =>
  db
    .select({ id: changes.id })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.agreementId, agreementId),
        sql`(${changes.outcome} IN ('pending', 'unknown') OR (${changes.kind} <> 'keep' AND ${changes.outcome} = 'done' AND ${changes.settledAt} > ${readAt.toISOString()}::timestamptz))`,
      ),
    )

const forgetOld = async (tx: Database, organisationId: string, agreementId: number): Promise<void> => {
  const [oldest] = await tx
    .select({ id: readings.id })
    .from(readings)
    .where(ofAgreement(organisationId, agreementId))
    .orderBy(desc(readings.id))
    .offset(KEPT)
    .limit(1)
  if (oldest)
    await tx.delete(readings).where(and(ofAgreement(organisationId, agreementId), lt(readings.id, oldest.id)))
}
