/**
 * The invoice CSV (docs/facts/prism.md, "Invoice CSV"), written in pieces so that a file of any length needs
 * little memory.
 */
import type { Day } from './calendar.ts'
import type { Tenant } from './history.ts'
import type { InvoiceLine } from './lines.ts'

export const csvHeader = [
  'ResellerName',
  'PrimaryDomainName',
  'SubscriptionId',
  'OfferName',
  'ChargeStartDate',
  'ChargeEndDate',
  'LineDescription',
  'UnitPrice',
  'UnitPriceRrp',
  'Quantity',
  'BillableRatio',
  'SubTotal',
  'SubTotalRrp',
  'AgreementNumber',
  'PurchaseOrderNumber',
  'CustomerName',
  'BillingCycle',
  'TermDurationNumber',
  'TermDurationUnit',
] as const

/** How a file is written: a real one has a BOM and LF. */
export interface CsvFormat {
  readonly bom: boolean
  readonly lineEnd: '\n' | '\r\n'
}

export const realFormat: CsvFormat = { bom: true, lineEnd: '\n' }

/** What is equal on all rows of a partner's file, and where its tenants are found. */
export interface CsvContext {
  readonly resellerName: string
  readonly agreementNumber: string
  readonly tenant: (tenantId: string) => Pick<Tenant, 'name' | 'domain'> | undefined
}

const pieceLength = 64 * 1024

/** The file in pieces of about 64 kB. */
export async function* csvPieces(
  lines: Iterable<InvoiceLine>,
  context: CsvContext,
  format: CsvFormat = realFormat,
): AsyncGenerator<string> {
  let piece = (format.bom ? '\uFEFF' : '') + csvHeader.join(',') + format.lineEnd
  for (const line of lines) {
    piece += fields(line, context).map(quoted).join(',') + format.lineEnd
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}

function fields(line: InvoiceLine, context: CsvContext): string[] {
  const tenant = context.tenant(line.tenantId)
  if (tenant === undefined) throw new Error(`No tenant ${line.tenantId}`)
  return [
    context.resellerName,
    tenant.domain,
    line.subscriptionId,
    line.offerName,
    timestamp(line.first),
    timestamp(line.last),
    line.description ?? 'Actual usage for period',
    line.unitPrice,
    line.unitPriceRrp,
    line.quantity,
    line.billableRatio,
    line.subTotal,
    line.subTotalRrp,
    context.agreementNumber,
    '',
    tenant.name,
    line.term.billingCycle,
    line.term.number,
    line.term.unit,
  ]
}

function timestamp(day: Day): string {
  return `${day}T00:00:00.0000000+00:00`
}

/** Rows without the header, for the end of a file. */
export function csvRows(
  lines: Iterable<InvoiceLine>,
  context: CsvContext,
  format: CsvFormat = realFormat,
): string {
  return Array.from(lines, (line) => fields(line, context).map(quoted).join(',') + format.lineEnd).join('')
}

/** RFC 4180 [inferred: quoting was not seen]. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
