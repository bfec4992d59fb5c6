/** What the first syncs of many customers take and write, in numbers: of each agreement, and summed (E6). */
import { isZero, sum } from '#app/ui/kit/money.ts'
import type { CutoverAddition, Finding, Preview } from '#app/ui/plan/shown.ts'
import type { CutoverFate } from '#lib/billing/cutover-types.ts'
import type { Period } from '#lib/billing/types.ts'

export interface FirstSyncCounts {
  /** Additions that are taken over as they are, or followed by what PRISM charges. */
  readonly adopted: number
  readonly created: number
  /** Ended, and nothing follows. */
  readonly ended: number
  /** Left as they are. */
  readonly left: number
  /** Subscriptions and additions of which nothing is written before somebody has settled something. */
  readonly blocked: number
}

export interface FirstSync extends FirstSyncCounts {
  /** The first month that it takes; `null`: no invoice contains the customer yet. */
  readonly period: Period | null
  /** Why something is blocked, each reason once. */
  readonly reasons: readonly string[]
  /** What the agreement bills for that month, as it is and as it will be, at its prices. */
  readonly before: string
  readonly after: string
}

/** In the order in which they are told. */
export const counted = ['adopted', 'created', 'ended', 'left', 'blocked'] as const

const LEFT: readonly CutoverFate[] = ['left', 'other-product', 'asked']

export function firstSyncOf({ review }: Preview): FirstSync {
  if (review === null)
    return {
      adopted: 0,
      created: 0,
      ended: 0,
      left: 0,
      blocked: 0,
      period: null,
      reasons: [],
      before: '0',
      after: '0',
    }
  const { additions, subscriptions, bills, period } = review
  const of = (...fates: readonly CutoverFate[]): readonly CutoverAddition[] =>
    additions.filter(({ fate }) => fates.includes(fate))
  const stopped = subscriptions.filter(({ state }) => state !== 'ready')
  const stoppedAdditions = of('blocked').filter(
    ({ additionId }) => !stopped.some(({ additionIds }) => additionIds.includes(additionId)),
  )
  const messages = [...stopped, ...stoppedAdditions].flatMap(({ reason }) => messageOf(reason))
  return {
    period,
    adopted: of('adopted', 'replaced').length,
    created: subscriptions.reduce((all, { creates }) => all + creates, 0),
    ended: of('ended').length,
    left: of(...LEFT).length,
    blocked: stopped.length + stoppedAdditions.length,
    reasons: [...new Set(messages)],
    before: bills.before.price,
    after: bills.after.price,
  }
}

const messageOf = (reason: Finding | null): string[] => (reason === null ? [] : [reason.message])

export interface FirstSyncMonth {
  readonly period: Period
  readonly agreements: number
  readonly before: string
  readonly after: string
}

export interface FirstSyncTotal extends FirstSyncCounts {
  /** The oldest first. */
  readonly months: readonly FirstSyncMonth[]
  /** Agreements of which something is blocked. */
  readonly stopped: number
  /** Agreements whose customers are on no invoice yet. */
  readonly without: number
}

/** All of them together. */
export function summedUp(all: readonly FirstSync[]): FirstSyncTotal {
  const total = (of: (typeof counted)[number]): number => all.reduce((added, each) => added + each[of], 0)
  const byMonth = Map.groupBy(all, ({ period }) => period)
  const months = [...byMonth].flatMap(([period, of]) =>
    period === null
      ? []
      : [
          {
            period,
            agreements: of.length,
            before: of.map(({ before }) => before).reduce(sum, '0'),
            after: of.map(({ after }) => after).reduce(sum, '0'),
          },
        ],
  )
  return {
    adopted: total('adopted'),
    created: total('created'),
    ended: total('ended'),
    left: total('left'),
    blocked: total('blocked'),
    months: months.toSorted((a, b) => (a.period < b.period ? -1 : 1)),
    stopped: all.filter(({ blocked }) => blocked > 0).length,
    without: byMonth.get(null)?.length ?? 0,
  }
}

const WORDS: Readonly<Record<(typeof counted)[number], readonly [one: string, several: string]>> = {
  adopted: ['addition taken over', 'additions taken over'],
  created: ['created', 'created'],
  ended: ['ended', 'ended'],
  left: ['left alone', 'left alone'],
  blocked: ['blocked', 'blocked'],
}

/** `2 additions taken over, 1 created`; what there is none of is not told. */
export function countsText(of: FirstSyncCounts): string {
  const told = counted.flatMap((name) =>
    of[name] === 0 ? [] : [`${of[name]} ${WORDS[name][of[name] === 1 ? 0 : 1]}`],
  )
  return told.length === 0 ? 'Nothing to write' : told.join(', ')
}

/** Whether the bill of the first month changes. */
export const isSameBill = ({ before, after }: Pick<FirstSync, 'before' | 'after'>): boolean =>
  before === after || (isZero(before) && isZero(after))
