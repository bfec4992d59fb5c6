/**
 * Several faults at once, of two organisations whose jobs one process does: drawn from a seed, so that the same one repeats
 * them. `SWEEP_SEED=<n>`, or several after commas, runs those alone, `SWEEP=full` ten thousand.
 */
import { afterAll, describe, expect, it } from 'vitest'
import type { FaultRule } from '#standin/http/faults.ts'
import { type Customer, customersOf, fewest } from './testing/sweep/mappings.ts'
import { drawSchedule } from './testing/sweep/schedule.ts'
import { isFull, useSuite } from './testing/sweep/suite.ts'

const FEW = 40
const MANY = 10_000
const { SWEEP_SEED } = process.env
const seeds =
  SWEEP_SEED === undefined
    ? Array.from({ length: isFull ? MANY : FEW }, (_, at) => at + 1)
    : SWEEP_SEED.split(',').map(Number)
/** Seeds that are reported together. */
const PART = isFull ? 500 : FEW

const all = customersOf(fewest)
const groups: readonly (readonly Customer[])[] = [all.slice(0, fewest / 2), all.slice(fewest / 2)]

describe('two organisations at once', () => {
  const suite = useSuite(groups)
  let struck = 0
  let disasters = 0
  afterAll(() =>
    console.log(
      `schedules: ${seeds.length} seeds, ${struck} requests struck, ${disasters} of a process or a database`,
    ),
  )

  const problemOf = async (seed: number): Promise<string | null> => {
    const { rules, patience, disasterOf } = drawSchedule(seed, groups)
    try {
      const result = await suite.run({
        rules,
        patience,
        onStrike: (rule: FaultRule, now) => {
          const disaster = disasterOf(rule)
          if (disaster === null) return undefined
          disasters += 1
          return disaster(now)
        },
      })
      struck += result.struck
      expect(result.states).toEqual(suite.clean.states)
      return null
    } catch (error) {
      return `SWEEP_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  for (let at = 0; at < seeds.length; at += PART) {
    const part = seeds.slice(at, at + PART)
    it(`end as if nothing had happened, whatever the seeds ${part[0]} to ${part.at(-1)} let go wrong [docs/applying.md][I2]`, async () => {
      const problems = await Promise.all(part.map((seed) => problemOf(seed)))
      expect(problems.filter((problem) => problem !== null)).toEqual([])
    }, 36_000_000)
  }
})
