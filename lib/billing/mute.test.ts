import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayIn } from '#lib/base/day-in.ts'
import { type Moment, type Mute, mutingOf } from './mute.ts'
import { endOfTerm, latestEnd } from './mute-terms.ts'
import type { Day, Money, Period } from './types.ts'

const mute = (over: Partial<Mute> = {}): Mute => ({
  amount: '71' as Money,
  until: '2026-12-31' as Day,
  untilInvoiceAfter: null,
  ...over,
})
const moment = (over: Partial<Moment> = {}): Moment => ({
  amount: '71' as Money,
  today: '2026-11-26' as Day,
  latestInvoice: '2026-10' as Period,
  ...over,
})

describe('What is muted [J3]', () => {
  it.each([
    ['stays so while nothing of it changes', {}, {}, 'muted'],
    ['stays so on its last day', {}, { today: '2026-12-31' }, 'muted'],
    ['is back the day after', {}, { today: '2027-01-01' }, 'expired'],
    ['is back with another amount, be it less', {}, { amount: '70.99' }, 'returned'],
    ['is of the same amount however that is written', {}, { amount: '71.00' }, 'muted'],
    ['is over with its cause', {}, { amount: null }, 'cleared'],
    [
      'goes on while its invoice is the newest',
      { untilInvoiceAfter: '2026-10' },
      { latestInvoice: '2026-10' },
      'muted',
    ],
    [
      'is back with the next invoice',
      { untilInvoiceAfter: '2026-10' },
      { latestInvoice: '2026-11' },
      'expired',
    ],
    ['goes on where no invoice is left', { untilInvoiceAfter: '2026-10' }, { latestInvoice: null }, 'muted'],
  ] as const)('%s', (_, over, now, is) => {
    expect(mutingOf(mute(over as Partial<Mute>), moment(now as Partial<Moment>))).toBe(is)
  })

  const cents = fc.integer({ min: 1, max: 1_000_000 })
  const asMoney = (value: number): Money => (value / 100).toFixed(2) as Money

  it('holds for no other amount than the one that was seen, to the cent', () => {
    fc.assert(
      fc.property(cents, cents, (seen, now) => {
        const is = mutingOf(mute({ amount: asMoney(seen) }), moment({ amount: asMoney(now) }))
        expect(is).toBe(seen === now ? 'muted' : 'returned')
      }),
    )
  })

  const zones = [
    'UTC',
    'Australia/Sydney',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Asia/Kathmandu',
    'America/New_York',
  ]
  const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2029, 0, 1) })

  it('ends at a midnight of its organisation’s time zone, on no other moment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), at, (zone, ms) => {
        const until = dayIn(zone, new Date(ms)) as Day
        const isMuted = (of: number): boolean =>
          mutingOf(mute({ until }), moment({ today: dayIn(zone, new Date(of)) as Day })) === 'muted'
        // The first moment of which the clocks there show the next day, to the second.
        let [low, high] = [ms, ms + 49 * 3_600_000]
        expect([isMuted(low), isMuted(high)]).toEqual([true, false])
        while (high - low > 1000) {
          const middle = Math.floor((low + high) / 2)
          if (isMuted(middle)) low = middle
          else high = middle
        }
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' })
        expect([clock.format(low), clock.format(high)]).toEqual([
          expect.stringMatching(/^23:59:/),
          expect.stringMatching(/^00:00:/),
        ])
      }),
      { numRuns: 60 },
    )
  })

  it('is over for good once its cause was gone, whatever comes back after it', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom('71', '71.0', '12'))), (amounts) => {
        // As what is noted after each sync: the first that is not muted ends it.
        const seen = amounts.map((amount) => mutingOf(mute(), moment({ amount: amount as Money | null })))
        const ends = seen.findIndex((is) => is !== 'muted')
        const first = amounts.findIndex((amount) => amount === null || amount === '12')
        expect(ends).toBe(first)
        if (ends >= 0) expect(seen[ends]).toBe(amounts[ends] === null ? 'cleared' : 'returned')
      }),
    )
  })
})

describe('How long something can be muted [J3]', () => {
  const now = { today: '2026-08-31' as Day, latestInvoice: '2026-07' as Period }
  it.each([
    ['one-month', { until: '2026-09-30', untilInvoiceAfter: null }],
    ['three-months', { until: '2026-11-30', untilInvoiceAfter: null }],
    ['next-invoice', { until: '2027-08-31', untilInvoiceAfter: '2026-07' }],
    ['2026-08-31', { until: '2026-08-31', untilInvoiceAfter: null }],
    ['2027-08-31', { until: '2027-08-31', untilInvoiceAfter: null }],
    ['2026-08-30', null],
    ['2027-09-01', null],
  ])('%s from 31 August', (term, end) => {
    expect(endOfTerm(term as Day, now)).toEqual(end)
  })

  it('is a year at most, from a leap day to the last one of a February', () => {
    expect(latestEnd('2028-02-29' as Day)).toBe('2029-02-28')
  })
})
