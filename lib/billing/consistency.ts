/**
 * Whether the additions of a subscription can be reconciled with an invoice at all (F7,
 * docs/billing-rules.md, "Refuse").
 */
import { activeOn, type CountedAddition, endsInsideMonth, quantityOn } from './additions.ts'
import { monthEnd, nextDay, previousDay } from './days.ts'
import { sum, zero } from './decimal.ts'
import { shortDay } from './format.ts'
import { endsInsideMonth as endsInside, startsTooLate, startsWithQuantity } from './still-wrong.ts'
import { invoicedOn, type Timeline, type Window } from './timeline.ts'
import type { Day } from './types.ts'

export interface Inconsistency {
  readonly detail: string
  readonly additionIds: number[]
  readonly stillWrong: string
  /** Those that a person can end here, or say what they are: no day of the period is theirs. */
  readonly asked?: readonly CountedAddition[]
}

const ids = (all: readonly CountedAddition[]): number[] => all.map((held) => held.id)

const startsLater = (held: readonly CountedAddition[], { next }: Window): Inconsistency | null => {
  const later = held.filter((each) => !each.ours && each.startedOn > next)
  const [one] = later
  return one
    ? {
        detail: `Addition ${one.id} starts on ${shortDay(one.startedOn)}, after ${shortDay(next)}.`,
        additionIds: ids(later),
        stillWrong: later.map((each) => startsTooLate(each, next)).join(' '),
        asked: later,
      }
    : null
}

const endingInside = (held: readonly CountedAddition[], { first, horizon }: Window): Inconsistency | null => {
  const ending = held.filter((each) => !each.ours && each.writable && endsInsideMonth(each, first, horizon))
  const [one] = ending
  return one
    ? {
        detail: `Addition ${one.id} is cancelled on ${shortDay(one.end ?? first)}, inside a month.`,
        additionIds: ids(ending),
        stillWrong: ending
          .map(({ id, end }) => endsInside(id, end ?? first, monthEnd(end ?? first)))
          .join(' '),
      }
    : null
}

const startsNext = (
  held: readonly CountedAddition[],
  timeline: Timeline,
  window: Window,
): Inconsistency | null => {
  const { next, last, endsWithin } = window
  const starting = held.filter((each) => each.startedOn === next)
  if (endsWithin || starting.every((each) => each.ours)) return null
  const target = invoicedOn(timeline, last)
  if (sum(starting.map((each) => each.quantity)).eq(target) || quantityOn(held, next).eq(target)) return null
  return {
    detail: `The additions that start on ${shortDay(next)} do not make the quantity on the last day of the usage period.`,
    additionIds: ids(starting),
    stillWrong: startsWithQuantity(
      sum(starting.map((each) => each.quantity)),
      quantityOn(held, next),
      target,
      next,
    ),
    asked: starting.filter(({ ours }) => !ours),
  }
}

/** First day from which nothing is active although the invoice has a quantity, with additions before and a foreign one after. */
const gap = (
  held: readonly CountedAddition[],
  timeline: Timeline,
  { first, horizon }: Window,
): Inconsistency | null => {
  const days = new Set<Day>([first])
  for (const segment of timeline) days.add(segment.first)
  for (const each of held) if (each.end !== null && each.end >= first) days.add(nextDay(each.end))
  const earliest = previousDay(first)
  for (const day of [...days].filter((each) => each >= first && each <= horizon).sort()) {
    if (invoicedOn(timeline, day).lte(zero) || activeOn(held, day).length > 0) continue
    const hasBefore = held.some((each) => each.start < day && (each.end === null || each.end >= earliest))
    const after = held.filter((each) => !each.ours && each.startedOn > day && each.startedOn <= horizon)
    const [one] = after
    if (hasBefore && one) {
      return {
        detail: `Nothing is active on ${shortDay(day)}, and addition ${one.id} starts on ${shortDay(one.startedOn)}.`,
        additionIds: ids(after),
        stillWrong: after.map((each) => startsTooLate(each, day)).join(' '),
      }
    }
  }
  return null
}

/** The first inconsistency found, or `null`. @param held the counted additions matched to the subscription. */
export const inconsistency = (
  held: readonly CountedAddition[],
  timeline: Timeline,
  window: Window,
): Inconsistency | null =>
  window.isLate
    ? (endingInside(held, window) ?? gap(held, timeline, window))
    : (startsLater(held, window) ??
      endingInside(held, window) ??
      startsNext(held, timeline, window) ??
      gap(held, timeline, window))
