/**
 * Where a subscription begins on an agreement, once that is decided (docs/billing-rules.md, "First sync").
 */
import { addMonths } from './days.ts'
import type { FirstSync, MappedTenant, Period } from './types.ts'

/** Its first month here; `elsewhere`: none; `next` and `catch-up`: to be decided so; `undefined`: nothing was decided. */
export type Start = Period | FirstSync | undefined

export const isMonth = (start: Start): start is Period =>
  start !== undefined && start !== 'next' && start !== 'catch-up' && start !== 'elsewhere'

/**
 * Whether it is billed elsewhere in the month, as was said of it here. That was of an earlier time of the customer here, where it
 * has come back from another agreement since: it takes over what that billed.
 */
export const isElsewhere = (
  start: Start,
  stay: Pick<MappedTenant, 'from' | 'until' | 'returns' | 'takesOver'> | undefined,
  period: Period,
): boolean => {
  const begins = stay?.until ? stay.returns : stay?.from
  return start === 'elsewhere' && !(stay?.takesOver && begins && period >= begins)
}

/** Whether the month lies before the first one of the subscription. */
export const isBeforeStart = (start: Start, period: Period): boolean => isMonth(start) && period < start

/**
 * Which months a customer's first sync is about: all, while none is good; then those up to the first good one, so that what
 * failed in it begins as the others did, and those before the month that it begins with.
 * @param good periods of its subscriptions that are good on the agreement
 * @param starts of its subscriptions
 */
export const firstSyncOf = (
  good: readonly Period[],
  starts: readonly Start[],
): { readonly through?: Period; readonly starts?: Period } => {
  const [first] = [...good].sort()
  if (first === undefined) return {}
  const [begins] = starts.filter(isMonth).sort()
  if (begins === undefined) return { through: first }
  const before = addMonths(begins, -1)
  return { through: before > first ? before : first, starts: begins }
}
