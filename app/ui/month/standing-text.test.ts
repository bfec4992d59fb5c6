/** How a month is told in a sentence, and what its terms are called (J5). */
import { describe, expect, it } from 'vitest'
import type { Period } from '#lib/billing/types.ts'
import { monthTerms } from '#lib/proof/terms.ts'
import { standingText } from './standing-text.ts'
import { monthTermTexts, termName, termSays } from './term-names.ts'

const september = '2026-09' as Period
const counts = { failed: 2, waits: 4, open: 0, differs: 0, agrees: 214 }

describe('the sentence of a month', () => {
  it('says how many agree, what the others are, and how much is proved [J5]', () => {
    expect(
      standingText(
        september,
        { customers: 220, counts, accepted: 0, proved: '182340.15' },
        '182512.4',
        'AUD',
      ),
    ).toBe(
      'September usage: 214 of 220 customers agree with PRISM to the cent; 4 wait for you; 2 failed; A$182,340.15 of 182,512.40 proved',
    )
  })

  it('speaks of one as of one, and of nobody as of nobody', () => {
    const one = { failed: 0, waits: 1, open: 1, differs: 1, agrees: 0 }
    expect(standingText(september, { customers: 1, counts: one, accepted: 0, proved: '0' }, '10', '')).toBe(
      'September usage: 0 of 1 customer agrees with PRISM to the cent; 1 waits for you; 1 is billed by nobody; 1 differs for a reason that has a name; 0.00 of 10.00 proved',
    )
  })
})

describe('the sentence of a month with accepted differences', () => {
  it('counts those as settled, beside those that agree [J5]', () => {
    const left = { failed: 0, waits: 0, open: 1, differs: 2, agrees: 397 }
    const standing = { customers: 400, counts: left, accepted: 3, proved: '99' }
    expect(standingText(september, standing, '100', 'AUD')).toBe(
      'September usage: 400 of 400 customers are settled: 397 agree with PRISM to the cent, 3 are accepted as they are; 1 is billed by nobody; 2 differ for a reason that has a name; A$99.00 of 100.00 proved',
    )
    expect(standingText(september, { ...standing, accepted: 1 }, '100', 'AUD')).toMatch(
      /: 398 of 400 customers are settled: 397 agree with PRISM to the cent, 1 is accepted as it is;/,
    )
  })
})

describe('a term', () => {
  it('has a name of its own, and a later one its own words', () => {
    const names = monthTerms.map(termName)
    expect(new Set(names).size).toBe(names.length)
    expect(monthTerms.filter((term) => monthTermTexts[term] === undefined)).toEqual([])
    expect([termName('laterTerm'), termSays('laterTerm')]).toEqual(['Later Term', 'of later term'])
  })
})
