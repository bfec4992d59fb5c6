import { isZero, moneyText, sum } from '#app/ui/kit/money.ts'
import type { SubscriptionPlan } from './shown.ts'

type Row = Pick<SubscriptionPlan, 'kind' | 'invoiced' | 'billed'>

/** `Credits and adjustments among them: −A$41.20 invoiced, −A$41.20 billed.`; `null` where there are none. */
export function creditsProved(rows: readonly Row[], currency: string): string | null {
  const credits = rows.filter(({ kind }) => kind === 'credit')
  const total = (side: 'invoiced' | 'billed') =>
    credits.reduce((all, each) => sum(all, each[side].price), '0')
  const [invoiced, billed] = [total('invoiced'), total('billed')]
  return isZero(invoiced) && isZero(billed)
    ? null
    : `Credits and adjustments among them: ${moneyText(invoiced, currency)} invoiced, ${moneyText(billed, currency)} billed.`
}
