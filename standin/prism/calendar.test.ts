import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays, daysBetween, daysInMonth, lastDay, monthOf, nextMonth } from './calendar.ts'

const dayOf = (date: Date) => date.toISOString().slice(0, 10)
const days = fc
  .date({ min: new Date('1999-01-01'), max: new Date('2101-12-31'), noInvalidDate: true })
  .map(dayOf)

it("agrees with the machine's calendar on every day of a century", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -800, max: 800 }), (day, count) => {
      const [year = 0, month = 0, number = 0] = day.split('-').map(Number)
      expect(addDays(day, count)).toBe(dayOf(new Date(Date.UTC(year, month - 1, number + count))))
      expect(daysInMonth(monthOf(day))).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate())
      expect(lastDay(monthOf(day))).toBe(dayOf(new Date(Date.UTC(year, month, 0))))
      expect(nextMonth(monthOf(day), count)).toBe(
        dayOf(new Date(Date.UTC(year, month - 1 + count, 1))).slice(0, 7),
      )
      if (count >= 0) expect(daysBetween(day, addDays(day, count))).toBe(count + 1)
    }),
    { numRuns: 2_000 },
  )
})
