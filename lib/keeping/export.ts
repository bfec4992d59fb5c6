/** All of an organisation as one archive: written while it is read, so that it takes the same memory whatever its size (I2). */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { OpenExport } from '#db/keeping/exports.ts'
import { log } from '#lib/base/log.ts'
import { type ReadableFile, readableFiles } from './readable.ts'
import { tarEnd, tarEntry } from './tar.ts'

/** Files are cut behind so many bytes: a part is held until its length is known. */
const FILE_BYTES = 4 * 1024 * 1024

/** Whoever reads no further for so long holds no moment of the database. */
const STALLED_MS = 2 * 60 * 1000

export interface ExportedOrganisation {
  readonly name: string
  /** Of its pods' addresses. */
  readonly publicId: string
}

interface ExportInput {
  readonly organisation: ExportedOrganisation
  readonly at: Date
  /** A line of CSV. */
  readonly csvLine: (values: readonly string[]) => string
}

interface Part {
  readonly path: string
  readonly content: Buffer
  readonly rows: number
}

/** The archive (.tar.gz), piece by piece. The reader is closed however it ends. */
export async function* exportOf({
  from,
  input,
}: {
  from: OpenExport
  input: ExportInput
}): AsyncGenerator<Uint8Array, void> {
  const gzip = createGzip({ level: 6 })
  let isLeft = false
  const written = pipeline(Readable.from(entries(from, input), { objectMode: false }), gzip).catch(
    (error: unknown) => {
      // Whoever reads it may go away; then the rest is not written.
      if (!isLeft) log.warn('export-failed', { error })
    },
  )
  try {
    for await (const chunk of gzip) {
      const stalled = setTimeout(() => from.close(), STALLED_MS).unref()
      yield chunk as Buffer
      clearTimeout(stalled)
    }
  } finally {
    isLeft = true
    gzip.destroy()
    // First, as a copy that nobody reads ends with its connection alone.
    from.close()
    await written
  }
}

async function* entries(
  from: OpenExport,
  { organisation, at, csvLine }: ExportInput,
): AsyncGenerator<Buffer> {
  const seconds = Math.floor(at.getTime() / 1000)
  const files: { path: string; rows: number; sha256: string }[] = []
  const root = 'prism-pod'
  const add = ({ path, content, rows }: Part): Buffer => {
    files.push({ path, rows, sha256: createHash('sha256').update(content).digest('hex') })
    return tarEntry(`${root}/${path}`, content, seconds)
  }
  yield tarEntry(`${root}/README.txt`, Buffer.from(readmeOf(organisation, at)), seconds)
  for (const file of readableFiles)
    for await (const part of cut(file.name, csvOf(file, from, csvLine))) yield add(part)
  for (const table of from.tables)
    for await (const part of cut(`data/${table.name}.jsonl`, withCount(from.rowsOf(table)))) yield add(part)
  for await (const part of cut('data/organisations.jsonl', own(from))) yield add(part)
  const manifest = {
    format: 'prism-pod-organisation',
    version: 1,
    madeAt: at.toISOString(),
    organisation,
    schema: from.schema,
    files,
    leftOut: Object.fromEntries(
      from.tables.flatMap(({ name, without }) => (without.length === 0 ? [] : [[name, without]])),
    ),
  }
  yield tarEntry(`${root}/manifest.json`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), seconds)
  yield tarEnd
}

/** The one row of it, whose id is the organisation's. */
async function* own(from: OpenExport): AsyncGenerator<Piece> {
  for await (const row of from.read('SELECT * FROM organisations WHERE id = $organisation'))
    yield { bytes: Buffer.from(`${JSON.stringify(row)}\n`), rows: 1 }
}

interface Piece {
  readonly bytes: Buffer
  readonly rows: number
}

async function* withCount(parts: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  for await (const bytes of parts) yield { bytes, rows: linesIn(bytes) }
}

const NEWLINE = 10
function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

/** Rows of which as many are one piece as a statement's answer has at once. */
const ROWS_AT_ONCE = 200

async function* csvOf(
  { query, columns }: ReadableFile,
  from: OpenExport,
  csvLine: ExportInput['csvLine'],
): AsyncGenerator<Piece> {
  // Excel takes a file without it for one in the machine's own code page.
  yield { bytes: Buffer.from(`\u{feff}${csvLine(Object.keys(columns))}`), rows: 0 }
  const cells = Object.values(columns)
  let lines: string[] = []
  for await (const row of from.read(query)) {
    lines.push(csvLine(cells.map((cell) => cell(row))))
    if (lines.length < ROWS_AT_ONCE) continue
    yield { bytes: Buffer.from(lines.join('')), rows: lines.length }
    lines = []
  }
  if (lines.length > 0) yield { bytes: Buffer.from(lines.join('')), rows: lines.length }
}

/** `data/changes.jsonl`, `data/changes.2.jsonl`… An empty table is an empty file: it says that there was nothing. */
async function* cut(path: string, pieces: AsyncIterable<Piece>): AsyncGenerator<Part> {
  let held: Buffer[] = []
  let bytes = 0
  let rows = 0
  let number = 1
  const part = (): Part => {
    const name = number === 1 ? path : path.replace(/(\.\w+)$/, `.${number}$1`)
    const made = { path: name, content: Buffer.concat(held), rows }
    held = []
    bytes = 0
    rows = 0
    number += 1
    return made
  }
  for await (const piece of pieces) {
    held.push(piece.bytes)
    bytes += piece.bytes.length
    rows += piece.rows
    if (bytes >= FILE_BYTES) yield part()
  }
  if (bytes > 0 || number === 1) yield part()
}

const readmeOf = (
  { name }: ExportedOrganisation,
  at: Date,
): string => `Prism Pod: all that is stored of ${name}
As it was at ${at.toISOString()} (UTC).

${readableFiles.map((each) => `${each.name}: ${each.what}.`).join('\n')}
data/: every table, a line of JSON for each row. A large one goes on in .2, .3 and so on.
manifest.json: each file with its rows and SHA-256, and the version of the tables. It is the last file:
where it is missing, the download broke off, and is to be made again.

Money and quantities are exact decimals. Prices are those of PRISM, or of price rules; cost is what rhipe charges.
Left out are keys to PRISM and ConnectWise, passwords, second factors, sessions, tokens and links.
`
