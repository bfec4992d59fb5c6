/** A month that comes after a later one is good (design.md 2a, "Late months"): which additions it sees, and when it waits. */
import { endsInsideMonth, type Held } from './additions.ts'
import type { Context } from './groups.ts'
import { invoicedThrough, type Window } from './timeline.ts'
import type { WaitQuestion } from './types.ts'

/** As ConnectWise bills them: one that ends inside the month to its end; what starts after the month is not looked at. */
export const withinMonth = (matched: readonly Held[], { first, last }: Window): Held[] =>
  matched
    .filter((each) => each.start <= last)
    .map((each) => (each.ours && endsInsideMonth(each, first, last) ? { ...each, end: last } : each))

/** Whether the plan of a late month waits: a day of it is billed, or that is not known, and nobody said to send it. */
export const waitsAsLate = (context: Context, id: string): boolean => {
  const through = invoicedThrough(context.situation.agreement)
  return (
    context.isLate(id) &&
    !isConfirmed(context, id, 'late') &&
    (through === null || through >= context.window.first)
  )
}

/** Whether a person said yes to what waits of the subscription in this period. */
export const isConfirmed = ({ situation, window }: Context, id: string, question: WaitQuestion): boolean =>
  situation.confirmed?.some(
    (each) => each.subscriptionId === id && each.period === window.period && each.question === question,
  ) ?? false
