/** A month that comes after a later one is good (design.md 2a, "Late months"): which additions it sees, and when it waits. */
import { endsInsideMonth, type Held } from './additions.ts'
import type { Context } from './groups.ts'
import { invoicedThrough, type Window } from './timeline.ts'

/** As ConnectWise bills them: one that ends inside the month to its end; what starts after the month is not looked at. */
export const withinMonth = (matched: readonly Held[], { first, last }: Window): Held[] =>
  matched
    .filter((each) => each.start <= last)
    .map((each) => (each.ours && endsInsideMonth(each, first, last) ? { ...each, end: last } : each))

/** Whether the plan of a late month waits: a day of it is billed, or that is not known, and nobody said to send it. */
export const waitsAsLate = ({ situation, window, isLate }: Context, id: string): boolean => {
  const through = invoicedThrough(situation.agreement)
  const isConfirmed = situation.confirmed?.some(
    (each) => each.subscriptionId === id && each.period === window.period && each.question === 'late',
  )
  return isLate(id) && !isConfirmed && (through === null || through >= window.first)
}
