/** What a month leaves to the later ones of the same sync: which subscriptions they leave alone, and which additions (F12). */
import { disputedIn, isGood as isPlannedGood } from '#lib/billing/plan.ts'
import type { Situation } from '#lib/billing/types.ts'
import type { PeriodOutcome, SubscriptionOutcome } from '#lib/ledger/outcome.ts'

export const isGood = ({ applied, ...row }: SubscriptionOutcome): boolean =>
  isPlannedGood(row) && applied.every(({ outcome }) => outcome === 'done' || outcome === 'kept')

/** What a period holds back in the later ones of the same sync (F12). */
export type HeldBack = Required<Pick<Situation, 'waiting' | 'unanswered' | 'disputed'>>

export const nothingHeldBack: HeldBack = { waiting: {}, unanswered: {}, disputed: [] }

export const heldBackAfter = (before: HeldBack, plan: PeriodOutcome): HeldBack => {
  const held = plan.subscriptions.filter(
    (each) => each.kind === 'subscription' && !each.late && !isGood(each),
  )
  const since = (rows: readonly SubscriptionOutcome[]) =>
    Object.fromEntries(rows.map((each) => [each.subscriptionId.toLowerCase(), plan.period]))
  return {
    waiting: { ...since(held.filter(({ waits }) => waits === undefined)), ...before.waiting },
    unanswered: { ...since(held.filter(({ waits }) => waits !== undefined)), ...before.unanswered },
    disputed: [...before.disputed, ...disputedIn(plan.subscriptions)],
  }
}
