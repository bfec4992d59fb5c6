import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText, isAmbiguousNumber, numberText } from './decimal-text.ts'
import { retryAfterMs, retryWaitMs } from './retry.ts'

describe('decimal texts', () => {
  it.each([
    ['0012.50', '12.5'],
    ['181.8', '181.8'],
    ['-3.40', '-3.4'],
    ['-0.00', '0'],
    ['0.010', '0.01'],
    ['120', '120'],
    [' 5.37\t', '5.37'],
  ])('reads %j as %s', (text, canonical) => expect(decimalText(text)).toBe(canonical))

  it.each([
    // .NET and JSON
    ['1E-05', '0.00001'],
    ['5E+2', '500'],
    ['1.5e3', '1500'],
    ['-2.5E-3', '-0.0025'],
    ['7.9166666666666667', '7.9166666666666667'],
    ['7.9166666666666666666666666667', '7.9166666666666666666666666667'],
    ['79228162514264337593543950335', '79228162514264337593543950335'],
    ['+1', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['−36', '-36'],
    // Excel and what people's regions make of it
    ['(36.00)', '-36'],
    ['1,234.56', '1234.56'],
    ['-1,234,567', '-1234567'],
    ['1.234,56', '1234.56'],
    ['1.234.567', '1234567'],
    ['1 234,5', '1234.5'],
    ['1\u00a0234\u202f567,5', null],
    ['1\u202f234\u202f567,5', '1234567.5'],
    ["12'345.60", '12345.6'],
    ['6,45', '6.45'],
    ['0,123', '0.123'],
    ['1234,567', '1234.567'],
  ])('reads %j, as other programs write it, as %s', (text, canonical) =>
    expect(decimalText(text)).toBe(canonical),
  )

  it.each(['1,234', '-12,345', '+999,000', '(1,234)'])(
    'does not choose between the two values of %s',
    (text) => {
      expect(decimalText(text)).toBeNull()
      expect(isAmbiguousNumber(text)).toBe(true)
    },
  )

  it.each([
    '',
    ' ',
    '.',
    '-',
    '+',
    'e5',
    '0x10',
    'NaN',
    'Infinity',
    '--1',
    '1-',
    '1.2.3',
    '1,2,3',
    '12,34.5',
    '1,234,56',
    '1.234,567,8',
    'AUD 5.37',
    '$5',
    '5%',
    '1e999',
    '1e-61',
    '1'.repeat(70),
    '()',
    '١٢',
  ])('does not take %j for a number', (text) => {
    expect(decimalText(text)).toBeNull()
    expect(isAmbiguousNumber(text)).toBe(false)
  })

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
