import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

/** Keeps the process to itself for so long. */
const busy = (ms: number): void => {
  const began = performance.now()
  while (performance.now() - began < ms);
}

function* work(steps: number): Generator<undefined, string> {
  for (let step = 0; step < steps; step += 1) {
    busy(10)
    yield
  }
  return 'done'
}

describe('work in turns', () => {
  it('ends with what it returns, and lets others in between its steps [J16]', async () => {
    let turns = 0
    const others = setInterval(() => {
      turns += 1
    }, 1)
    expect(await inTurns(work(12))).toBe('done')
    clearInterval(others)
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  it('is done at once where it is short', async () => {
    let turns = 0
    const other = turn().then(() => {
      turns += 1
    })
    expect(await inTurns(work(0))).toBe('done')
    expect(turns).toBe(0)
    await other
  })

  it('fails as the work does', async () => {
    function* failing(): Generator<undefined, never> {
      yield
      throw new Error('No company')
    }
    await expect(inTurns(failing())).rejects.toThrow('No company')
  })
})
