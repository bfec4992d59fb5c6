import { describe, expect, it } from 'vitest'
import { isAnnual } from './classify.ts'
import { motionOfLine } from './motion.ts'

const cycle = (billingCycle: string | null, termDuration: string | null, termUnit: string | null) => ({
  billingCycle,
  termDuration,
  termUnit,
})

describe('A line’s motion [J9]', () => {
  it.each([
    ['Monthly', '1', 'MONTHS', 'monthly'],
    [' monthly ', '3', 'months', 'monthly'],
    ['Monthly', '1', 'YEARS', 'long-term'],
    ['Monthly', '3', 'YEARS', 'long-term'],
    ['Monthly', '12', 'MONTHS', 'long-term'],
    ['Annual', '1', 'YEARS', 'annual'],
    ['Yearly', '12', 'Months', 'annual'],
    ['TRIENNIAL', '3', 'YEARS', 'annual'],
    ['Annual', '3', 'YEARS', 'annual'],
    // A file of an older form.
    [null, null, null, 'monthly'],
    [null, '1', 'YEARS', 'long-term'],
    ['Annual', null, null, 'annual'],
    // What nobody has seen.
    ['Quarterly', '1', 'YEARS', 'unknown'],
    ['Annual', '1', 'MONTHS', 'unknown'],
    // A column that is there and says nothing.
    ['', '1', 'YEARS', 'unclear'],
    ['Annual', '', 'YEARS', 'unclear'],
    ['Monthly', 'one', 'YEARS', 'unclear'],
  ])('of cycle %s and term %s %s is %s', (billingCycle, termDuration, termUnit, motion) => {
    expect(motionOfLine(cycle(billingCycle, termDuration, termUnit))).toBe(motion)
  })

  it('decides as before what is ignored on a monthly invoice: all but what is billed by the month [F4]', () => {
    const ignored = (option: boolean) =>
      [
        cycle('Monthly', '1', 'MONTHS'),
        cycle('Monthly', '1', 'YEARS'),
        cycle('Annual', '1', 'YEARS'),
        cycle('Quarterly', '1', 'YEARS'),
      ].map((each) => isAnnual(each, option))
    expect(ignored(false)).toEqual([false, true, true, true])
    expect(ignored(true)).toEqual([false, false, true, true])
  })
})
