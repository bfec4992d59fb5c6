/**
 * Random numbers that depend on a path of whole numbers alone, such as (seed, partner, tenant, subscription): each thing
 * that is invented has draws of its own, so it can be invented again by itself, in any order. Whole-number arithmetic
 * only, so every machine draws the same.
 */

export interface Draws {
  /** A whole number from `first` to `last`, both included. */
  readonly whole: (first: number, last: number) => number
  /** True in `percent` of a hundred cases. */
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(list: readonly [T, ...T[]]) => T
  /** A key, each as often as its weight says. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K
}

/** What the draws are for: keeps a tenant's name from depending on its subscriptions. */
export const purposes = {
  product: 1,
  partner: 2,
  tenant: 3,
  subscription: 4,
  month: 5,
  azure: 6,
  extra: 7,
  id: 8,
  connectWise: 9,
  annualTerm: 10,
} as const

export function drawsFor(seed: number, purpose: keyof typeof purposes, ...path: readonly number[]): Draws {
  let state = hash(seed, purposes[purpose], ...path)

  /** In [0, 2^32), by mulberry32. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const whole = (first: number, last: number) => first + (next() % (last - first + 1))

  return {
    whole,
    chance: (percent) => whole(0, 9_999) < percent * 100,
    pick: (list) => list[whole(0, list.length - 1)] ?? list[0],
    weighted(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = whole(0, entries.reduce((sum, [, weight]) => sum + weight, 0) - 1)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      throw new Error('Weights are whole numbers, at least one above 0')
    },
  }
}

/** 32 bits of a path, by murmur3. */
export function hash(...path: readonly number[]): number {
  let state = 0x9747b28c
  for (const part of path) {
    let mixed = Math.imul(part | 0, 0xcc9e2d51)
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
    state ^= mixed
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}
