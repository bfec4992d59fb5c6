/** What a month leaves to the later ones of the same sync: which subscriptions they leave alone, and which additions (F12). */
import { type BySubscription, subscriptionKey } from './keys.ts'
import type { Period, Situation, SubscriptionPlan } from './types.ts'

/** Whether a row leaves its subscription good for the period, once its changes are made. */
export const isGood = ({ status, waits }: Pick<SubscriptionPlan, 'status' | 'waits'>): boolean =>
  status !== 'Error' && waits === undefined

export type HeldBack = Required<Pick<Situation, 'waiting' | 'unanswered' | 'disputed'>>

export const nothingHeldBack: HeldBack = { waiting: {}, unanswered: {}, disputed: [] }

/** What a month's rows tell of it. */
type HoldingRow = Pick<SubscriptionPlan, 'kind' | 'subscriptionId' | 'status' | 'waits' | 'late' | 'findings'>

/**
 * What is held back once a month was planned, or carried out: a subscription by the first month that is not good, late ones
 * aside, and the additions of which it asks whose they are.
 * @param isGoodRow whether a row leaves its subscription good: as it is planned, or as it was carried out
 */
export const heldBackAfter = <R extends HoldingRow>(
  before: Partial<HeldBack>,
  { period, subscriptions }: { readonly period: Period; readonly subscriptions: readonly R[] },
  isGoodRow: (row: R) => boolean,
): HeldBack => {
  const held = subscriptions.filter((row) => row.kind === 'subscription' && !row.late && !isGoodRow(row))
  const since = (rows: readonly R[]): BySubscription<Period> =>
    Object.fromEntries(rows.map((row) => [subscriptionKey(row.subscriptionId), period]))
  return {
    waiting: { ...since(held.filter(({ waits }) => waits === undefined)), ...before.waiting },
    unanswered: { ...since(held.filter(({ waits }) => waits !== undefined)), ...before.unanswered },
    disputed: [...(before.disputed ?? []), ...subscriptions.flatMap(disputed)],
  }
}

/** Additions of which a row asks whose they are. */
const disputed = ({ findings }: HoldingRow): number[] =>
  findings.flatMap(({ code, additionIds }) => (code === 'ambiguous-additions' ? additionIds : []))
