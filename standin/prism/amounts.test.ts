import { describe, expect, it } from 'vitest'
import { billableRatio, lineAmount } from './amounts.ts'

describe('PRISM arithmetic (docs/facts/prism.md, "Amounts")', () => {
  it('cuts the ratio at nine decimals and trims it', () => {
    expect(billableRatio(3, 31)).toBe('0.096774193')
    expect(billableRatio(20, 31)).toBe('0.64516129')
    expect(billableRatio(2, 3)).toBe('0.666666666')
    expect(billableRatio(30, 30)).toBe('1')
  })

  it('agrees with the rows of a real file', () => {
    expect(lineAmount('43.64', 8, 3, 31)).toBe('33.79')
    expect(lineAmount('2.85', 2, 20, 31)).toBe('3.68')
    expect(lineAmount('18.36', 5, 4, 31)).toBe('11.85')
  })

  it('rounds exact half-cents up, by exact days and not by the cut ratio', () => {
    expect(lineAmount('5.37', 5, 15, 30)).toBe('13.43')
    expect(lineAmount('4.05', 1, 11, 30)).toBe('1.49')
    expect(lineAmount('4.05', 3, 11, 30)).toBe('4.46')
  })

  it('trims trailing zeros', () => {
    expect(lineAmount('28.60', 12, 30, 30)).toBe('343.2')
    expect(lineAmount('0', 1, 30, 30)).toBe('0')
  })
})
