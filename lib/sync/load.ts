/** Loading one invoice file: streamed into an invoice in state `loading`, then judged (F1). Nothing is usable yet. */
import { createHash, type Hash } from 'node:crypto'
import {
  assignTenants,
  deleteInvoice,
  deleteLines,
  type Invoice,
  type InvoiceReason,
  insertLines,
  lineFacts,
  type StoredLine,
  startInvoice,
  updateInvoice,
} from '#db/queries/invoices.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { InvoiceRefused } from '#lib/prism/errors.ts'
import { readInvoiceCsv } from '#lib/prism/invoice-csv.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import type { SyncContext } from './context.ts'

/** Lines a statement; memory stays bounded however long the file is. */
const linesPerBatch = 1000

/** What a file turned out to be, before it is compared with other invoices of its month. */
export type Judgement =
  | { readonly state: 'ready' }
  | {
      readonly state: 'held' | 'refused'
      readonly reasonCode: InvoiceReason
      readonly reason: string
      readonly row: number | null
      readonly column: string | null
    }

export interface Loaded {
  readonly id: string
  readonly header: InvoiceHeader
  readonly judgement: Judgement
}

/** SHA-256 of a file, hexadecimal. */
export const contentHash = async (ctx: SyncContext, prismInvoiceId: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of await ctx.prism.invoiceCsv(prismInvoiceId)) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * Loads a file as invoice `id`; it stays in state `loading` until `detect` decides about it. A refused file keeps no lines.
 * Errors of PRISM are thrown, and the load deleted: an unread file is not a refused one.
 */
export const loadInvoice = async (ctx: SyncContext, header: InvoiceHeader, id: string): Promise<Loaded> => {
  const { db, organisationId, program } = ctx
  const { id: prismInvoiceId, programName, period, invoicedOn } = header
  await startInvoice(db, organisationId, program.slug, {
    id,
    prismInvoiceId,
    programName,
    period,
    invoicedOn,
  })
  try {
    const hash = createHash('sha256')
    const refusal = await readLines(ctx, header, id, hash)
    if (refusal) return { id, header, judgement: await refuse(ctx, id, prismInvoiceId, refusal) }
    await assignTenants(db, organisationId, program.slug, id)
    return { id, header, judgement: await judge(ctx, id, header, hash.digest('hex')) }
  } catch (error) {
    await deleteInvoice(db, organisationId, program.slug, id)
    throw error
  }
}

const readLines = async (
  ctx: SyncContext,
  header: InvoiceHeader,
  id: string,
  hash: Hash,
): Promise<InvoiceRefused | null> => {
  const { db, organisationId, program } = ctx
  try {
    let batch: StoredLine[] = []
    for await (const line of readInvoiceCsv(hashed(await ctx.prism.invoiceCsv(header.id), hash))) {
      batch.push(line)
      if (batch.length < linesPerBatch) continue
      await insertLines(db, organisationId, program.slug, id, batch)
      batch = []
    }
    await insertLines(db, organisationId, program.slug, id, batch)
    return null
  } catch (error) {
    if (error instanceof InvoiceRefused) return error
    throw error
  }
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
}

/** A refused file was not read to its end, so it is read once more for its hash: a corrected one is then recognised. */
const refuse = async (
  ctx: SyncContext,
  id: string,
  prismInvoiceId: string,
  refusal: InvoiceRefused,
): Promise<Judgement> => {
  const { db, organisationId, program } = ctx
  const hash = await contentHash(ctx, prismInvoiceId)
  await db.transaction(async (tx) => {
    await deleteLines(tx, organisationId, program.slug, id)
    await updateInvoice(tx, organisationId, program.slug, id, {
      contentHash: hash,
      contentCheckedAt: ctx.now(),
    })
  })
  const { row, column, reason } = refusal
  return { state: 'refused', reasonCode: 'unreadable', reason, row, column }
}

const judge = async (
  ctx: SyncContext,
  id: string,
  header: InvoiceHeader,
  hash: string,
): Promise<Judgement> => {
  const { db, organisationId, program } = ctx
  const month = { first: firstDay(header.period), last: lastDay(header.period) }
  const facts = await lineFacts(db, organisationId, program.slug, id, month)
  await updateInvoice(db, organisationId, program.slug, id, {
    contentHash: hash,
    contentCheckedAt: ctx.now(),
    lineCount: facts.lines,
    totalCost: facts.cost,
    totalPrice: facts.price,
    hasCycle: facts.hasCycle,
  })
  const held = (reasonCode: InvoiceReason, reason: string, row: number | null): Judgement => ({
    state: 'held',
    reasonCode,
    reason,
    row,
    column: null,
  })
  if (facts.lines === 0) return held('no-lines', 'The file has no lines.', null)
  if (facts.firstNegativeRow !== null)
    return held(
      'negative-line',
      `Line ${facts.firstNegativeRow} has a negative amount or quantity.`,
      facts.firstNegativeRow,
    )
  if (facts.firstRowOutsideMonth !== null)
    return held(
      'out-of-month',
      `Line ${facts.firstRowOutsideMonth} lies outside the usage month ${header.period}.`,
      facts.firstRowOutsideMonth,
    )
  return { state: 'ready' }
}

/** The id of the next content of a PRISM invoice: its own id, then `-2`, `-3`… */
export const nextInvoiceId = (prismInvoiceId: string, versions: readonly Invoice[]): string =>
  versions.length === 0 ? prismInvoiceId : `${prismInvoiceId}-${versions.length + 1}`
