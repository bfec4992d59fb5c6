/**
 * The file of a backup: gzip around lines of text. First a line of JSON that says what it is, then each table as a line of JSON,
 * its rows as COPY writes them and a line `\.`, at the end a line of JSON with the rows of each table and the SHA-256 of all
 * before it. A file that lacks its end, or is not what was hashed, is refused as a whole.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { ProductError } from '#lib/base/errors.ts'

const headerSchema = z.object({
  format: z.literal('prism-pod-backup'),
  version: z.literal(1),
  /** ISO, UTC. */
  madeAt: z.string(),
  /** The newest migration of the database. */
  migration: z.object({ tag: z.string(), when: z.number() }),
  /** pg-boss's own version of its tables. */
  queueVersion: z.number().int(),
})
export type BackupHeader = z.infer<typeof headerSchema>

const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).min(1) })
export type BackupTable = z.infer<typeof tableSchema>

const endSchema = z.object({
  /** Of each table, by its name. */
  rows: z.record(z.string(), z.number().int()),
  /** The last value that each sequence gave, by its name. */
  sequences: z.record(z.string(), z.string()),
  sha256: z.string(),
})
export type BackupEnd = z.infer<typeof endSchema>

export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'table'; readonly table: BackupTable }
  /** Whole rows of the table before. */
  | { readonly kind: 'rows'; readonly rows: Buffer }
  | { readonly kind: 'end'; readonly end: BackupEnd }

const NEWLINE = 10
const END_OF_ROWS = Buffer.from('\\.\n')
const BEFORE_END_OF_ROWS = Buffer.from('\n\\.\n')
/** No line of JSON of ours is longer. */
const LONGEST_LINE = 4 * 1024 * 1024

const damaged = (what: string, cause?: unknown): ProductError =>
  new ProductError('request-invalid', `The file is no whole backup: ${what}. Nothing was restored.`, {
    cause,
  })

/** The parts in order. Throws `request-invalid` where the file cannot be read, ends early or was changed. */
export async function* readBackup(path: string): AsyncGenerator<BackupPart, void> {
  const parser = new Parser()
  for await (const chunk of unzipped(path)) yield* parser.parse(chunk)
  parser.finish()
}

async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path)
  const gunzip = createGunzip({ chunkSize: 1024 * 1024 })
  file.on('error', (error) => gunzip.destroy(error))
  file.pipe(gunzip)
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    throw damaged(reasonOf(error), error)
  } finally {
    file.destroy()
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'Z_BUF_ERROR') return 'it ends too early'
  if (code === 'Z_DATA_ERROR') return 'it is not, or not any more, what was written'
  return error instanceof Error ? error.message : String(error)
}

class Parser {
  #left: Buffer = Buffer.alloc(0)
  #at: 'header' | 'line' | 'rows' | 'ended' = 'header'
  readonly #hash: Hash = createHash('sha256')
  #table = ''
  readonly #counted = new Map<string, number>()

  finish(): void {
    if (this.#at !== 'ended') throw damaged('it ends too early')
  }

  *parse(chunk: Buffer): Generator<BackupPart> {
    this.#left = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk])
    for (;;) {
      const part = this.#at === 'rows' ? this.#takeRows() : this.#takeLine()
      if (part === null) return
      if (part !== 'again') yield part
    }
  }

  #take(length: number): Buffer {
    const taken = this.#left.subarray(0, length)
    this.#left = this.#left.subarray(length)
    return taken
  }

  /** What is left always begins at the beginning of a row. */
  #takeRows(): BackupPart | 'again' | null {
    if (this.#left.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)) {
      this.#hash.update(this.#take(END_OF_ROWS.length))
      this.#at = 'line'
      return 'again'
    }
    const end = this.#left.indexOf(BEFORE_END_OF_ROWS)
    const length = (end < 0 ? this.#left.lastIndexOf(NEWLINE) : end) + 1
    if (length === 0) return null
    const rows = this.#take(length)
    this.#hash.update(rows)
    this.#counted.set(this.#table, (this.#counted.get(this.#table) ?? 0) + countLines(rows))
    return { kind: 'rows', rows }
  }

  #takeLine(): BackupPart | null {
    if (this.#at === 'ended') {
      if (this.#left.length > 0) throw damaged('something stands behind its end')
      return null
    }
    const end = this.#left.indexOf(NEWLINE)
    if (end < 0) {
      if (this.#left.length > LONGEST_LINE) throw damaged('it is something else')
      return null
    }
    const line = this.#take(end + 1)
    const read = jsonOf(line)
    if (this.#at === 'header') return this.#header(line, read)
    const table = tableSchema.safeParse(read)
    return table.success ? this.#beginTable(line, table.data) : this.#end(read)
  }

  #header(line: Buffer, read: unknown): BackupPart {
    const header = headerSchema.safeParse(read)
    if (!header.success) throw damaged('it is something else')
    this.#hash.update(line)
    this.#at = 'line'
    return { kind: 'header', header: header.data }
  }

  #beginTable(line: Buffer, table: BackupTable): BackupPart {
    this.#hash.update(line)
    this.#at = 'rows'
    this.#table = table.table
    this.#counted.set(table.table, 0)
    return { kind: 'table', table }
  }

  #end(read: unknown): BackupPart {
    const end = endSchema.safeParse(read)
    if (!end.success) throw damaged('a line of it is not understood')
    if (end.data.sha256 !== this.#hash.digest('hex')) throw damaged('it was changed after it was written')
    for (const [table, rows] of Object.entries(end.data.rows))
      if (this.#counted.get(table) !== rows) throw damaged(`rows of ${table} are missing`)
    this.#at = 'ended'
    return { kind: 'end', end: end.data }
  }
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    throw damaged('it is something else')
  }
}

export function countLines(rows: Buffer): number {
  let lines = 0
  for (let at = rows.indexOf(NEWLINE); at >= 0; at = rows.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}
