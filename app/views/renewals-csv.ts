/** What is coming of annual terms as one table to keep (J12): each list of the page, with its name. */

import { unbilledTexts } from '#app/(admin)/programs/[program]/renewals/words.ts'
import type { Renewals, Span } from '#app/api/schemas/renewals.ts'
import { csvLine } from '#app/http/csv.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import type { Program } from '#lib/programs/registry.ts'
import { shownRenewals } from './renewals.ts'

const columns = [
  'List',
  'Customer',
  'Product',
  'Subscription',
  'Quantity',
  'Until',
  'Months of the term',
  'Amounts are of',
  'Now',
  'Next',
  'Difference',
  'Of it for the extension',
  'Why',
] as const
type Row = Partial<Record<(typeof columns)[number], string>>

/** All of it: the page lists the first of each. */
export async function renewalsCsv(organisationId: string, program: Program, within: Span): Promise<string> {
  const found = await shownRenewals(organisationId, program, within, { most: Number.POSITIVE_INFINITY })
  const rows = rowsOf(found).map((row) => csvLine(columns.map((column) => row[column] ?? '')))
  return [csvLine(columns), ...rows].join('')
}

const money = (value: Money | undefined): string => (value === undefined ? '' : unitPriceText(value))

const named = (
  list: string,
  { customer, product, subscriptionId }: Renewals['withoutEnd']['items'][number],
): Row => ({ List: list, Customer: customer, Product: product, Subscription: subscriptionId })

const rowsOf = ({ giveBacks, extended, unbilled, renewals, withoutEnd }: Renewals): Row[] => [
  ...giveBacks.items.map((each) => ({
    ...named('Can still be given back', each),
    Quantity: each.seats,
    Until: each.until,
  })),
  ...extended.items.map((each) => ({
    ...named('In paid extension', each),
    Quantity: each.quantity,
    'Amounts are of': 'month',
    Now: money(each.now.price),
    'Of it for the extension': money(each.surcharge.price),
  })),
  ...unbilled.items.map((each) => ({
    ...named('Billed nowhere', each),
    Now: money(each.charged.price),
    Why: unbilledTexts[each.why],
  })),
  ...renewals.items.map((each) => ({
    ...named('Ends', each),
    Quantity: each.quantity,
    Until: each.endsOn,
    'Months of the term': `${each.months}`,
    'Amounts are of': each.billedBy,
    Now: money(each.now.price),
    Next: money(each.next?.price),
    Difference: money(each.difference?.price),
    Why: each.isSaid ? 'A person said when it ends' : 'Counted from its first purchase',
  })),
  ...withoutEnd.items.map((each) => named('Nothing says when it ends', each)),
]
