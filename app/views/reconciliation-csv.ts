/** Two months compared, as CSV: a row for each customer, product or subscription, the largest difference first (J5). */
import type { ReconciledRow, ReconciliationListQuery } from '#app/api/schemas/reconciliation.ts'
import { csvLine } from '#app/http/csv.ts'
import { monthName, unitPriceText } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import { reconciliation } from './reconciliation.ts'

export async function reconciliationCsv(
  organisationId: string,
  program: string,
  period: Period,
  query: ReconciliationListQuery,
): Promise<string> {
  const { earlier, later, rows } = await reconciliation(organisationId, program, period, query, null)
  return [
    csvLine([
      'Customer',
      'Product',
      'Subscription',
      `Price ${monthName(earlier)}`,
      `Price ${monthName(later)}`,
      'Difference',
      `Cost ${monthName(earlier)}`,
      `Cost ${monthName(later)}`,
      'Cost difference',
      `Margin ${monthName(later)}`,
      'Additions bill',
      'Why the price',
      'Why the cost',
    ]),
    ...rows.map((row) => csvLine(fieldsOf(row))),
  ].join('')
}

const fieldsOf = (row: ReconciledRow): string[] => [
  row.customer,
  row.product,
  row.subscriptionId,
  unitPriceText(row.earlier.price),
  unitPriceText(row.later.price),
  unitPriceText(row.difference.price),
  unitPriceText(row.earlier.cost),
  unitPriceText(row.later.cost),
  unitPriceText(row.difference.cost),
  unitPriceText(row.margin),
  row.billed === null ? '' : unitPriceText(row.billed),
  whyOf(row, 'price'),
  whyOf(row, 'cost'),
]

const whyOf = ({ parts }: ReconciledRow, figure: 'price' | 'cost'): string =>
  parts
    .filter(({ amount }) => /[1-9]/.test(amount[figure]))
    .map(({ text, amount }) => `${text}: ${unitPriceText(amount[figure])}`)
    .join('; ')
