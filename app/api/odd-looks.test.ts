/**
 * Odd records, files and answers, drawn from seeds: one organisation's never stop, slow or falsify what is not theirs.
 * ODD_LOOKS=3000 looks at more; ODD_LOOK_SEED=17 at one alone.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Retry from '#lib/base/retry.ts'
import { type ApiWorld, startApiWorld } from './testing/api-world.ts'
import { type Front, startFront } from './testing/odd-looks/front.ts'
import { faultsOfLooks, oddLook, type Partner, startPartners } from './testing/odd-looks/looks.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))
// Waits between tries are short, so that trouble that passes does not make the test slow.
vi.mock('#lib/base/retry.ts', async (original) => {
  const real = await original<typeof Retry>()
  return { ...real, usualRetries: { ...real.usualRetries, firstWaitMs: 4 } }
})

const looksWanted = Number(process.env.ODD_LOOKS ?? 30)
const seedWanted = process.env.ODD_LOOK_SEED === undefined ? null : Number(process.env.ODD_LOOK_SEED)
const seeds = seedWanted === null ? Array.from({ length: looksWanted }, (_, at) => at + 1) : [seedWanted]
const partnerSeeds = [1, 2, 3, 4]
const looksAtATime = 25

let front: Front
let world: ApiWorld
let partners: Partner[]
beforeAll(async () => {
  front = await startFront()
  world = await startApiWorld({
    // Enough on a busy machine: a lost answer is waited for twice as long.
    CONNECTWISE_TIMEOUT_MS: '1500',
    PRISM_API_URL: front.prismUrl,
    PRISM_IDENTITY_URL: front.prismUrl,
    TRUSTED_HOSTS: [front.prismUrl, front.connectWiseUrl].map((url) => new URL(url).host).join(','),
  })
  partners = await startPartners(front, partnerSeeds)
})
afterAll(async () => {
  await world.stop()
  await front.close()
})

describe('a look', () => {
  it('at a clean partner carries every kind of change in May [F2][F3][D3]', () => {
    for (const { before, clean } of partners) {
      expect(clean.additions).not.toEqual(before.additions)
      expect(clean.catalog).not.toEqual(before.catalog)
      expect(clean.trouble).toBeNull()
      for (const status of clean.statuses.values())
        expect(['No Change', 'Success', 'Warning']).toContain(status)
    }
  })

  it(
    `at ${seeds.length} organisations with odd answers stops nobody, falsifies nothing, and leaves others as they are [J16][F11]`,
    async () => {
      const looks = seeds.map((seed) => oddLook(seed, partners))
      const wrong = await faultsOfLooks(front, looks, looksAtATime)
      expect(wrong.join('\n\n'), `${wrong.length} faults`).toBe('')
      expect(front.broken).toEqual([])
    },
    30 * 60_000,
  )
})
