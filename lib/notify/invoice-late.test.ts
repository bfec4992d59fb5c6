import { expect, it } from 'vitest'
import type { Day, Period } from '#lib/billing/types.ts'
import { type Arrival, expectedBy, lateInvoice } from './invoice-late.ts'

const period = (text: string) => text as Period
const day = (text: string) => text as Day
/** Invoices of usage months, with the days on which they came. */
const came = (...all: readonly [string, string][]): Arrival[] =>
  all.map(([usage, on]) => ({ period: period(usage), arrivedOn: day(on) }))

const six = came(
  ['2026-04', '2026-05-03'],
  ['2026-05', '2026-06-08'],
  ['2026-06', '2026-07-02'],
  ['2026-07', '2026-08-04'],
  ['2026-08', '2026-09-03'],
  ['2026-09', '2026-10-01'],
)

it('expects an invoice two days after the latest day of month on which one of the last six came [J4]', () => {
  expect(expectedBy(period('2026-10'), six)).toBe('2026-11-10')
  expect(lateInvoice(day('2026-11-10'), six)).toBeNull()
  expect(lateInvoice(day('2026-11-11'), six)).toEqual({ period: '2026-10', by: '2026-11-10' })
})

it('forgets what came before the last six [J4]', () => {
  const older = came(['2026-03', '2026-04-27'])
  expect(expectedBy(period('2026-10'), [...older, ...six])).toBe('2026-11-10')
})

it('expects it by the 5th before there are six, and not at all before there is one [J4]', () => {
  const five = six.slice(1)
  expect(expectedBy(period('2026-10'), five)).toBe('2026-11-05')
  expect(lateInvoice(day('2026-11-05'), five)).toBeNull()
  expect(lateInvoice(day('2026-11-06'), five)).toEqual({ period: '2026-10', by: '2026-11-05' })
  expect(lateInvoice(day('2026-11-30'), [])).toBeNull()
})

it('is not late once it came, in whatever state it is [J4]', () => {
  expect(lateInvoice(day('2026-11-20'), [...six, ...came(['2026-10', '2026-11-19'])])).toBeNull()
})

it('goes over the end of a month: what comes on the 31st may come on 2 March [J4]', () => {
  const onTheLast = six.map((each, index) => (index === 3 ? { ...each, arrivedOn: day('2026-08-31') } : each))
  const all = [
    ...onTheLast,
    ...came(['2026-10', '2026-11-03'], ['2026-11', '2026-12-03'], ['2026-12', '2027-01-03']),
  ]
  expect(expectedBy(period('2027-01'), all.slice(1))).toBe('2027-03-02')
  expect(lateInvoice(day('2027-03-02'), all)).toBeNull()
  expect(lateInvoice(day('2027-03-03'), all)).toEqual({ period: '2027-01', by: '2027-03-02' })
})

it('counts one that came a month later as of the last day of its month [J4]', () => {
  const veryLate = [...six.slice(0, 5), ...came(['2026-09', '2026-11-04'])]
  expect(expectedBy(period('2026-10'), veryLate)).toBe('2026-12-02')
})
