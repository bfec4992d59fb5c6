import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, daysIn, nextDay, previousDay } from '#lib/billing/days.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import { daysLater, monthsLater, termEnd, termMonths } from './terms.ts'

const days = fc
  .record({ month: fc.integer({ min: 0, max: 1200 }), at: fc.double({ min: 0, max: 0.999, noNaN: true }) })
  .map(({ month, at }) => {
    const period = addMonths('2000-01' as Period, month)
    return `${period}-${String(1 + Math.floor(at * daysIn(period))).padStart(2, '0')}` as Day
  })

describe('the length of a term', () => {
  it.each([
    ['1', 'YEARS', 12],
    ['3', 'Years', 36],
    ['12', 'MONTHS', 12],
    [' 1 ', 'month', 1],
    ['', 'YEARS', null],
    [null, 'YEARS', null],
    ['1.5', 'YEARS', 18],
    ['0.1', 'YEARS', null],
    ['-1', 'YEARS', null],
    ['1', 'DAYS', null],
    ['1', null, null],
  ])('%s %s is %s months', (termDuration, termUnit, months) => {
    expect(termMonths({ termDuration, termUnit })).toBe(months)
  })
})

describe('the end of a term [J12]', () => {
  it.each([
    ['2025-06-03', 12, '2026-05-20', '2026-06-02'],
    ['2025-06-03', 12, '2026-06-02', '2026-06-02'],
    ['2025-06-03', 12, '2026-06-03', '2027-06-02'],
    ['2024-02-29', 12, '2024-03-01', '2025-02-27'],
    ['2024-02-29', 12, '2027-03-01', '2028-02-28'],
    ['2025-01-31', 1, '2025-02-28', '2025-03-30'],
    ['2024-11-01', 36, '2026-11-26', '2027-10-31'],
    ['2027-01-01', 12, '2026-11-26', '2027-12-31'],
  ] as const)('bought %s for %i months, on %s: %s', (bought, months, today, end) => {
    expect(termEnd(bought as Day, months, today as Day)).toBe(end)
  })

  it('is in the term of today, whole terms after the first day', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(1, 12, 36), days, (bought, months, today) => {
        const end = termEnd(bought, months, today)
        expect(end >= today || today < bought).toBe(true)
        const terms = Array.from({ length: 1300 }, (_, n) => n + 1).find(
          (n) => previousDay(monthsLater(bought, n * months)) === end,
        )
        expect(terms).toBeDefined()
        const before = previousDay(monthsLater(bought, ((terms ?? 1) - 1) * months))
        expect(before < today || terms === 1).toBe(true)
      }),
    )
  })
})

it('counts days over months and years', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 90 }), (day, count) => {
      expect(daysLater(day, count + 1)).toBe(nextDay(daysLater(day, count)))
    }),
  )
  expect(daysLater('2027-12-30' as Day, 90)).toBe('2028-03-29')
})
