/** What of an export people read: tables in the words of the screens, as lines of CSV. */
import { decimal } from '#lib/billing/decimal.ts'

type Row = Readonly<Record<string, unknown>>

export interface ReadableFile {
  readonly name: string
  readonly what: string
  /** Of `$organisation`. */
  readonly query: string
  /** Each column with what it has of a row. */
  readonly columns: Readonly<Record<string, (row: Row) => string>>
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
const from =
  (name: string) =>
  (row: Row): string =>
    textOf(row[name])
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null
/** Of an addition as it is after the change, or as it was where it is gone. */
const ofAddition =
  (name: string) =>
  (row: Row): string => {
    const addition = isRow(row['after']) ? row['after'] : row['before']
    return isRow(addition) ? textOf(addition[name]) : ''
  }
const difference =
  (invoiced: string, billed: string) =>
  (row: Row): string =>
    decimal(textOf(row[invoiced]))
      .minus(decimal(textOf(row[billed])))
      .toFixed()
/** As `rounding 0.01 (cost 0.01)`, each term of the month. */
const termsOf = (row: Row): string =>
  isRow(row['terms'])
    ? Object.entries(row['terms'])
        .map(([term, amount]) =>
          isRow(amount) ? `${term} ${textOf(amount['price'])} (cost ${textOf(amount['cost'])})` : term,
        )
        .join('; ')
    : ''

/** Names as a month's last sync had them. */
const named = (of: string): string => `
  LEFT JOIN LATERAL (
    SELECT company_name, agreement_name FROM run_items n WHERE n.organisation_id = ${of}.organisation_id
      AND n.program = ${of}.program AND n.agreement_id = ${of}.agreement_id ORDER BY n.queued_at DESC LIMIT 1) names ON true`

export const readableFiles: readonly ReadableFile[] = [
  {
    name: 'additions.csv',
    what: 'every write to ConnectWise, with the addition as it was then',
    query: `SELECT c.created_at, c.settled_at, c.period, names.company_name, c.agreement_id, names.agreement_name, c.subscription_id,
        c.kind, c.outcome, c.addition_id, c.before, c.after, c.message, c.run_id, c.id
      FROM changes c ${named('c')} WHERE c.organisation_id = $organisation ORDER BY c.id`,
    columns: {
      'Written at': from('created_at'),
      'Usage month': from('period'),
      Company: from('company_name'),
      Agreement: from('agreement_name'),
      'Agreement id': from('agreement_id'),
      Subscription: from('subscription_id'),
      'What was done': from('kind'),
      Outcome: from('outcome'),
      'Addition id': from('addition_id'),
      Product: ofAddition('invoiceDescription'),
      'Serial number': ofAddition('serialNumber'),
      Quantity: ofAddition('quantity'),
      'Unit cost': ofAddition('unitCost'),
      'Unit price': ofAddition('unitPrice'),
      'First day': ofAddition('effectiveDate'),
      'Last day': ofAddition('cancelledDate'),
      Message: from('message'),
      Sync: from('run_id'),
    },
  },
  {
    name: 'billed.csv',
    what: 'each month of each agreement: what PRISM invoiced, what the additions bill, and every difference by name',
    query: `SELECT b.*, names.company_name, names.agreement_name
      FROM month_bills b ${named('b')} WHERE b.organisation_id = $organisation ORDER BY b.period, b.agreement_id`,
    columns: {
      'Usage month': from('period'),
      Company: from('company_name'),
      Agreement: from('agreement_name'),
      'Agreement id': from('agreement_id'),
      'PRISM invoice': from('invoice_id'),
      'PRISM invoiced': from('invoiced_price'),
      'Additions bill': from('billed_price'),
      Difference: difference('invoiced_price', 'billed_price'),
      'PRISM invoiced, cost': from('invoiced_cost'),
      'Additions bill, cost': from('billed_cost'),
      'Difference, cost': difference('invoiced_cost', 'billed_cost'),
      Differences: termsOf,
      'Checked at': from('checked_at'),
    },
  },
  {
    name: 'invoiced.csv',
    what: 'every stored line of PRISM’s invoices, with the state of its invoice',
    query: `SELECT l.*, i.state FROM invoice_lines l JOIN invoices i
        ON i.organisation_id = l.organisation_id AND i.program = l.program AND i.id = l.invoice_id
      WHERE l.organisation_id = $organisation ORDER BY l.program, l.invoice_id, l.row`,
    columns: {
      Invoice: from('invoice_id'),
      'State of the invoice': from('state'),
      'Usage month': from('period'),
      Row: from('row'),
      Customer: from('customer_name'),
      Domain: from('primary_domain_name'),
      Subscription: from('subscription_id'),
      Offer: from('offer_name'),
      'First day': from('first_day'),
      'Last day': from('last_day'),
      Quantity: from('quantity'),
      'Unit cost': from('unit_cost'),
      'Unit price': from('unit_price'),
      Cost: from('cost'),
      Price: from('price'),
    },
  },
]
