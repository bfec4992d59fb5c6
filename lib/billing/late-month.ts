/**
 * A month that comes after a later one is good (docs/billing-rules.md, "Late months"): which additions it
 * sees, and when it waits.
 */
import { type CountedAddition, endsInsideMonth } from './additions.ts'
import type { Context } from './context.ts'
import type { SubscriptionKey } from './keys.ts'
import { invoicedThrough, type Window } from './timeline.ts'
import type { WaitQuestion } from './types.ts'

/** As ConnectWise bills them: one that ends inside the month to its end; what starts after the month is not looked at. */
export const withinMonth = (
  matched: readonly CountedAddition[],
  { first, last }: Window,
): CountedAddition[] =>
  matched
    .filter((each) => each.start <= last)
    .map((each) => (each.ours && endsInsideMonth(each, first, last) ? { ...each, end: last } : each))

/** Whether the plan of a late month waits: a day of it is billed, or that is not known, and nobody said to send it. */
export const waitsAsLate = (context: Context, id: SubscriptionKey): boolean => {
  const { agreement } = context.situation
  const through = invoicedThrough(agreement)
  return (
    context.isLate(id) &&
    !isConfirmed(context, id, 'late') &&
    (through === null || through >= context.window.first)
  )
}

/**
 * Whether the plan waits as a late month's does, because days of its window were invoiced while the agreement was not fit for
 * it: how is not known (docs/billing-rules.md, "Fit for P").
 */
export const waitsAsUnfit = (context: Context, id: SubscriptionKey): boolean => {
  const { situation, window } = context
  const wasUnfit = situation.unfit?.some(({ from, until }) => {
    const isBegun = from === null || from <= window.horizon
    return isBegun && (until === null || until > window.first) && (from === null || from !== until)
  })
  return wasUnfit === true && !isConfirmed(context, id, 'late')
}

/** Whether a person said yes to what waits of the subscription in this period. */
export const isConfirmed = (
  { situation, window }: Context,
  id: SubscriptionKey,
  question: WaitQuestion,
): boolean =>
  situation.confirmed?.some(
    (each) => each.subscriptionId === id && each.period === window.period && each.question === question,
  ) ?? false
