/** Reading an invoice file on from where its lines are stored up to, part by part. */
import type { InvoiceLoad, LoadChange } from '#db/prism/invoice-loads.ts'
import { type ReadLines, readLines, storeWith } from '#db/prism/loaded-lines.ts'
import type { FilePlace } from '#lib/prism/values.ts'
import { type IntakeContext, isTimeUp } from './context.ts'
import { type HashedFile, hashedFile } from './file-hash.ts'
import { type BegunLoad, takeStep } from './load-step.ts'

/** Stored together: so much is read again at most after a crash, and is held in memory. */
export const mostLines = 50_000
const mostBytes = 24 * 1024 * 1024
/** The clock is looked at after so many lines, so that each call gets at least so far. */
const linesBetween = 5_000

/**
 * Reads and stores what comes behind the stored lines, until the file ends, which its `contentHash` says then, or the time is
 * up. Throws `InvoiceRefused`, `OtherBeginning`, `lease-lost` where another process has taken the load further, and errors of
 * PRISM. @param reachedNow told how far the load is each time that more of it is stored
 */
export const readOn = async (
  ctx: IntakeContext,
  begun: BegunLoad,
  reachedNow: (load: BegunLoad) => void,
): Promise<BegunLoad> => {
  const { prism } = ctx
  let load = begun
  let lines = linesOf(ctx, load)
  let place = placeOf(load)
  const file = hashedFile(await prism.invoiceCsv(load.prismInvoiceId), beginningOf(load))
  const rows = prism.readInvoice(file.parts, place)
  const store = async (more: LoadChange): Promise<void> => {
    load = await stored(ctx, load, lines, { ...reached(place, file), ...more })
    reachedNow(load)
    lines = linesOf(ctx, load)
  }
  for await (const line of rows) {
    lines.add(line)
    place = rows.place()
    file.forgetUpTo(place.bytes)
    const isFull = lines.count() >= mostLines || lines.bytes() >= mostBytes
    const isLate = (isFull || lines.count() % linesBetween === 0) && isTimeUp(ctx)
    if (isFull || isLate) await store({})
    if (isLate) return load
  }
  await store({ contentHash: file.hash() })
  return load
}

const linesOf = ({ organisationId, program }: IntakeContext, { invoiceId, period }: BegunLoad): ReadLines =>
  readLines(organisationId, program.slug, { id: invoiceId, period })

/** Where reading goes on; `null`: at the file's begin. */
const placeOf = ({ bytes, headerBytes, fileLines, beginningHash }: InvoiceLoad): FilePlace | null =>
  beginningHash === null ? null : { bytes, headerBytes, fileLines }

const beginningOf = ({ bytes, beginningHash }: InvoiceLoad) =>
  beginningHash === null ? null : { bytes, hash: beginningHash }

const reached = (place: FilePlace | null, file: HashedFile): LoadChange =>
  place === null ? {} : { ...place, beginningHash: file.hashUpTo(place.bytes) }

/** The lines, and how far the load is then, together. */
const stored = async (
  { db }: IntakeContext,
  load: BegunLoad,
  lines: ReadLines,
  set: LoadChange,
): Promise<BegunLoad> =>
  storeWith(db, lines, async (tx) => ({
    ...(await takeStep(tx, load, { ...set, lines: load.lines + lines.count() })),
    invoiceId: load.invoiceId,
  }))
