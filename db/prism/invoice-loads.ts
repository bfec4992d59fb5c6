/** Which invoice files are still to be loaded, and how far each is. */
import { and, asc, type Column, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { invoices } from './invoice-tables.ts'
import type { ListedInvoice } from './invoices.ts'
import { invoiceLoads } from './load-tables.ts'

export type InvoiceLoad = typeof invoiceLoads.$inferSelect

const ofProgram = (organisationId: string, program: string) =>
  and(eq(invoiceLoads.organisationId, organisationId), eq(invoiceLoads.program, program))
const is = ({ organisationId, program, prismInvoiceId }: InvoiceLoad) =>
  and(ofProgram(organisationId, program), eq(invoiceLoads.prismInvoiceId, prismInvoiceId))

const isOpenOf = (organisationId: string, program: string) =>
  and(ofProgram(organisationId, program), isNull(invoiceLoads.doneAt))
const inTurn = [asc(invoiceLoads.askedAt), asc(invoiceLoads.period), asc(invoiceLoads.prismInvoiceId)]

/** None of its lines is stored. */
export const unread = {
  lines: 0,
  bytes: 0,
  headerBytes: 0,
  fileLines: 0,
  beginningHash: null,
  contentHash: null,
} as const
const unbegun = {
  ...unread,
  invoiceId: null,
  takesState: null,
  knownHash: null,
  restarts: 0,
  failures: 0,
} as const

/**
 * Either files are asked for, or months are decided: nothing is decided before the files are in that a look found. Held until
 * the end of the transaction.
 */
const oneAtATime = async (tx: Database, organisationId: string, program: string): Promise<void> => {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`loads/${organisationId}/${program}`}, 0))`,
  )
}

/** Notes that the files are to be loaded; one that is under way already goes on. */
export const askForLoads = (
  db: Database,
  organisationId: string,
  program: string,
  listed: readonly Omit<ListedInvoice, 'id'>[],
): Promise<void> =>
  db.transaction(async (tx) => {
    await oneAtATime(tx, organisationId, program)
    for (const { prismInvoiceId, programName, period, invoicedOn } of listed) {
      const of = { programName, period, invoicedOn }
      await tx
        .insert(invoiceLoads)
        .values({ organisationId, program, prismInvoiceId, ...of })
        .onConflictDoUpdate({
          target: [invoiceLoads.organisationId, invoiceLoads.program, invoiceLoads.prismInvoiceId],
          set: { ...of, ...unbegun, doneAt: null },
          setWhere: isNotNull(invoiceLoads.doneAt),
        })
    }
  })

/** PRISM's ids of the files that are not in yet, those that were asked for first, and of them the oldest months, first. */
export const openLoads = async (db: Database, organisationId: string, program: string): Promise<string[]> => {
  const rows = await db
    .select({ id: invoiceLoads.prismInvoiceId })
    .from(invoiceLoads)
    .where(isOpenOf(organisationId, program))
    .orderBy(...inTurn)
  return rows.map(({ id }) => id)
}

export interface LoadUnderWay extends Pick<InvoiceLoad, 'prismInvoiceId' | 'period' | 'lines'> {
  /** Whether these are all of its lines. */
  readonly isWhole: boolean
}

/** The files that are not in yet, in the order of `openLoads`, and how far each is. */
export const loadsUnderWay = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<LoadUnderWay[]> =>
  db
    .select({
      prismInvoiceId: invoiceLoads.prismInvoiceId,
      period: invoiceLoads.period,
      lines: invoiceLoads.lines,
      isWhole: sql<boolean>`${invoiceLoads.contentHash} IS NOT NULL`,
    })
    .from(invoiceLoads)
    .where(isOpenOf(organisationId, program))
    .orderBy(...inTurn)

/** One that is not in yet; `null` where there is none of the id. */
export const openLoad = async (
  db: Database,
  organisationId: string,
  program: string,
  prismInvoiceId: string,
): Promise<InvoiceLoad | null> =>
  (
    await db
      .select()
      .from(invoiceLoads)
      .where(
        and(
          ofProgram(organisationId, program),
          eq(invoiceLoads.prismInvoiceId, prismInvoiceId),
          isNull(invoiceLoads.doneAt),
        ),
      )
  )[0] ?? null

export type LoadChange = Partial<
  Omit<InvoiceLoad, 'organisationId' | 'program' | 'prismInvoiceId' | 'doneAt' | 'detected'>
>

/**
 * Changes a load that is as far as the caller knows it to be; `null`: another process has taken it further, so that what
 * belongs to this step must not be stored.
 */
export const moveLoad = async (
  tx: Database,
  load: InvoiceLoad,
  set: LoadChange & { readonly doneAt?: Date; readonly detected?: number },
): Promise<InvoiceLoad | null> => {
  const [moved] = await tx
    .update(invoiceLoads)
    .set(set)
    .where(
      and(
        is(load),
        isNull(invoiceLoads.doneAt),
        eq(invoiceLoads.bytes, load.bytes),
        eq(invoiceLoads.restarts, load.restarts),
        sql`(${invoiceLoads.invoiceId}, ${invoiceLoads.beginningHash}, ${invoiceLoads.contentHash})
          IS NOT DISTINCT FROM (${load.invoiceId}::text, ${load.beginningHash}::text, ${load.contentHash}::text)`,
      ),
    )
    .returning()
  return moved ?? null
}

export interface DoneLoads {
  readonly ids: readonly string[]
  /** How many invoices they found to wait for a person. */
  readonly detected: number
}

/** The loads that are in; `null` while one is not. To be asked before months are decided, in the same transaction. */
export const lockDoneLoads = async (
  tx: Database,
  organisationId: string,
  program: string,
): Promise<DoneLoads | null> => {
  await oneAtATime(tx, organisationId, program)
  const loads = await tx.select().from(invoiceLoads).where(ofProgram(organisationId, program))
  if (loads.some(({ doneAt }) => doneAt === null)) return null
  return {
    ids: loads.map((each) => each.prismInvoiceId),
    detected: loads.reduce((sum, each) => sum + each.detected, 0),
  }
}

/** Whether files are in whose months may be undecided, or nothing may be enqueued of. */
export const hasDoneLoads = async (db: Database, organisationId: string, program: string): Promise<boolean> =>
  (await db.$count(invoiceLoads, and(ofProgram(organisationId, program), isNotNull(invoiceLoads.doneAt)))) > 0

/** Forgets loads, once all that follows from them is done. */
export const forgetLoads = async (
  db: Database,
  organisationId: string,
  program: string,
  ids: readonly string[],
): Promise<void> => {
  await db
    .delete(invoiceLoads)
    .where(
      and(
        ofProgram(organisationId, program),
        isOneOf(invoiceLoads.prismInvoiceId, ids),
        isNotNull(invoiceLoads.doneAt),
      ),
    )
}

/** Deletes what was coming in and nobody loads any more, lines included; what was loaded to its end stays. */
export const deleteDeadLoads = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<void> => {
  await db
    .delete(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        eq(invoices.state, 'loading'),
        isNotLoading(invoices, invoices.id),
      ),
    )
}

interface OfProgram {
  readonly organisationId: Column
  readonly program: Column
}

/** That the lines of an invoice are not just coming in: half of them say nothing. */
export const isNotLoading = (of: OfProgram, invoiceId: Column): SQL =>
  sql`NOT EXISTS (
    SELECT FROM ${invoiceLoads} AS load
    WHERE load.organisation_id = ${of.organisationId} AND load.program = ${of.program}
      AND load.invoice_id = ${invoiceId} AND load.done_at IS NULL)`
