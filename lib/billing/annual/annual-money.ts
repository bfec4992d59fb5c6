/**
 * The money of a plan of annual invoices, as a preview shows it: what the One-Time agreement's additions bill, by the month of their
 * day, now and once the plan is written. Nothing of it runs on.
 */
import { type CountedAddition, hold } from '../additions.ts'
import { periodOf } from '../days.ts'
import { amount, type Pair, pair, subtractPair, sumPairs } from '../decimal.ts'
import { changesOf } from '../plan.ts'
import type { PlanMoney } from '../plan-money.ts'
import { simulate } from '../simulate.ts'
import type { Addition, Period, Plan } from '../types.ts'
import type { AnnualSituation } from './annual-situation.ts'
import { billOnce } from './one-time-bill.ts'

/** The months in which something changes, oldest first; `null` where no invoice is planned. */
export const annualMoneyOf = (situation: AnnualSituation, plan: Plan): PlanMoney | null => {
  if (plan.periods.length === 0) return null
  const { additions, owned, catalog } = situation
  const after = simulate({ additions, owned, catalog }, plan.periods.flatMap(changesOf)).additions
  const [now, then] = [byMonth(situation, additions), byMonth(situation, after)]
  const months = [...new Set([...now.keys(), ...then.keys()])]
    .sort()
    .map((period) => {
      const [before, changed] = [now, then].map((each) => billedBy(each.get(period) ?? [])) as [Pair, Pair]
      return {
        period,
        before: amount(before),
        after: amount(changed),
        change: amount(subtractPair(changed, before)),
      }
    })
    .filter(({ change }) => change.cost !== '0' || change.price !== '0')
  return { months, change: amount(sumPairs(months.map(({ change }) => pair(change)))), next: null }
}

const byMonth = (
  { agreement }: AnnualSituation,
  additions: readonly Addition[],
): Map<Period, CountedAddition[]> =>
  Map.groupBy(
    additions.map((addition) => hold(addition, agreement, undefined)),
    ({ startedOn }) => periodOf(startedOn),
  )

const billedBy = (held: readonly CountedAddition[]): Pair => sumPairs(held.map(billOnce))
