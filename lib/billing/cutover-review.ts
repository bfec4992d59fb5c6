/**
 * The review of a customer before its Sync is switched on (F5, F9, E6): of each addition of the agreement what becomes of it,
 * of each subscription what its first month bills before and after. It tells what the plan says and decides nothing.
 */
import { bill } from './bill.ts'
import { actionsFor, fatesIn, stopOf } from './cutover-fate.ts'
import type { CutoverAddition, CutoverReview, CutoverSubscription } from './cutover-types.ts'
import { amount, pair, sumPairs, zeroPair } from './decimal.ts'
import { contextOf } from './groups.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf } from './plan.ts'
import { matchingOf } from './plan-usage.ts'
import { simulate } from './simulate.ts'
import type { Addition, Amount, Change, Plan, Situation, SubscriptionPlan } from './types.ts'

/** Whether a customer that syncs has nothing here yet that was synced. */
export const isCutover = ({ tenants, good, synced, subscriptions }: Situation): boolean => {
  const known = new Set(
    synced ?? Object.keys(good).filter((id) => (good[subscriptionKey(id)] ?? []).length > 0),
  )
  const begun = new Set(
    subscriptions.filter(({ id }) => known.has(subscriptionKey(id))).map(({ tenantId }) => tenantId),
  )
  return tenants.some(({ id, syncs }) => syncs && !begun.has(id))
}

/** @param plan the situation’s. `null` where no month is planned */
export const cutoverReview = (situation: Situation, plan: Plan): CutoverReview | null => {
  const [month] = plan.periods
  const [usage] = situation.usages
  if (month === undefined || usage === undefined) return null
  const newest = situation.newest ?? plan.periods.at(-1)?.period
  const context = contextOf(situation, usage, usage.period === newest)
  const { matching } = matchingOf(context)
  const changes = plan.periods.flatMap(changesOf)
  const after = simulate(situation, changes).additions
  const billOf = (additions: readonly Addition[]) => bill(additions, situation.agreement, month.period)
  const bills = { before: billOf(situation.additions), after: billOf(after) }
  const afterOf = new Map(after.map((each) => [each.id, each]))
  const fateOf = fatesIn(context, matching, month, changes)
  const reviewed = situation.additions.map((each) => ({ each, its: fateOf(each) }))
  const additions = reviewed.map(({ each, its }): CutoverAddition => {
    const now = afterOf.get(each.id)
    return {
      additionId: each.id,
      fate: its.fate,
      subscriptionId: its.subscriptionId,
      product: context.lookup.item(each.catalogItemId)?.identifier ?? `${each.catalogItemId}`,
      quantity: each.quantity,
      unitPrice: each.unitPrice,
      effectiveDate: each.effectiveDate,
      serialNumber: { before: each.serialNumber, after: (now ?? each).serialNumber },
      cancelledDate: { before: each.cancelledDate, after: (now ?? each).cancelledDate },
      bills: {
        before: bills.before.additions.get(each.id) ?? nothing,
        after: bills.after.additions.get(each.id) ?? nothing,
      },
      reason: its.reason,
      isNamesake: its.fate === 'blocked' && !its.isInRow,
      actions: actionsFor(its),
    }
  })
  const apart = reviewed
    .filter(({ its }) => !its.isInRow)
    .map(({ each }) => bills.after.additions.get(each.id))
  return {
    period: month.period,
    additions,
    subscriptions: month.subscriptions
      .filter(({ kind }) => kind === 'subscription' || kind === 'closing' || kind === 'azure')
      .map((row) => subscriptionOf(row, additions, changes)),
    bills: { before: bills.before.total, after: bills.after.total },
    apart: amount(sumPairs(apart.flatMap((each) => (each ? [pair(each)] : [])))),
    totals: month.totals,
  }
}

/** Why a bill would be doubled if nobody was asked: what PRISM charges would be created beside what bills it already; empty: nothing. */
export const whatDoubles = ({ additions, subscriptions }: CutoverReview): string[] => [
  ...additions.flatMap(({ isNamesake, reason }) => (isNamesake && reason ? [reason.message] : [])),
  ...subscriptions.flatMap(({ reason }) => (reason?.code === 'also-billed' ? [reason.message] : [])),
]

const nothing: Amount = amount(zeroPair)

const subscriptionOf = (
  row: SubscriptionPlan,
  additions: readonly CutoverAddition[],
  changes: readonly Change[],
): CutoverSubscription => {
  const id = subscriptionKey(row.subscriptionId)
  const named = new Set(
    [...row.changes, ...(row.waits?.changes ?? [])].flatMap((change) =>
      'additionId' in change ? [change.additionId] : [],
    ),
  )
  const own = additions.filter(
    ({ additionId, fate, subscriptionId }) =>
      named.has(additionId) || (fate === 'blocked' && id !== '' && subscriptionId === id),
  )
  const serials = new Set(
    [...row.changes].flatMap((change) => (change.kind === 'create' ? [change.addition.serialNumber] : [])),
  )
  return {
    subscriptionId: row.subscriptionId,
    tenantId: row.tenantId,
    product: row.product.name,
    state: row.waits ? 'waits' : row.status === 'Error' ? 'blocked' : 'ready',
    additionIds: own.map(({ additionId }) => additionId),
    creates: changes.filter((change) => change.kind === 'create' && serials.has(change.addition.serialNumber))
      .length,
    invoiced: row.invoiced,
    bills: { before: amount(sumPairs(own.map(({ bills }) => pair(bills.before)))), after: row.billed },
    reason: stopOf(row),
  }
}
