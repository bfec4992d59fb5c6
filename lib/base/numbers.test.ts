import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText, numberText } from './decimal-text.ts'
import { retryAfterMs, retryWaitMs } from './retry.ts'

describe('decimal texts', () => {
  it.each([
    ['0012.50', '12.5'],
    ['181.8', '181.8'],
    ['-3.40', '-3.4'],
    ['-0.00', '0'],
    ['0.010', '0.01'],
    ['120', '120'],
  ])('reads %s as %s', (text, canonical) => expect(decimalText(text)).toBe(canonical))

  it.each(['', ' ', '1.', '.5', '+1', '1,5', '1e3', '0x10', 'NaN', '1 000', '--1', '1'.repeat(50)])(
    'does not take %j for a number',
    (text) => expect(decimalText(text)).toBeNull(),
  )

  it('keeps the value of every JSON number, exponents included', () => {
    expect(numberText(1e-7)).toBe('0.0000001')
    expect(numberText(-0)).toBe('0')
    expect(numberText(Number.NaN)).toBeNull()
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const text = numberText(value)
        expect(text === null || Number(text) === value).toBe(true)
      }),
    )
  })
})

describe('waiting before another try', () => {
  const rule = { tries: 4, firstWaitMs: 100, longestWaitMs: 1_000 }

  it('doubles with jitter between half and whole, and ends', () => {
    expect([1, 2, 3, 4].map((tried) => retryWaitMs(rule, tried, null, 0))).toEqual([50, 100, 200, null])
    expect(retryWaitMs(rule, 3, null, 1)).toBe(400)
  })

  it('waits as long as asked, but not beyond its longest', () => {
    expect(retryWaitMs(rule, 1, 900)).toBe(900)
    expect(retryWaitMs(rule, 1, 1_001)).toBeNull()
  })

  it('reads Retry-After as seconds or as a date', () => {
    expect(retryAfterMs('30')).toBe(30_000)
    expect(retryAfterMs('Wed, 01 Sep 2027 10:00:05 GMT', Date.parse('2027-09-01T10:00:00Z'))).toBe(5_000)
    expect(retryAfterMs('soon')).toBeNull()
    expect(retryAfterMs(null)).toBeNull()
  })
})
