/** A month's customers as CSV (J5): a column for each term that one of them has. */
import type { MonthListQuery, MonthRow } from '#app/api/schemas/months.ts'
import { csvLine } from '#app/http/csv.ts'
import { monthTermTexts, termName } from '#app/ui/month/term-names.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { monthTerms } from '#lib/proof/terms.ts'
import { monthRows } from './months.ts'

export async function monthCsv(
  organisationId: string,
  program: string,
  period: Period,
  query: MonthListQuery,
): Promise<string> {
  const rows = await monthRows(organisationId, program, period, query)
  const found = new Set(rows.flatMap(({ terms }) => terms.map(({ term }) => term)))
  const terms = [
    ...monthTerms.filter((term) => found.has(term)),
    ...[...found].filter((term) => !(term in monthTermTexts)),
  ]
  const columns = [...new Set(terms)]
  return [
    csvLine([
      'Customer',
      'Company',
      'Agreement',
      'State',
      'Invoiced',
      'Billed',
      'Difference',
      'Invoiced cost',
      'Billed cost',
      ...columns.map(termName),
      'Accepted by',
      'Note',
      'ConnectWise invoiced',
      'ConnectWise says',
      'Last month',
      'Checked',
    ]),
    ...rows.map((row) => csvLine(fieldsOf(row, columns))),
  ].join('')
}

const money = (value: Money | undefined): string => (value === undefined ? '' : unitPriceText(value))

const fieldsOf = (row: MonthRow, columns: readonly string[]): string[] => [
  row.customers.map(({ name }) => name).join('; ') || (row.agreement?.companyName ?? 'No customer'),
  row.agreement?.companyName ?? '',
  row.agreement?.name ?? '',
  row.state,
  money(row.invoiced.price),
  money(row.billed.price),
  money(row.difference.price),
  money(row.invoiced.cost),
  money(row.billed.cost),
  ...columns.map((column) => money(row.terms.find(({ term }) => term === column)?.amount.price)),
  row.accepted?.by ?? '',
  row.accepted?.note ?? '',
  row.second?.source === 'invoices' ? money(row.second.amount ?? undefined) : '',
  row.second?.says ?? '',
  money(row.lastMonth ?? undefined),
  row.checkedAt ?? '',
]
