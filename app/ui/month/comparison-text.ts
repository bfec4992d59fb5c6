/** Two months compared as a text for the customer: its prices alone, nothing of what they cost (J5). */
import type { ReconciliationContent } from '#app/api/schemas/reconciliation.ts'
import { difference, isNegative, isZero, magnitude, moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'

type Compared = Pick<ReconciliationContent, 'earlier' | 'later' | 'currency' | 'rows' | 'total'>

/** With its sign: `+A$16.00`, `−A$26.40`. */
export const signedText = (value: string, currency: string): string =>
  `${isZero(value) ? '' : isNegative(value) ? '−' : '+'}${moneyText(magnitude(value), currency)}`

/** @param customer its name */
export function comparisonText(
  customer: string,
  { earlier, later, currency, rows, total }: Compared,
): string {
  const changed = rows.filter(({ difference: of }) => !isZero(of.price))
  const lines = [
    customer,
    `${monthName(later)} compared with ${monthName(earlier)}`,
    '',
    `${monthName(earlier)}: ${moneyText(total.earlier.price, currency)}`,
    `${monthName(later)}: ${moneyText(total.later.price, currency)}`,
    `Difference: ${signedText(total.difference.price, currency)}`,
  ]
  for (const { product, earlier: was, later: is, difference: of, parts } of changed) {
    lines.push(
      '',
      `${product}: ${moneyText(was.price, currency)} → ${moneyText(is.price, currency)} (${signedText(of.price, currency)})`,
    )
    for (const { text, amount } of parts)
      if (!isZero(amount.price)) lines.push(`  ${text}: ${signedText(amount.price, currency)}`)
  }
  if (changed.length === 0) lines.push('', 'Nothing changed.')
  return lines.join('\n')
}

/** What additions bill of the later month less what PRISM invoiced of it, as far as both are known; `null`: of nothing. */
export function billedOtherwise(rows: ReconciliationContent['rows']): string | null {
  const known = rows.filter(({ billed }) => billed !== null)
  if (known.length === 0) return null
  return known.reduce(
    (sum, { billed, later }) => difference(sum, difference(later.price, billed ?? '0')),
    '0',
  )
}
