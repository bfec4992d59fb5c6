/** What the review of a customer says before its Sync is switched on. */
import { isZero, moneyText } from '#app/ui/kit/money.ts'
import type { CutoverFate } from '#lib/billing/cutover-types.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import type { AskedAddition } from '#lib/billing/types.ts'
import type { CutoverAddition, CutoverReview } from './shown.ts'

/** What needs somebody first, then what is written, then the rest. */
export const fatesShown: readonly CutoverFate[] = [
  'blocked',
  'asked',
  'ended',
  'replaced',
  'adopted',
  'ours',
  'left',
  'other-product',
  'over',
]

const TITLES: Record<CutoverFate, string> = {
  blocked: 'To settle first; what they may bill is not written before',
  asked: 'Explained by no invoice; left as they are until somebody says what they are',
  ended: 'Ended, and nothing follows',
  replaced: 'Ended, and followed by what PRISM charges',
  adopted: 'Taken over as they are',
  ours: 'This product’s already',
  left: 'Left as they are',
  'other-product': 'Of no product that PRISM sells; not looked at',
  over: 'Ended already',
}

/** `Taken over as they are: 2` */
export const fateTitle = (fate: CutoverFate, count: number): string => `${TITLES[fate]}: ${count}`

/** Old and new of what is written of it: `Serial Number none → 0f0f…, ends 31 Aug 2026`. */
export function changeText({ serialNumber, cancelledDate }: CutoverAddition): string {
  const parts = [
    serialNumber.before === serialNumber.after
      ? ''
      : `Serial Number ${serialNumber.before === '' ? 'none' : serialNumber.before} → ${serialNumber.after}`,
    cancelledDate.before === cancelledDate.after
      ? ''
      : `Cancelled Date ${dayText(cancelledDate.before)} → ${dayText(cancelledDate.after)}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

const dayText = (day: CutoverAddition['cancelledDate']['before']): string =>
  day === null ? 'none' : shortDay(day)

/** The month’s bill, as it is and as it will be. */
export function billText({ period, bills, apart, totals }: CutoverReview, currency: string): string {
  const of = (amount: { readonly price: string }): string => moneyText(amount.price, currency)
  const change =
    bills.before.price === bills.after.price
      ? `The agreement bills ${of(bills.after)}, as it does now`
      : `The agreement bills ${of(bills.after)} instead of ${of(bills.before)}`
  const rest = isZero(apart.price) ? '' : `; ${of(apart)} of it is not PRISM’s`
  return `${monthName(period)}: PRISM charges ${of(totals.invoiced)}. ${change}${rest}.`
}

/** What becomes of them, in a line: `Additions of before: 1 to settle, 3 taken over`. */
export function reviewText({ additions }: CutoverReview): string {
  const count = (...fates: readonly CutoverFate[]): number =>
    additions.filter(({ fate }) => fates.includes(fate)).length
  const parts = [
    [count('blocked', 'asked'), 'to settle'],
    [count('adopted', 'replaced'), 'taken over'],
    [count('ended'), 'ended'],
    [count('left', 'other-product'), 'left alone'],
  ] as const
  const said = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]))
  return `Additions of before: ${said.length === 0 ? 'none' : said.join(', ')}`
}

/** What is asked of an addition, where a person can say something of it. */
export function askedOf(addition: CutoverAddition): AskedAddition | null {
  if (addition.actions.length === 0) return null
  const { additionId, serialNumber, quantity, bills, subscriptionId, reason } = addition
  return (
    reason?.asks?.find((asked) => asked.additionId === additionId) ?? {
      additionId,
      serialNumber: serialNumber.before,
      quantity,
      billed: bills.before.price,
      owners: subscriptionId === '' ? [] : [subscriptionId],
    }
  )
}
