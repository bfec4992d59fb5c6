/**
 * The money of a plan: what the agreement's additions bill for each month that it changes, now and once it is written, and what
 * they bill a month from then on. By the one rule of a bill (bill.ts), so a preview promises what the proof shows afterwards.
 */
import { z } from 'zod'
import { bill } from './bill.ts'
import { addMonths, firstDay, nextDay, periodOf } from './days.ts'
import { amount, pair, subtractPair, sumPairs } from './decimal.ts'
import { changesOf } from './plan.ts'
import { periodPlanSchema, planSchema } from './plan-types.ts'
import { simulate } from './simulate.ts'
import { windowOf } from './timeline.ts'
import type { Addition, Change, Day, Period, Plan, Situation } from './types.ts'
import { amountSchema, periodSchema } from './values.ts'

/** `change` is `after` less `before`; of all additions of the agreement that can be read. */
const monthMoneySchema = z.object({
  period: periodSchema,
  before: amountSchema,
  after: amountSchema,
  change: amountSchema,
})
export const planMoneySchema = z.object({
  /** From the first month that a change reaches to the last one before `next`, oldest first. */
  months: z.array(monthMoneySchema),
  /** What changes in all of them together. */
  change: amountSchema,
  /** The first month of what runs on; `null` where the agreement has ended by then. */
  next: monthMoneySchema.nullable(),
})
export type PlanMoney = z.infer<typeof planMoneySchema>
type MonthMoney = z.infer<typeof monthMoneySchema>

/** A plan before anything of it is written. */
export const previewSchema = planSchema.extend({ money: planMoneySchema.nullable() })
export type Preview = z.infer<typeof previewSchema>

/** The plan of an undo, from the first month on that ConnectWise has not invoiced. */
export const undoPreviewSchema = periodPlanSchema.extend({ money: planMoneySchema.nullable() })
export type UndoPreview = z.infer<typeof undoPreviewSchema>

/**
 * The money of what the plan writes: of what waits or fails there is none. `null` where no month is planned.
 * @param notBefore the first month that it can reach, where earlier ones stay as they were billed
 */
export const moneyOf = (situation: Situation, plan: Plan, notBefore?: Period): PlanMoney | null => {
  const { agreement } = situation
  const planned = plan.periods.map(({ period }) => period)
  const [oldest] = planned
  const newest = planned.at(-1)
  if (oldest === undefined || newest === undefined) return null
  const changes = plan.periods.flatMap(changesOf)
  const after = simulate(situation, changes).additions
  const of = (period: Period): MonthMoney => monthMoney(situation, after, period)
  const next = periodOf(windowOf(agreement, newest).next)
  const months: MonthMoney[] = []
  const reached = firstReached(situation, changes, oldest)
  const first = notBefore !== undefined && notBefore > reached ? notBefore : reached
  for (let period = first; period < next; period = addMonths(period, 1)) months.push(of(period))
  const hasEnded = agreement.endDate !== null && agreement.endDate < firstDay(next)
  return {
    months,
    change: amount(sumPairs(months.map(({ change }) => pair(change)))),
    next: hasEnded ? null : of(next),
  }
}

const monthMoney = (
  { agreement, additions }: Situation,
  changed: readonly Addition[],
  period: Period,
): MonthMoney => {
  const before = bill(additions, agreement, period).total
  const after = bill(changed, agreement, period).total
  return { period, before, after, change: amount(subtractPair(pair(after), pair(before))) }
}

/** The month of the first day on which a change can tell; the oldest planned one where that is earlier. */
const firstReached = ({ agreement }: Situation, changes: readonly Change[], oldest: Period): Period =>
  changes
    .flatMap((change) => reachedFrom(change, agreement.startDate) ?? [])
    .map(periodOf)
    .reduce((first, period) => (period < first ? period : first), oldest)

const reachedFrom = (change: Change, agreementStart: Day): Day | null => {
  switch (change.kind) {
    case 'create':
      return change.addition.effectiveDate
    case 'end':
      return nextDay(earlierOf(change.cancelledDate, change.before.cancelledDate))
    case 'update': {
      const { cancelledDate, effectiveDate: begins, serialNumber: _, ...billed } = change.set
      const { effectiveDate, cancelledDate: ended } = change.before
      const began = effectiveDate ?? agreementStart
      if (begins !== undefined) return earlierOf(begins, began)
      if (Object.values(billed).some((value) => value !== undefined)) return began
      if (cancelledDate === undefined || cancelledDate === ended) return null
      return nextDay(cancelledDate === null ? (ended as Day) : earlierOf(cancelledDate, ended))
    }
    case 'delete':
      return change.before.effectiveDate ?? agreementStart
    default:
      return null
  }
}

const earlierOf = (a: Day, b: Day | null): Day => (b === null || a < b ? a : b)
