/**
 * Additions of which a person said that they are nobody's, stay, or when they end (docs/billing-rules.md,
 * "Each addition", step 2).
 */
import type { CountedAddition } from './additions.ts'
import { laterOf, monthEnd, previousDay } from './days.ts'
import * as findings from './findings.ts'
import { noSubscription } from './keys.ts'
import type { LeftAsIs } from './matching.ts'
import type { AdditionAnswer, Day, EndChange } from './types.ts'

/**
 * The addition as it was said of it. @param pieces those of one addition. @param earliestEnd nothing is ended before this day,
 * as what is invoiced is never credited
 */
export const leftByAnswer = (
  pieces: readonly CountedAddition[],
  answer: Exclude<AdditionAnswer, { answer: 'subscription' }>,
  earliestEnd: Day,
): LeftAsIs => {
  const left = { held: pieces, term: 'nobodys', subscriptionId: noSubscription } as const
  if (answer.answer !== 'ends')
    return { ...left, finding: findings.additionAnswered(answer.additionId, answer.answer) }
  const wanted = endOf(pieces, answer.endsOn, earliestEnd)
  const before = pieces.find(({ writable }) => writable)?.addition ?? null
  const holds = before === null || (before.cancelledDate !== null && before.cancelledDate <= wanted)
  const endsOn = holds ? (before?.cancelledDate ?? wanted) : wanted
  const isMoved = endsOn === earliestEnd && earliestEnd > monthEnd(answer.endsOn)
  const finding = findings.additionEnds(answer.additionId, endsOn, isMoved)
  if (holds) return { ...left, finding }
  const change: EndChange = {
    kind: 'end',
    reason: { rule: 'answered' },
    additionId: before.id,
    before,
    cancelledDate: wanted,
  }
  return { ...left, held: endedOn(pieces, wanted), finding, change }
}

/** Whole months are billed, so it is a month's last day; for one that starts later the day before, so that it never bills. */
const endOf = (pieces: readonly CountedAddition[], said: Day, earliestEnd: Day): Day => {
  const end = laterOf(monthEnd(said), earliestEnd)
  const startedOn = pieces.find(({ writable }) => writable)?.startedOn ?? end
  return startedOn > end ? previousDay(startedOn) : end
}

/** What is billed stays as it was billed. */
const endedOn = (pieces: readonly CountedAddition[], end: Day): CountedAddition[] =>
  pieces
    .map((each) => (each.billed || (each.end !== null && each.end <= end) ? each : { ...each, end }))
    .filter(({ start }) => start <= end)
