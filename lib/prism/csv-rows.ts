/**
 * The rows of a CSV file as they arrive, each with the line of the file on which it starts and the place behind it. Damage that
 * makes a file unreadable as a whole is refused: another encoding, another kind of file, broken quotes, an end inside a record.
 */
import { pipeline, Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { InvoiceRefused } from './errors.ts'
import type { FilePlace } from './values.ts'

/** A record beyond this is damage, an unclosed quote above all; it bounds the memory a file can take. */
const longestRecordBytes = 1024 * 1024

/** A record, the line of the file on which it starts, and the place behind it. */
export interface Row {
  readonly at: number
  readonly fields: readonly string[]
  readonly end: FilePlace
}

/** The file without what was read of it before: its header, and what comes behind the place. */
export async function* withoutRead(
  source: AsyncIterable<string | Uint8Array>,
  { headerBytes, bytes }: FilePlace,
): AsyncGenerator<Uint8Array> {
  let passed = 0
  for await (const piece of source) {
    const part = typeof piece === 'string' ? Buffer.from(piece) : piece
    const header = part.subarray(0, Math.max(0, headerBytes - passed))
    const rest = part.subarray(Math.max(0, bytes - passed))
    passed += part.length
    if (header.length > 0) yield header
    if (rest.length > 0) yield rest
  }
}

/** Passes the source on, looks whether it is UTF-8, and remembers how it ended. */
export function checkedText(source: AsyncIterable<string | Uint8Array>) {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (bytes?: Uint8Array): void => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw new InvoiceRefused({ row: null, column: null }, 'the file is not UTF-8 text, or is cut')
    }
  }
  let last: string | number | undefined
  async function* pieces() {
    for await (const piece of source) {
      if (last === undefined) refuseOtherKinds(piece)
      if (typeof piece !== 'string') check(piece)
      last = piece.at(-1) ?? last
      yield piece
    }
    check()
  }
  return { pieces, endsWithLine: () => last === '\n' || last === 10 }
}

/** An answer that is no CSV at all, whatever its status said. */
function refuseOtherKinds(piece: string | Uint8Array): void {
  const start = Buffer.from(piece.slice(0, 100))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start.startsWith('<'))
    throw new InvoiceRefused({ row: null, column: null }, 'it is a web page, not an invoice file')
  if (start.startsWith('{') || start.startsWith('['))
    throw new InvoiceRefused({ row: null, column: null }, 'it is JSON, not an invoice file')
}

interface RawRecord {
  readonly record: readonly string[]
  readonly info: Info
}

export async function* records(
  source: AsyncIterable<string | Uint8Array>,
  behind: FilePlace | null,
): AsyncGenerator<RawRecord> {
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true, // counted here, so that the refusal names the line in our words
    record_delimiter: ['\r\n', '\n'],
    max_record_size: longestRecordBytes,
  })
  // The callback is there because pipeline needs one: an error reaches the loop below through the parser.
  pipeline(Readable.from(source), parser, () => {})
  try {
    yield* parser as AsyncIterable<RawRecord>
  } catch (error) {
    throw error instanceof CsvError ? refusalOf(error, behind) : error
  }
}

const csvReasons: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text stands after a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text stands after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that is not quoted',
  CSV_MAX_RECORD_SIZE: `the line is longer than ${longestRecordBytes} bytes`,
}

function refusalOf(error: CsvError, behind: FilePlace | null): InvoiceRefused {
  // `records` and `empty_lines` count what was read before the broken record.
  const { records, empty_lines } = error as unknown as Partial<Record<'records' | 'empty_lines', number>>
  const linesBefore = behind === null ? 0 : behind.fileLines - 1
  const row = linesBefore + (records ?? 0) + (empty_lines ?? 0) + 1
  return new InvoiceRefused(
    { row, column: null },
    csvReasons[error.code] ?? 'the line is not readable as CSV',
  )
}

/** Rows of records: a quoted field may go over several lines of the file. (The parser counts CRLF twice.) */
export function rowsOf(behind: FilePlace | null): (raw: RawRecord) => Row {
  let next = 1
  let emptyLines = 0
  let headerBytes: number | null = null
  const skipped = behind === null ? 0 : behind.bytes - behind.headerBytes
  return ({ record, info }) => {
    const at = next + info.empty_lines - emptyLines
    emptyLines = info.empty_lines
    next = at + 1
    for (const field of record)
      for (let end = field.indexOf('\n'); end !== -1; end = field.indexOf('\n', end + 1)) next += 1
    const isHeader = headerBytes === null
    headerBytes ??= info.bytes
    const end = {
      bytes: info.bytes + (isHeader ? 0 : skipped),
      headerBytes,
      fileLines: next - 1,
    }
    if (isHeader && behind !== null) next = behind.fileLines + 1
    return { at, fields: record, end }
  }
}
