/** PRISM's invoices of a program as a table to keep, the newest usage month first (F1). */
import { STATES } from '#app/(admin)/programs/[program]/invoice-states.ts'
import { csvLine } from '#app/http/csv.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import type { Program } from '#lib/programs/registry.ts'
import { type WholeInvoice, wholeInvoices } from './invoices.ts'

const columns = [
  'Invoice',
  'Version',
  'Usage month',
  'Invoiced on',
  'Kind',
  'State',
  'Why',
  'Lines',
  'Total',
  'Annual terms in it',
  'Credits in it',
  'Lines that cannot be read',
  'Lines of no customer',
  'Found',
  'Decided by',
] as const

export async function invoicesCsv(organisationId: string, program: Program): Promise<string> {
  const invoices = await wholeInvoices(organisationId, program)
  return [csvLine(columns), ...invoices.map((each) => csvLine(fieldsOf(each)))].join('')
}

const money = (value: Money | null | undefined): string =>
  value === null || value === undefined ? '' : unitPriceText(value)

const fieldsOf = (of: WholeInvoice): string[] => [
  of.prismInvoiceId,
  of.id,
  of.period ?? '',
  of.invoicedOn ?? '',
  of.kind === 'annual' ? 'Annual' : 'Monthly',
  STATES[of.state].text,
  of.reason ?? of.unreadReason ?? '',
  `${of.lineCount}`,
  money(of.totalPrice),
  money(of.annual?.price),
  money(of.credits?.price),
  `${of.badLines.length}`,
  `${of.openLines.length}`,
  of.detectedAt,
  of.decidedBy ?? '',
]
