import { isNegative, isZero, magnitude, moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import type { PlanMoney } from './shown.ts'

/** `+A$68.20`, `−A$25.00`. */
const changeText = (change: string, currency: string): string =>
  `${isNegative(change) ? '−' : '+'}${moneyText(magnitude(change), currency)}`

type Months = PlanMoney['months']

const rangeText = (months: Months): string =>
  [...new Set([months[0], months.at(-1)])]
    .flatMap((month) => (month === undefined ? [] : monthName(month.period)))
    .join(' to ')

/**
 * What a plan changes of the customer’s bill: `+A$68.20 for September 2026, +A$10.00 a month from October 2026.`
 * @param side `cost`: of what rhipe charges for it, where that is known
 */
export function planMoneyText(
  { months, change, next }: PlanMoney,
  currency: string,
  side: 'price' | 'cost' = 'price',
): string {
  const of = (amount: PlanMoney['change']): string => amount[side] ?? '0'
  const changed = months.filter((month) => !isZero(of(month.change)))
  const runsOn = next === null || isZero(of(next.change)) ? null : changeText(of(next.change), currency)
  if (changed.length === 0 && runsOn === null)
    return side === 'cost' ? 'It stays as it is.' : 'The bill stays as it is.'
  if (months.length === 0 && next !== null) return `${runsOn} a month from ${monthName(next.period)}.`
  const now =
    changed.length === 0
      ? `Nothing for ${rangeText(months)}`
      : `${changeText(of(change), currency)} for ${rangeText(changed)}`
  if (next === null) return `${now}.`
  return `${now}, ${runsOn === null ? 'as before' : `${runsOn} a month`} from ${monthName(next.period)}.`
}
