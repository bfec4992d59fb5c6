/** Loading one invoice file: streamed in, judged by itself (F1), and stored before its month is decided. Nothing is usable yet. */
import { createHash, type Hash } from 'node:crypto'
import {
  deleteInvoice,
  type Invoice,
  type InvoiceChange,
  type InvoiceReason,
  startInvoice,
  updateInvoice,
} from '#db/prism/invoices.ts'
import {
  deleteLines,
  insertBadLines,
  insertLines,
  type LineFacts,
  lineFacts,
  type StoredBadLine,
  type StoredLine,
} from '#db/prism/loaded-lines.ts'
import { assignTenants } from '#db/prism/whose-lines.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import { InvoiceRefused } from '#lib/prism/errors.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import type { IntakeContext } from './context.ts'

/** Of a statement; memory stays bounded however long the file or its texts are. */
const mostLines = 1000
const mostCharacters = 4_000_000

/** What a file turned out to be, before it is compared with other invoices of its month. */
type Judgement = Pick<Invoice, 'state' | 'reasonCode' | 'reason' | 'row' | 'column'>

/** SHA-256 of a file, hexadecimal. */
export const contentHash = async (ctx: IntakeContext, prismInvoiceId: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of await ctx.prism.invoiceCsv(prismInvoiceId)) hash.update(chunk)
  return hash.digest('hex')
}

export interface LoadInput {
  readonly header: InvoiceHeader
  /** Of the content: PRISM's id, with `-2`, `-3`… for other content. */
  readonly id: string
  /** The stored invoice whose place it takes, which has no lines; `null` for a new one. */
  readonly takes: Invoice | null
  /** The hash of the content that is known: where it comes again, there is nothing to load. */
  readonly knownHash: string | null
}

/** What came of it: in which state it is stored; `same` where it is known already, or a person decided meanwhile. */
export type Loaded = 'loaded' | 'held' | 'refused' | 'same'

/**
 * Loads a file. A refused one keeps no lines and no hash: it is read again by the next look. Errors of PRISM are thrown, and
 * nothing is left of the load: an unread file is not a refused one.
 */
export const loadInvoice = async (ctx: IntakeContext, input: LoadInput): Promise<Loaded> => {
  const { db, organisationId, program } = ctx
  const { header, id, takes } = input
  const { id: prismInvoiceId, programName, period, invoicedOn } = header
  const listed = { id, prismInvoiceId, programName, period, invoicedOn }
  if (takes === null) await startInvoice(db, organisationId, program.slug, listed)
  else {
    await deleteLines(db, organisationId, program.slug, id)
    // Its lines are those of the month that is listed now.
    await updateInvoice(db, organisationId, program.slug, id, { programName, period, invoicedOn })
  }
  try {
    const hash = createHash('sha256')
    const refusal = await readLines(ctx, header, id, hash)
    if (refusal !== null) return await keepRefused(ctx, input, refusal)
    const digest = hash.digest('hex')
    if (digest === input.knownHash) {
      await deleteInvoice(db, organisationId, program.slug, id)
      return 'same'
    }
    await assignTenants(db, organisationId, program.slug, id)
    return await judge(ctx, input, digest)
  } catch (error) {
    if (takes === null) await deleteInvoice(db, organisationId, program.slug, id)
    else await deleteLines(db, organisationId, program.slug, id)
    throw error
  }
}

const readLines = async (
  ctx: IntakeContext,
  header: InvoiceHeader,
  id: string,
  hash: Hash,
): Promise<InvoiceRefused | null> => {
  const { db, organisationId, program, prism } = ctx
  let lines: StoredLine[] = []
  let badLines: StoredBadLine[] = []
  let characters = 0
  const store = async (): Promise<void> => {
    await insertLines(db, organisationId, program.slug, { id, period: header.period }, lines)
    await insertBadLines(db, organisationId, program.slug, id, badLines)
    lines = []
    badLines = []
    characters = 0
  }
  try {
    for await (const line of prism.readInvoice(hashed(await prism.invoiceCsv(header.id), hash))) {
      if ('reason' in line) badLines.push(line)
      else lines.push(line)
      characters += charactersOf(line)
      if (lines.length + badLines.length === mostLines || characters > mostCharacters) await store()
    }
    await store()
    return null
  } catch (error) {
    if (error instanceof InvoiceRefused) return error
    throw error
  }
}

const charactersOf = (line: StoredLine | StoredBadLine): number => {
  let sum = 0
  for (const value of Object.values(line)) if (typeof value === 'string') sum += value.length
  return sum
}

/** The file as it passes: its identity is that of the very bytes that were read. */
async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
}

const keepRefused = async (
  ctx: IntakeContext,
  input: LoadInput,
  { row, column, reason }: Pick<InvoiceRefused, 'row' | 'column' | 'reason'>,
): Promise<Loaded> => {
  const { db, organisationId, program } = ctx
  await deleteLines(db, organisationId, program.slug, input.id)
  const judgement = { state: 'refused', reasonCode: 'unreadable', reason, row, column } as const
  const isStored = await setJudged(ctx, input, { ...judgement, contentHash: null, lineCount: 0 })
  return isStored && input.takes?.state !== 'refused' ? 'refused' : 'same'
}

const judge = async (ctx: IntakeContext, input: LoadInput, hash: string): Promise<Loaded> => {
  const { db, organisationId, program } = ctx
  const { period } = input.header
  const month = { first: firstDay(period), last: lastDay(period) }
  const facts = await lineFacts(db, organisationId, program.slug, input.id, month)
  if (facts.lines === 0 && facts.firstBad !== null)
    return keepRefused(ctx, input, {
      ...facts.firstBad,
      reason: `${facts.firstBad.reason}, and no other line can be read either`,
    })
  const judgement = judgementOf(facts, period)
  const isStored = await setJudged(ctx, input, {
    ...judgement,
    contentHash: hash,
    lineCount: facts.lines,
    totalCost: facts.cost,
    totalPrice: facts.price,
    hasCycle: facts.hasCycle,
  })
  if (!isStored) {
    await deleteLines(db, organisationId, program.slug, input.id)
    return 'same'
  }
  return judgement.state === 'held' ? 'held' : 'loaded'
}

/** What a file is by itself, before it is compared with others of its month (F1). */
export const judgementOf = (facts: LineFacts, period: Period): Judgement => {
  const held = (
    reasonCode: InvoiceReason,
    reason: string,
    row: number | null = null,
    column: string | null = null,
  ): Judgement => ({ state: 'held', reasonCode, reason, row, column })
  if (facts.lines === 0) return held('no-lines', 'The file has no lines.')
  if (facts.firstUnplaced !== null) {
    const { row, column, reason } = facts.firstUnplaced
    return held('unplaced-line', `Line ${row} names no subscription: ${reason}.`, row, column)
  }
  if (facts.firstNegativeRow !== null)
    return held(
      'negative-line',
      `Line ${facts.firstNegativeRow} has a negative amount or quantity.`,
      facts.firstNegativeRow,
    )
  if (facts.firstRowOutsideMonth !== null)
    return held(
      'out-of-month',
      `Line ${facts.firstRowOutsideMonth} lies outside the usage month ${period}.`,
      facts.firstRowOutsideMonth,
    )
  return { state: 'loaded', reasonCode: null, reason: null, row: null, column: null }
}

/** False where it is not what it was when the load began: a person has decided about it. */
const setJudged = (ctx: IntakeContext, { id, takes }: LoadInput, set: InvoiceChange): Promise<boolean> =>
  updateInvoice(
    ctx.db,
    ctx.organisationId,
    ctx.program.slug,
    id,
    { ...set, contentCheckedAt: ctx.now(), unreadSince: null, unreadReason: null },
    [takes?.state ?? 'loading'],
  )
