import { describe, expect, it } from 'vitest'
import type { Day, Period } from '#lib/billing/types.ts'
import { firstToCheck, type GoingLiveFacts, goingLiveSteps, monthToCheck } from './going-live.ts'

const period = (text: string): Period => text as Period
const nothing: GoingLiveFacts = {
  program: 'microsoft-csp',
  today: '2026-10-03' as Day,
  isConnected: { prism: false, connectwise: false },
  unprepared: null,
  mailsTo: 0,
  products: null,
  customers: { all: 0, mapped: 0, syncing: 0 },
  isProgramOn: false,
  newest: null,
  toCheck: 0,
}
const everything: GoingLiveFacts = {
  ...nothing,
  isConnected: { prism: true, connectwise: true },
  unprepared: 0,
  mailsTo: 2,
  products: 'Warning',
  customers: { all: 40, mapped: 40, syncing: 40 },
  isProgramOn: true,
  newest: period('2026-09'),
}
const done = (facts: Partial<GoingLiveFacts>): boolean[] =>
  goingLiveSteps({ ...everything, ...facts }).map(({ isDone }) => isDone)
const onlyOpen = (facts: Partial<GoingLiveFacts>): string[] =>
  goingLiveSteps({ ...everything, ...facts }).flatMap(({ title, isDone }) => (isDone ? [] : [title]))

describe('the steps of going live [G6]', () => {
  it('are all open where nothing is there, and all done where all of it is', () => {
    expect(goingLiveSteps(nothing).some(({ isDone }) => isDone)).toBe(false)
    expect(done({}).every(Boolean)).toBe(true)
  })

  it.each<[string, Partial<GoingLiveFacts>, string[]]>([
    [
      'one connection is not enough',
      { isConnected: { prism: true, connectwise: false } },
      ['Connect PRISM and ConnectWise'],
    ],
    ['a check that is not good', { unprepared: 1 }, ['Prepare ConnectWise']],
    ['nobody to tell', { mailsTo: 0 }, ['Say who hears of errors']],
    ['products that failed', { products: 'Error' }, ['Link the products']],
    [
      'last month’s invoice is not there',
      { newest: period('2026-08') },
      ['Have an invoice of PRISM’s for last month'],
    ],
    ['some are in their first months', { toCheck: 2 }, ['Check their additions before you send invoices']],
    ['some are not mapped', { customers: { all: 40, mapped: 39, syncing: 39 } }, ['Map the others']],
  ])('that is open alone: %s', (_, facts, open) => {
    expect(onlyOpen(facts)).toEqual(open)
  })

  it('lead somewhere, in January as well', () => {
    for (const { href, detail } of goingLiveSteps({ ...nothing, today: '2027-01-02' as Day })) {
      expect(href).toMatch(/^\/[a-z]/)
      expect(detail).toMatch(/\.$/)
    }
    expect(onlyOpen({ today: '2027-01-02' as Day, newest: period('2026-12') })).toEqual([])
  })
})

describe('a customer to be checked before invoicing [G6]', () => {
  it.each([
    ['2026-09', '2026-09', 1],
    ['2026-08', '2026-09', 2],
    ['2026-07', '2026-09', null],
    ['2026-12', '2027-01', 2],
    ['2026-10', '2026-09', null],
  ])('that began with %s, while %s is the newest month: %s', (first, newest, month) => {
    expect(monthToCheck(period(first), period(newest))).toBe(month)
    if (month !== null) expect(first >= firstToCheck(period(newest))).toBe(true)
  })

  it('is none that was never synced', () => {
    expect(monthToCheck(null, period('2026-09'))).toBeNull()
    expect(monthToCheck(period('2026-09'), null)).toBeNull()
  })
})
