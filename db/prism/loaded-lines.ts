/** Lines of an invoice as they are loaded, and what is judged of them (F1). */
import { and, asc, eq, or, type SQL, sql } from 'drizzle-orm'
import { noSubscription, subscriptionKey } from '#lib/billing/keys.ts'
import type { Cycle } from '#lib/billing/motion.ts'
import type { BadLine, Day, InvoiceLine, Money } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { type Copy, copyRows, withCopy } from '../copy.ts'
import { isNotLoading } from './invoice-loads.ts'
import { invoiceBadLines, invoiceLines, invoices } from './invoice-tables.ts'
import type { Invoice } from './invoices.ts'
import { badOfInvoice, ofInvoice } from './of-invoice.ts'

/** A line as the file gives it; the subscription id is stored in lower case. */
export type StoredLine = Omit<InvoiceLine, 'tenantId'> & {
  readonly customerName: string
  readonly primaryDomainName: string
  readonly agreementNumber: string
}

/** A row that cannot be read, as the file gives it. */
export type StoredBadLine = Omit<BadLine, 'tenantId'> & {
  readonly customerName: string
  readonly primaryDomainName: string
}

type InvoiceOfLines = Pick<Invoice, 'id' | 'period'>

/** Lines of an invoice as they are read, until they are stored together; their tenants are not known yet. */
export interface ReadLines {
  add(line: StoredLine | StoredBadLine): void
  readonly count: () => number
  /** Of memory, nearly. */
  readonly bytes: () => number
  /** Inside the transaction that `copy` belongs to. */
  storeBy(copy: Copy): Promise<void>
}

export const readLines = (
  organisationId: string,
  program: string,
  { id, period }: InvoiceOfLines,
): ReadLines => {
  const lines = copyRows(invoiceLines)
  const badLines = copyRows(invoiceBadLines)
  return {
    add(line) {
      const of = {
        organisationId,
        program,
        invoiceId: id,
        subscriptionId: subscriptionKey(line.subscriptionId),
      }
      if ('reason' in line) badLines.add({ ...line, ...of })
      else lines.add({ ...line, ...of, period })
    },
    count: () => lines.rows() + badLines.rows(),
    bytes: () => lines.bytes() + badLines.bytes(),
    async storeBy(copy) {
      await copy(lines)
      await copy(badLines)
    },
  }
}

/** Stores the lines in one transaction with `step`, which comes first: where it throws, nothing is stored. */
export const storeWith = <T>(
  db: Database,
  lines: ReadLines,
  step: (tx: Database) => Promise<T>,
): Promise<T> =>
  withCopy(db, async (tx, copy) => {
    const result = await step(tx)
    await lines.storeBy(copy)
    return result
  })

/** Stores lines of an invoice, readable ones and others, in a transaction of their own. */
export const storeLines = async (
  db: Database,
  organisationId: string,
  program: string,
  of: InvoiceOfLines,
  lines: readonly (StoredLine | StoredBadLine)[],
): Promise<void> => {
  const read = readLines(organisationId, program, of)
  for (const line of lines) read.add(line)
  await storeWith(db, read, async () => undefined)
}

/** Deletes the lines of an invoice that stays, bad ones included. */
export const deleteLines = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<void> => {
  await db.delete(invoiceLines).where(ofInvoice(organisationId, program, invoiceId))
  await db.delete(invoiceBadLines).where(badOfInvoice(organisationId, program, invoiceId))
}

/** Invoices that still have lines without a tenant; one whose lines are just coming in is none of them. */
export const invoicesWithUnassignedLines = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<string[]> => {
  // One look into the index for each invoice, however many lines they have.
  const isIn = (lines: typeof invoiceLines | typeof invoiceBadLines): SQL => sql`EXISTS (
    SELECT FROM ${lines} WHERE ${lines.organisationId} = ${invoices.organisationId} AND ${lines.program} = ${invoices.program}
      AND ${lines.invoiceId} = ${invoices.id} AND ${lines.tenantId} IS NULL)`
  const rows = await db
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organisationId, organisationId),
        eq(invoices.program, program),
        isNotLoading(invoices, invoices.id),
        or(isIn(invoiceLines), isIn(invoiceBadLines)),
      ),
    )
  return rows.map(({ id }) => id)
}

/** What the judgement of a loaded file needs (F1). */
export interface LineFacts {
  readonly lines: number
  readonly cost: Money
  readonly price: Money
  readonly hasCycle: boolean
  readonly firstNegativeRow: number | null
  readonly firstRowOutsideMonth: number | null
  readonly badLines: number
  /** Of the bad lines, the first of all and the first that names no subscription. */
  readonly firstBad: BadLineFact | null
  readonly firstUnplaced: BadLineFact | null
}

export interface BadLineFact {
  readonly row: number
  readonly column: string | null
  readonly reason: string
}

export const lineFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  month: { readonly first: Day; readonly last: Day },
): Promise<LineFacts> => {
  const isNegative = sql`least(${invoiceLines.quantity}, ${invoiceLines.unitCost}, ${invoiceLines.unitPrice}, ${invoiceLines.cost}, ${invoiceLines.price}) < 0`
  const isOutside = sql`${invoiceLines.first} < ${month.first} OR ${invoiceLines.last} > ${month.last}`
  const [row] = await db
    .select({
      lines: sql<number>`count(*)::int`,
      cost: sql<Money>`coalesce(sum(${invoiceLines.cost}), 0)::text`,
      price: sql<Money>`coalesce(sum(${invoiceLines.price}), 0)::text`,
      hasCycle: sql<boolean>`coalesce(bool_or(${invoiceLines.billingCycle} IS NOT NULL), false)`,
      firstNegativeRow: sql<number | null>`min(${invoiceLines.row}) FILTER (WHERE ${isNegative})`,
      firstRowOutsideMonth: sql<number | null>`min(${invoiceLines.row}) FILTER (WHERE ${isOutside})`,
    })
    .from(invoiceLines)
    .where(ofInvoice(organisationId, program, invoiceId))
  if (!row) throw new Error('An aggregate without GROUP BY returned no row')
  return { ...row, ...(await badLineFacts(db, organisationId, program, invoiceId)) }
}

/** What the lines of an invoice say of their cycle and term, each once. */
export const cyclesOn = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<Cycle[]> =>
  db
    .selectDistinct({
      billingCycle: invoiceLines.billingCycle,
      termDuration: invoiceLines.termDuration,
      termUnit: invoiceLines.termUnit,
    })
    .from(invoiceLines)
    .where(ofInvoice(organisationId, program, invoiceId))

const badLineFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
): Promise<Pick<LineFacts, 'badLines' | 'firstBad' | 'firstUnplaced'>> => {
  const ofFile = badOfInvoice(organisationId, program, invoiceId)
  const first = async (condition: SQL | undefined): Promise<BadLineFact | null> => {
    const { row, column, reason } = invoiceBadLines
    const found = await db
      .select({ row, column, reason })
      .from(invoiceBadLines)
      .where(and(ofFile, condition))
      .orderBy(asc(row))
      .limit(1)
    return found[0] ?? null
  }
  return {
    badLines: await db.$count(invoiceBadLines, ofFile),
    firstBad: await first(undefined),
    firstUnplaced: await first(eq(invoiceBadLines.subscriptionId, noSubscription)),
  }
}
