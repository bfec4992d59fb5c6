/**
 * The invoice CSV (docs/facts/prism.md, "Invoice CSV"), read in a stream and by header name. A row with a
 * missing or unreadable field is given as a bad line, which bills nothing and lets nobody take its
 * subscription for gone (docs/billing-rules.md, "Lines"); a file that cannot be read as a whole is refused:
 * another header or encoding, broken quotes, an end inside a record.
 */
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
import { checkedText, type Row, records, rowsOf, withoutRead } from './csv-rows.ts'
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
