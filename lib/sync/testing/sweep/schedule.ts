/** Faults drawn from a seed. */
import type { FaultRule } from '#standin/http/faults.ts'
import type { Now } from './case.ts'
import { die, loseDatabase, pathOf } from './kinds.ts'
import { agreementsOf, type Customer } from './mappings.ts'
import type { Patience } from './process.ts'

export interface Schedule {
  /** By organisation. */
  readonly rules: readonly (readonly FaultRule[])[]
  readonly patience: Patience
  /** What happens while the rule strikes; `null`: nothing besides. */
  readonly disasterOf: (rule: FaultRule) => ((now: Now) => unknown) | null
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const patience: Patience = { clientMs: 300, settleMs: 300, drainMs: 1_500 }

const atWrites: readonly Omit<FaultRule, 'nth' | 'path' | 'method'>[] = [
  { kind: 'cut-before' },
  { kind: 'cut-after' },
  { kind: 'timeout' },
  { kind: 'timeout', effectAfterMs: 450 },
  { kind: 'truncated-json' },
  { kind: '500' },
  { kind: '429', retryAfter: 0.1 },
  { kind: 'stale', ms: 250 },
  { kind: 'stale', ms: 900 },
  { kind: 'latency', ms: 150 },
]
const atReads: readonly Omit<FaultRule, 'nth' | 'path' | 'method'>[] = [
  { kind: 'cut-before' },
  { kind: 'timeout' },
  { kind: 'truncated-json' },
  { kind: '500', times: 5 },
  { kind: '429', retryAfter: 0.1 },
]
/** Each as a rule that the write's own fate comes with. */
const disasters: readonly (readonly [Omit<FaultRule, 'nth' | 'path' | 'method'>, (now: Now) => unknown])[] = [
  [{ kind: 'cut-before' }, die],
  [{ kind: 'cut-after' }, die],
  [{ kind: 'timeout', effectAfterMs: 200 }, die],
  [{ kind: 'latency', ms: 1 }, loseDatabase],
  [{ kind: 'slow-body', ms: 1 }, loseDatabase],
]

const MOST_FAULTS = 4
const MOST_NTH = 5
const SHARE_OF_READS = 0.25
const SHARE_WITH_DISASTER = 0.5
const SHARE_OF_CATALOG = 0.1

export const drawSchedule = (seed: number, groups: readonly (readonly Customer[])[]): Schedule => {
  const random = randomOf(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const one = <T>(list: readonly T[]): T => {
    const drawn = list[below(list.length)]
    if (drawn === undefined) throw new Error('Nothing to draw from')
    return drawn
  }
  const dire = new Map<FaultRule, (now: Now) => unknown>()
  const pathIn = (group: readonly Customer[]): string =>
    random() < SHARE_OF_CATALOG ? pathOf('catalog') : pathOf(`${one(agreementsOf(group))}`)
  const rules = groups.map((group) => {
    const drawn = Array.from({ length: 1 + below(MOST_FAULTS) }, (): FaultRule => {
      const isRead = random() < SHARE_OF_READS
      const path = isRead ? pathOf(`${one(agreementsOf(group))}`) : pathIn(group)
      const method = isRead ? 'GET' : 'write'
      return { ...one(isRead ? atReads : atWrites), method, path, nth: 1 + below(MOST_NTH) }
    })
    if (random() >= SHARE_WITH_DISASTER) return drawn
    const [fate, disaster] = one(disasters)
    const rule: FaultRule = { ...fate, method: 'write', path: pathIn(group), nth: 1 + below(MOST_NTH) }
    dire.set(rule, disaster)
    return [...drawn, rule]
  })
  return { rules, patience, disasterOf: (rule) => dire.get(rule) ?? null }
}
