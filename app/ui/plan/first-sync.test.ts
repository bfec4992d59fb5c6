import { describe, expect, it } from 'vitest'
import type { Beginning } from '#app/api/schemas/customers.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import {
  answerTo,
  asksForMissed,
  asksToBegin,
  beginningText,
  choiceTexts,
  firstSyncText,
} from './first-sync.ts'
import { answersOf } from './first-sync-answers.ts'

const month = (period: string, price = '1204.5') => ({ period: period as Period, price: price as Money })
const beginning = (over: Partial<Beginning> = {}): Beginning => ({
  months: [month('2026-09')],
  isFirst: true,
  isInvoiced: true,
  alsoBilled: [],
  begin: null,
  findings: [],
  byDefault: 'next',
  ...over,
})

describe('before Sync is switched on', () => {
  it('names the invoice by the month after its usage, as everywhere [E6]', () => {
    expect(firstSyncText('2026-12' as Period)).toBe(
      'The first sync takes the January 2027 invoice: usage of 1–31 Dec 2026.',
    )
    expect(firstSyncText(null)).toMatch(/^No invoice contains this customer yet/)
  })

  it('says whether ConnectWise has invoiced the month, with its amount [E6]', () => {
    expect(beginningText(beginning())).toBe(
      'ConnectWise has invoiced September 2026 already; PRISM’s usage of it is 1,204.50.',
    )
    expect(beginningText(beginning({ isInvoiced: false }))).toContain('has not invoiced September 2026 yet')
    expect(beginningText(beginning({ isInvoiced: null }))).toContain('is not known')
    expect(beginningText(beginning({ months: [] }))).toBe('')
    expect(choiceTexts(beginning())['catch-up']).toBe('Bill September 2026 as catch-up (1,204.50)')
  })

  it('asks only what there is to say, with the default preselected, and sends no more [E6]', () => {
    const first = beginning()
    expect([asksToBegin(first), asksForMissed(first), answerTo(first, {})]).toEqual([
      true,
      false,
      { begin: 'next' },
    ])
    expect(answerTo(beginning({ byDefault: 'catch-up' }), {})).toEqual({ begin: 'catch-up' })
    expect(answerTo(beginning({ begin: 'elsewhere', months: [] }), { begin: 'next' })).toEqual({
      begin: 'next',
    })
    expect(answerTo(beginning({ isInvoiced: false }), { begin: 'elsewhere', missed: 'all' })).toEqual({})
    const there = { agreementName: 'Gold', additionId: 7, product: 'E3', quantity: '5', price: '50' }
    const alsoBilled = [there] as unknown as Beginning['alsoBilled']
    expect(answerTo(beginning({ isInvoiced: false, alsoBilled }), { begin: 'elsewhere' })).toEqual({
      begin: 'elsewhere',
    })
    const missed = beginning({ isFirst: false, months: [month('2026-08'), month('2026-09')] })
    expect([asksToBegin(missed), answerTo(missed, {})]).toEqual([false, { missed: 'latest' }])
    expect(answerTo(missed, { missed: 'all' })).toEqual({ missed: 'all' })
    expect(answerTo(beginning({ isFirst: false }), {})).toEqual({})
    expect(answerTo(undefined, { begin: 'next' })).toEqual({})
  })
})

describe('a row of a first sync', () => {
  it('offers what can be said of it now [E6]', () => {
    const row = { tenantId: 'a' }
    expect(answersOf({ ...row, waits: { question: 'first-sync', changes: [] } })).toHaveLength(3)
    expect(answersOf({ ...row, waits: { question: 'late', changes: [] } })).toEqual([])
    expect(answersOf({ ...row, begins: 'elsewhere' })).toEqual(['next', 'catch-up'])
    expect(answersOf({ ...row, begins: '2026-10' as Period })).toEqual(['catch-up'])
    expect(answersOf(row)).toEqual([])
  })
})
