/**
 * What must hold for whole organisations over months (docs/billing-rules.md, "What must hold"), with
 * ConnectWise's invoices as the stand-in's own engine makes them. `WORLDS` sets how many are tried, default
 * 2,000, `SEED` which ones, default 1.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDays } from './testing/world-comparison.ts'
import { worldArb } from './testing/world-story.ts'
import { World } from './testing/worlds.ts'

const numRuns = Number(process.env.WORLDS ?? 2000)
const seed = Number(process.env.SEED ?? 1)

describe('whole organisations', () => {
  it('bill each usage day once, whatever came in which order', { timeout: 60_000 + numRuns * 200 }, () => {
    let months = 0
    let amounts = 0
    fc.assert(
      fc.property(worldArb, (story) => {
        const world = new World(story).live()
        months += compareDays(world)
        amounts += world.compared
      }),
      { numRuns, seed },
    )
    expect(months).toBeGreaterThan(numRuns)
    expect(amounts).toBeGreaterThan(numRuns)
  })
})
