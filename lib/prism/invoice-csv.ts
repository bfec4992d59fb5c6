/**
 * The invoice CSV (docs/facts/prism.md, "Invoice CSV"), read in a stream and by header name. A row with a
 * missing or unreadable field is given as a bad line, which bills nothing and lets nobody take its
 * subscription for gone (docs/billing-rules.md, "Lines"); a file that cannot be read as a whole is refused:
 * another header or encoding, broken quotes, an end inside a record.
 */
import { pipeline, Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { decimalText } from '#lib/base/decimal-text.ts'
import { storable } from '#lib/base/storable-text.ts'
import type { Money } from '#lib/billing/types.ts'
import { idText } from './api-types.ts'
import {
  isWholeId,
  readDay,
  readId,
  readNumber,
  readQuantity,
  shortened,
  Unreadable,
  unsetAsEmpty,
} from './csv-fields.ts'
import { InvoiceRefused } from './errors.ts'
import { dayOf } from './mapper.ts'
import type { BadCsvLine, CsvLine, FilePlace, FileRows } from './values.ts'

const required = [
  'SubscriptionId',
  'OfferName',
  'ChargeStartDate',
  'ChargeEndDate',
  'UnitPrice',
  'UnitPriceRrp',
  'Quantity',
  'BillableRatio',
  'SubTotal',
  'SubTotalRrp',
] as const
/** At least one of them says whose line it is. */
const identity = ['PrimaryDomainName', 'CustomerName'] as const
const optional = [
  'LineDescription',
  'AgreementNumber',
  'BillingCycle',
  'TermDurationNumber',
  'TermDurationUnit',
] as const

type Required = (typeof required)[number]
type Optional = (typeof identity)[number] | (typeof optional)[number]

/** A record beyond this is damage, an unclosed quote above all; it bounds the memory a file can take. */
const longestRecordBytes = 1024 * 1024

/**
 * Reads the file as it arrives; memory does not grow with its length. Extra columns and blank rows are ignored; a cycle or term column
 * that is absent gives `null`, an unset field `''`. Throws `InvoiceRefused`; errors of the source pass unchanged.
 * @param behind where an earlier reading of the same bytes ended: only the rows behind it are given
 */
export const readInvoiceCsv = (
  source: AsyncIterable<string | Uint8Array>,
  behind: FilePlace | null = null,
): FileRows => {
  let place: FilePlace | null = null
  const at = (next: FilePlace) => {
    place = next
  }
  return {
    [Symbol.asyncIterator]: () => readRows(source, behind, at),
    place() {
      if (place === null) throw new Error('No row was given yet')
      return place
    },
  }
}

async function* readRows(
  source: AsyncIterable<string | Uint8Array>,
  behind: FilePlace | null,
  at: (place: FilePlace) => void,
): AsyncGenerator<CsvLine | BadCsvLine> {
  const rowOf = rowsOf(behind)
  const text = checkedText(behind === null ? source : withoutRead(source, behind))
  let header: Header | null = null
  let short: Row | null = null
  for await (const raw of records(text.pieces(), behind)) {
    const row = rowOf(raw)
    if (header === null) header = readHeader(row)
    else if (row.fields.some((field) => field.trim() !== '')) {
      if (short !== null) {
        at(short.end)
        yield readRow(header, short)
      }
      short = row.fields.length < header.length ? row : null
      if (short === null) {
        at(row.end)
        yield readRow(header, row)
      }
    }
  }
  if (header === null) throw new InvoiceRefused({ row: null, column: null }, 'the file is empty')
  if (short === null) return
  // A file that was cut lacks more than this row: nothing of it may be taken for gone.
  if (!text.endsWithLine())
    throw new InvoiceRefused({ row: short.at, column: null }, 'the file ends inside this line')
  at(short.end)
  yield readRow(header, short)
}

/** A record, the line of the file on which it starts, and the place behind it. */
interface Row {
  readonly at: number
  readonly fields: readonly string[]
  readonly end: FilePlace
}

/** The file without what was read of it before: its header, and what comes behind the place. */
async function* withoutRead(
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
function checkedText(source: AsyncIterable<string | Uint8Array>) {
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

async function* records(
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
function rowsOf(behind: FilePlace | null): (raw: RawRecord) => Row {
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

// ───────────────────────────── the header ─────────────────────────────

interface Header {
  readonly length: number
  readonly at: Readonly<Record<Required, number>>
  /** -1: the file has no such column. */
  readonly maybe: Readonly<Record<Optional, number>>
}

function readHeader({ fields, at: row }: Row): Header {
  const trimmed = fields.map((name) => storable(name).trim())
  const twice = trimmed.find((name, at) => name !== '' && trimmed.indexOf(name) !== at)
  if (twice !== undefined)
    throw new InvoiceRefused({ row, column: shortened(twice) }, 'the column is there twice')
  const missing = required.filter((name) => !trimmed.includes(name))
  if (missing[0] !== undefined)
    throw new InvoiceRefused({ row, column: missing[0] }, `the file lacks ${columns(missing)}`)
  if (!identity.some((name) => trimmed.includes(name)))
    throw new InvoiceRefused(
      { row, column: 'CustomerName' },
      `the file has neither ${identity.join(' nor ')}`,
    )
  const positions = <Name extends string>(wanted: readonly Name[]) =>
    Object.fromEntries(wanted.map((name) => [name, trimmed.indexOf(name)])) as Record<Name, number>
  return { length: fields.length, at: positions(required), maybe: positions([...identity, ...optional]) }
}

const columns = (names: readonly string[]): string =>
  `${names.length === 1 ? 'the column' : 'the columns'} ${names.join(', ')}`

// ───────────────────────────── one line ─────────────────────────────

function readRow(header: Header, row: Row): CsvLine | BadCsvLine {
  try {
    return readLine(header, row)
  } catch (error) {
    if (error instanceof Unreadable) return badLine(header, row, error)
    throw error
  }
}

const textIn = (header: Header, { fields }: Row, column: Required): string =>
  storable(fields[header.at[column]] ?? '').trim()

/** `null` where the file has no such column. */
function maybeIn(header: Header, { fields }: Row, column: Optional): string | null {
  const field = fields[header.maybe[column]]
  return field === undefined ? null : storable(field)
}

const whose = (header: Header, row: Row) => ({
  row: row.at,
  offerName: textIn(header, row, 'OfferName'),
  customerName: maybeIn(header, row, 'CustomerName') ?? '',
  primaryDomainName: maybeIn(header, row, 'PrimaryDomainName') ?? '',
})

/** Throws `Unreadable`. */
function readLine(header: Header, row: Row): CsvLine {
  if (row.fields.length !== header.length)
    throw new Unreadable(null, `the line has ${row.fields.length} fields, the header ${header.length}`)
  const text = (column: Required) => textIn(header, row, column)
  const maybe = (column: Optional) => maybeIn(header, row, column)
  const number = (column: Required) => readNumber(text(column), column)
  const term = (column: Optional) => unsetAsEmpty(maybe(column))
  const subscriptionId = readId(text('SubscriptionId'))
  const first = readDay(text('ChargeStartDate'), 'ChargeStartDate')
  const last = readDay(text('ChargeEndDate'), 'ChargeEndDate')
  if (last < first)
    throw new Unreadable('ChargeEndDate', `the charge ends on ${last}, before its start on ${first}`)
  // Not used, as the days say it exactly; a row in which it is unreadable is damaged all the same.
  number('BillableRatio')
  return {
    ...whose(header, row),
    subscriptionId,
    first,
    last,
    description: maybe('LineDescription') ?? '',
    quantity: readQuantity(text('Quantity')),
    unitCost: number('UnitPrice'),
    unitPrice: number('UnitPriceRrp'),
    cost: number('SubTotal'),
    price: number('SubTotalRrp'),
    billingCycle: term('BillingCycle'),
    termDuration: term('TermDurationNumber'),
    termUnit: term('TermDurationUnit'),
    agreementNumber: maybe('AgreementNumber') ?? '',
  }
}

function badLine(header: Header, row: Row, { column, reason }: Unreadable): BadCsvLine {
  const text = (name: Required) => textIn(header, row, name)
  // A comma too many moves what follows: the id is believed where the dates are in their places.
  const isInPlace =
    row.fields.length === header.length ||
    (dayOf(text('ChargeStartDate')) !== null && dayOf(text('ChargeEndDate')) !== null)
  const id = idText(text('SubscriptionId'))
  return {
    ...whose(header, row),
    subscriptionId: isInPlace && isWholeId(id) ? id : '',
    column,
    reason,
    cost: decimalText(text('SubTotal')) as Money | null,
    price: decimalText(text('SubTotalRrp')) as Money | null,
  }
}
