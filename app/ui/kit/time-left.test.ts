import { describe, expect, it } from 'vitest'
import { timeLeft } from './time-left.ts'

const after = (seconds: number, done: number, total: number) => timeLeft(0, seconds * 1_000, done, total)

describe('the time left', () => {
  it('is what is left at the pace so far [G5]', () => {
    expect(after(10, 5, 20)).toBe('about 30 s')
    expect(after(60, 10, 100)).toBe('about 9 min')
  })

  it('is not said in the first moments, of what has not begun, and of what is done [G5]', () => {
    expect([after(2, 5, 20), after(10, 0, 20), after(10, 20, 20)]).toEqual([null, null, null])
  })
})
