/**
 * The invoice CSV (facts/prism-api 5), read in a stream and by header name. A file with anything unreadable is refused
 * whole, with line and column: a line left out or misread would bill a customer wrongly.
 */
import { pipeline, Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { decimalText } from '#lib/base/decimal-text.ts'
import type { Day, Money, Quantity } from '#lib/billing/types.ts'
import { InvoiceRefused } from './errors.ts'
import { dayOf } from './mapper.ts'
import type { CsvLine } from './values.ts'

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
 * Reads the file as it arrives; memory does not grow with its length. Extra columns are ignored; a cycle or term column
 * that is absent gives `null`, an empty field `''`. Throws `InvoiceRefused`; errors of the source pass unchanged.
 */
export async function* readInvoiceCsv(source: AsyncIterable<string | Uint8Array>): AsyncGenerator<CsvLine> {
  const lineOf = lineCounter()
  let header: Header | null = null
  for await (const { record, info } of records(source)) {
    const row = lineOf(record, info)
    if (header === null) header = readHeader(record, row)
    else yield readLine(header, record, row)
  }
  if (header === null) throw new InvoiceRefused({ row: null, column: null }, 'the file is empty')
}

interface RawRecord {
  readonly record: readonly string[]
  readonly info: Info
}

async function* records(source: AsyncIterable<string | Uint8Array>): AsyncGenerator<RawRecord> {
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
    throw error instanceof CsvError ? refusalOf(error) : error
  }
}

const csvReasons: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text stands after a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text stands after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that is not quoted',
  CSV_MAX_RECORD_SIZE: `the line is longer than ${longestRecordBytes} bytes`,
}

function refusalOf(error: CsvError): InvoiceRefused {
  // `records` and `empty_lines` count what was read before the broken record.
  const { records, empty_lines } = error as unknown as Partial<Record<'records' | 'empty_lines', number>>
  const row = (records ?? 0) + (empty_lines ?? 0) + 1
  return new InvoiceRefused(
    { row, column: null },
    csvReasons[error.code] ?? 'the line is not readable as CSV',
  )
}

/** The line of the file on which a record starts: a quoted field may go over several. (The parser counts CRLF twice.) */
function lineCounter(): (record: readonly string[], info: Info) => number {
  let next = 1
  let emptyLines = 0
  return (record, info) => {
    const line = next + info.empty_lines - emptyLines
    emptyLines = info.empty_lines
    next = line + 1
    for (const field of record)
      for (let at = field.indexOf('\n'); at !== -1; at = field.indexOf('\n', at + 1)) next += 1
    return line
  }
}

// ───────────────────────────── the header ─────────────────────────────

interface Header {
  readonly length: number
  readonly at: Readonly<Record<Required, number>>
  /** -1: the file has no such column. */
  readonly maybe: Readonly<Record<Optional, number>>
}

function readHeader(names: readonly string[], row: number): Header {
  const trimmed = names.map((name) => name.trim())
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
  return { length: names.length, at: positions(required), maybe: positions([...identity, ...optional]) }
}

const columns = (names: readonly string[]): string =>
  `${names.length === 1 ? 'the column' : 'the columns'} ${names.join(', ')}`

// ───────────────────────────── one line ─────────────────────────────

function readLine(header: Header, fields: readonly string[], row: number): CsvLine {
  if (fields.length !== header.length)
    throw new InvoiceRefused(
      { row, column: null },
      `the line has ${fields.length} fields, the header ${header.length}`,
    )
  const text = (column: Required): string => fields[header.at[column]] ?? ''
  const maybe = (column: Optional): string | null => fields[header.maybe[column]] ?? null
  const number = (column: Required): string => readNumber(text(column), row, column)
  const first = readDay(text('ChargeStartDate'), row, 'ChargeStartDate')
  const last = readDay(text('ChargeEndDate'), row, 'ChargeEndDate')
  if (last < first)
    throw new InvoiceRefused(
      { row, column: 'ChargeEndDate' },
      `the charge ends on ${last}, before its start on ${first}`,
    )
  const subscriptionId = text('SubscriptionId').trim()
  if (subscriptionId === '')
    throw new InvoiceRefused({ row, column: 'SubscriptionId' }, 'the subscription id is empty')
  // Not used, as the days say it exactly; a file in which it is unreadable is damaged all the same.
  number('BillableRatio')
  return {
    row,
    subscriptionId,
    offerName: text('OfferName'),
    first,
    last,
    description: maybe('LineDescription') ?? '',
    quantity: number('Quantity') as Quantity,
    unitCost: number('UnitPrice') as Money,
    unitPrice: number('UnitPriceRrp') as Money,
    cost: number('SubTotal') as Money,
    price: number('SubTotalRrp') as Money,
    billingCycle: maybe('BillingCycle'),
    termDuration: maybe('TermDurationNumber'),
    termUnit: maybe('TermDurationUnit'),
    customerName: maybe('CustomerName') ?? '',
    primaryDomainName: maybe('PrimaryDomainName') ?? '',
    agreementNumber: maybe('AgreementNumber') ?? '',
  }
}

function readNumber(text: string, row: number, column: Required): string {
  const value = decimalText(text.trim())
  if (value === null) throw new InvoiceRefused({ row, column }, `${shown(text)} is not a number`)
  return value
}

function readDay(text: string, row: number, column: Required): Day {
  const day = dayOf(text.trim())
  if (day === null) throw new InvoiceRefused({ row, column }, `${shown(text)} is not a date`)
  return day
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
const shown = (text: string): string => (text.trim() === '' ? 'an empty field' : `'${shortened(text)}'`)
