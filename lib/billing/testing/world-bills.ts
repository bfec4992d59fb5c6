/** What a plan says of ConnectWise's invoices, against what the stand-in's own engine has invoiced and would invoice. */
import Big from 'big.js'
import { firstDay } from '../days.ts'
import { subscriptionKey } from '../keys.ts'
import { remainder } from '../reconcile.ts'
import type { Addition, PeriodPlan, SubscriptionPlan } from '../types.ts'
import { type BilledLine, type Cabinet, engineLines, supportItem } from './world-connectwise.ts'
import { firstPeriod } from './world-story.ts'

const priceOf = (lines: readonly BilledLine[]): Big =>
  lines.reduce((total, each) => total.plus(each.price), new Big(0))

interface ComparedBills {
  /** Whether all additions have serial numbers, so that the engine's lines tell whose they are. */
  readonly isNamed: boolean
  /** Whether all of the agreement is planned. */
  readonly isWhole: boolean
  /** Subscriptions that are not looked at. */
  readonly aside: ReadonlySet<string>
}

/**
 * Of each subscription that was planned, and of the agreement where it was planned whole: what the plan says that its additions
 * bill for the month is what the engine has invoiced and will, and what that is off from PRISM's invoice is named. Gives how
 * many amounts were compared.
 */
export const compareBills = (
  cabinet: Cabinet,
  planned: PeriodPlan,
  { isNamed, isWhole, aside }: ComparedBills,
): number => {
  const { period, subscriptions, totals } = planned
  const lines = engineLines(cabinet, period).filter((each) => each.productIdentifier !== `${supportItem}`)
  const rows = Map.groupBy(
    subscriptions.filter(
      ({ kind, subscriptionId }) =>
        isNamed && kind !== 'azure' && !aside.has(subscriptionKey(subscriptionId)),
    ),
    (row) => subscriptionKey(row.subscriptionId),
  )
  for (const [id, its] of rows) {
    const said = its.reduce((total, row) => total.plus(row.billed.price), new Big(0))
    mustBe(period, id, priceOf(lines.filter((each) => subscriptionKey(each.serialNumber) === id)), said)
  }
  if (isWhole) mustBe(period, 'all', priceOf(lines), new Big(totals.billed.price))
  const left = remainder(totals).price
  if (new Big(left).abs().gt('0.0001') || !new Big(totals.unexplained.price).eq(0))
    throw new Error(`${period}: ${left} is not named, ${totals.unexplained.price} is unexplained`)
  return rows.size + (isWhole ? 1 : 0)
}

const mustBe = (period: string, whose: string, engine: Big, said: Big): void => {
  if (!engine.eq(said))
    throw new Error(
      `${period} ${whose}: ConnectWise invoices ${engine.toFixed(2)}, the plan says ${said.toFixed(2)}`,
    )
}

/** Additions of customers that left, which ConnectWise had invoiced for months after: nothing credits them, so the plan names them. */
export const invoicedAfterLeaving = ({ subscriptions }: PeriodPlan): SubscriptionPlan[] =>
  subscriptions.filter(({ findings }) =>
    findings.some(({ code, severity }) => code === 'billed-twice' && severity === 'warning'),
  )

/**
 * What was invoiced is never changed: an addition stays for all months that it was invoiced for, as ConnectWise credits nothing.
 * @param aside serial numbers that are not looked at
 */
export const keepsWhatIsInvoiced = (
  { additions, billed }: Cabinet,
  before: readonly Addition[],
  planned: PeriodPlan,
  aside: ReadonlySet<string>,
): void => {
  const now = new Map(additions.map((each) => [each.id, each]))
  const named = new Set(
    invoicedAfterLeaving(planned).flatMap(({ findings }) => findings.flatMap((each) => each.additionIds)),
  )
  for (const was of before) {
    const is = now.get(was.id)
    if (is === was || named.has(was.id) || aside.has(subscriptionKey(was.serialNumber))) continue
    const end = is === undefined ? firstDay(firstPeriod) : is.cancelledDate
    const lost = billed.find(
      ({ additionId, last }) =>
        additionId === was.id &&
        end !== null &&
        end < last &&
        (was.cancelledDate === null || was.cancelledDate >= last),
    )
    if (lost) throw new Error(`${was.id} was invoiced up to ${lost.last} and ends on ${end}`)
  }
}
