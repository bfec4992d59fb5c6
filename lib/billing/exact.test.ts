/** Our decimal numbers give what big.js gives: for every pair of a set of awkward values, and for values at random. */
import BigConstructor from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from './exact.ts'

const Big = BigConstructor()
Big.DP = 12

/** Signs, zeros at both ends, cents and halves of them, both sides of what a double counts to, and what only big.js holds. */
const awkward = [
  '0 -0 0.00 1 -1 10 0.1 -0.10 0.005 -0.005 0.0049 1.005 2.675 4.35 5. .5 007 12.3456789 1e-7 1.5E+2',
  '-99999999.99999999 999999999999999 99999999999999.9 9007199.254740993 0.30000000000000004',
  '9007199254740991 9007199254740992 -9007199254740993 123456789012345678901234567890',
  '0.000000000000000000000001 -1234567890.12345678901234567890',
].flatMap((row) => row.split(' '))

const usual = fc
  .record({ units: fc.integer({ min: -9_999_999, max: 9_999_999 }), scale: fc.integer({ min: 0, max: 6 }) })
  .map(({ units, scale }) => new Big(units).times(new Big(10).pow(-scale)).toFixed())
const any = fc
  .record({
    units: fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
    scale: fc.integer({ min: 0, max: 24 }),
  })
  .map(({ units, scale }) => new Big(`${units}e-${scale}`).toFixed())
const text = fc.oneof(usual, usual, any, fc.constantFrom(...awkward))

const compare = (a: string, b: string): void => {
  const [ours, theirs] = [Decimal.of(a), Decimal.of(b)]
  const [bigA, bigB] = [new Big(a), new Big(b)]
  const what = `${a} and ${b}`
  expect(ours.toFixed(), a).toBe(bigA.toFixed())
  expect(ours.plus(theirs).toFixed(), what).toBe(bigA.plus(bigB).toFixed())
  expect(ours.minus(b).toFixed(), what).toBe(bigA.minus(bigB).toFixed())
  expect(ours.times(theirs).toFixed(), what).toBe(bigA.times(bigB).toFixed())
  expect(ours.cmp(theirs), what).toBe(bigA.cmp(bigB))
  expect([ours.eq(b), ours.lt(theirs), ours.lte(b), ours.gt(theirs)], what).toEqual([
    bigA.eq(bigB),
    bigA.lt(bigB),
    bigA.lte(bigB),
    bigA.gt(bigB),
  ])
}

const compareOne = (a: string): void => {
  const [ours, big] = [Decimal.of(a), new Big(a)]
  expect(ours.abs().toFixed(), a).toBe(big.abs().toFixed())
  expect(ours.isDouble(), a).toBe(new Big(Number(big.toFixed())).eq(big))
  for (let decimals = -8; decimals <= 12; decimals += 1)
    expect(ours.round(decimals).toFixed(), `${a} to ${decimals}`).toBe(
      big.round(decimals, Big.roundHalfUp).toFixed(),
    )
  for (let days = 1; days <= 31; days += 1)
    for (const decimals of [2, 8])
      expect(ours.dividedBy(days, decimals).toFixed(), `${a} by ${days} to ${decimals}`).toBe(
        big.div(days).round(decimals, Big.roundHalfUp).toFixed(),
      )
}

describe('an exact decimal', () => {
  it('adds, takes off, multiplies and compares each pair of awkward values as big.js does', () => {
    for (const a of awkward) for (const b of awkward) compare(a, b)
  })

  it('does so for any values, and for what was computed from them', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        compare(a, b)
        const [ours, big] = [Decimal.of(a).times(b), new Big(a).times(b)]
        expect(ours.plus(c).times(b).minus(a).toFixed()).toBe(big.plus(c).times(b).minus(a).toFixed())
        expect(ours.cmp(c)).toBe(big.cmp(c))
      }),
      { numRuns: 5_000 },
    )
  })

  it('rounds, divides by the days of a month and fits a double as big.js does', () => {
    awkward.forEach(compareOne)
    fc.assert(fc.property(text, compareOne), { numRuns: 500 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 31 }), (a, b, days) => {
        const rounded = new Big(a).times(b).div(days).round(8, Big.roundHalfUp)
        expect(Decimal.of(a).times(b).dividedBy(days, 8).toFixed()).toBe(rounded.toFixed())
      }),
      { numRuns: 5_000 },
    )
  })

  it('reads a number as its text, and nothing that is none', () => {
    for (const value of [0, -0, 7, -3.25, 1e21, 1e-9, 0.1, Number.MAX_SAFE_INTEGER])
      expect(Decimal.of(value).toFixed(), `${value}`).toBe(new Big(value).toFixed())
    for (const wrong of [
      '',
      ' ',
      '-',
      '.',
      '-.',
      '1.2.3',
      '1-2',
      '--1',
      '1,5',
      '1 ',
      'one',
      '0x1',
      Number.NaN,
    ])
      expect(() => Decimal.of(wrong), `${wrong}`).toThrow()
  })
})
