/** What a sync would write, its last round included: the correction, which is planned once all else is written (exact-amounts.ts). */
import { isRoundingSerial } from './exact-amounts.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, plan } from './plan.ts'
import { planUsage } from './plan-usage.ts'
import { simulate } from './simulate.ts'
import type { Change, PeriodPlan, Plan, Situation, SubscriptionPlan, Usage } from './types.ts'

/** The plan as `plan` has it; each month with its correction, as it comes out where everything is written as planned. */
export const preview = (situation: Situation): Plan => plan(situation, withCorrection)

const isCorrection = ({ subscriptionId }: SubscriptionPlan): boolean =>
  isRoundingSerial(subscriptionKey(subscriptionId))

const isWritten = ({ kind }: Change): boolean => kind !== 'keep'

const withCorrection = (situation: Situation, usage: Usage, isNewest: boolean): PeriodPlan => {
  const planned = planUsage(situation, usage, isNewest)
  if (situation.options.exactAmounts !== true || !changesOf(planned).some(isWritten)) return planned
  const last = planUsage(written(situation, planned), usage, isNewest)
  const row = last.subscriptions.find((each) => isCorrection(each) && each.changes.some(isWritten))
  if (row === undefined) return planned
  return {
    ...planned,
    subscriptions: [
      ...planned.subscriptions.filter((each) => !isCorrection(each)),
      withKnownItem(row, situation),
    ],
    totals: last.totals,
  }
}

const written = (situation: Situation, planned: PeriodPlan): Situation => {
  const begun = planned.subscriptions.flatMap(({ subscriptionId, begins }) =>
    begins === undefined ? [] : [[subscriptionKey(subscriptionId), begins] as const],
  )
  return {
    ...situation,
    ...simulate(situation, changesOf(planned)),
    starts: { ...situation.starts, ...Object.fromEntries(begun) },
  }
}

/** The number of an item that the plan creates is not known before. */
const withKnownItem = (row: SubscriptionPlan, { catalog }: Situation): SubscriptionPlan => {
  const isKnown = (id: number | null): boolean => catalog.some((item) => item.id === id)
  return {
    ...row,
    product: {
      ...row.product,
      catalogItemId: isKnown(row.product.catalogItemId) ? row.product.catalogItemId : null,
    },
    changes: row.changes.map((change) =>
      change.kind === 'create' && !isKnown(change.addition.catalogItemId)
        ? { ...change, addition: { ...change.addition, catalogItemId: null } }
        : change,
    ),
  }
}
