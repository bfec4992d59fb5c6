/** What becomes of an invoice's credits once it is picked, in sentences. */
import type { ShownInvoice } from '#app/api/schemas/invoices.ts'
import { moneyText } from '#app/ui/kit/money.ts'

type HeldCredits = NonNullable<ShownInvoice['heldCredits']>
type NotCarried = HeldCredits['notCarried'][number]

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

const creditsText = (count: number): string =>
  counted(count, 'credit or adjustment', 'credits and adjustments')

const why: Readonly<Record<NotCarried['why'], string>> = {
  nobodys: 'nobody is known whose they are: say it beside the invoice',
  unmapped: 'their customer is not mapped to an agreement',
  off: 'the Sync of their customer is off',
  earlier: 'their customer begins here with a later month',
  annual: 'they are of annual terms, which are not synced',
  azure: 'they are part of the Azure usage, which is one total',
  'azure-off': 'Azure is not synced',
}

/** `If it is used, 3 credits and adjustments, −A$41.20 in all, are written on 2 agreements.`, and what is not, each reason by itself. */
export const heldCreditsSaid = ({ carried, notCarried }: HeldCredits, currency: string): string[] => [
  carried.count === 0
    ? 'If it is used, none of its credits and adjustments is written.'
    : `If it is used, ${creditsText(carried.count)}, ${moneyText(carried.price, currency)} in all, ${carried.count === 1 ? 'is' : 'are'} written on ${counted(carried.agreements, 'agreement')}, ${carried.count === 1 ? '' : 'each '}as an addition of its own.`,
  ...notCarried.map(
    (each) =>
      `Not written by ${each.count === 1 ? 'itself' : 'themselves'}: ${creditsText(each.count)}, ${moneyText(each.price, currency)}; ${why[each.why]}.`,
  ),
]
