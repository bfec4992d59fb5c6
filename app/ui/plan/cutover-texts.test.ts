import { describe, expect, it } from 'vitest'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'
import { askedOf, billText, changeText, fateTitle } from './cutover-texts.ts'
import type { CutoverAddition, CutoverReview } from './shown.ts'

const price = (text: string) => ({ price: text as Money })
const addition = (over: Partial<CutoverAddition> = {}): CutoverAddition => ({
  additionId: 7,
  fate: 'adopted',
  subscriptionId: 'sub-1',
  product: 'M365BP',
  quantity: '5' as Quantity,
  unitPrice: '10' as Money,
  effectiveDate: null,
  serialNumber: { before: '', after: 'SUB-1' },
  cancelledDate: { before: null, after: null },
  bills: { before: price('50'), after: price('50') },
  reason: null,
  isNamesake: false,
  actions: ['subscription', 'nobody', 'ends'],
  ...over,
})
const review = (before: string, after: string, apart = '0'): CutoverReview =>
  ({
    period: '2026-09' as Period,
    additions: [],
    subscriptions: [],
    bills: { before: price(before), after: price(after) },
    apart: price(apart),
    totals: { invoiced: price('50') },
  }) as unknown as CutoverReview

describe('The review of a customer in words', () => {
  it('says the bill of the month before and after, and what of it is not PRISM’s', () => {
    expect(billText(review('50', '50'), 'AUD')).toBe(
      'September 2026: PRISM charges A$50.00. The agreement bills A$50.00, as it does now.',
    )
    expect(billText(review('60', '62', '12'), 'AUD')).toBe(
      'September 2026: PRISM charges A$50.00. The agreement bills A$62.00 instead of A$60.00; A$12.00 of it is not PRISM’s.',
    )
  })

  it('says old and new of what is written, and nothing where nothing is', () => {
    expect(changeText(addition())).toBe('Serial Number none → SUB-1')
    const ends = { before: null, after: '2026-08-31' as Day }
    expect(changeText(addition({ serialNumber: { before: 'x', after: 'x' }, cancelledDate: ends }))).toBe(
      'Cancelled Date none → 31 Aug 2026',
    )
    expect(changeText(addition({ serialNumber: { before: 'x', after: 'x' } }))).toBe('')
  })

  it('counts what becomes of additions', () => {
    expect(fateTitle('adopted', 1)).toBe('Taken over as they are: 1')
    expect(fateTitle('over', 3)).toBe('Ended already: 3')
  })

  it('asks of an addition what can be said of it', () => {
    expect(askedOf(addition({ actions: [] }))).toBe(null)
    expect(askedOf(addition())).toEqual({
      additionId: 7,
      serialNumber: '',
      quantity: '5',
      billed: '50',
      owners: ['sub-1'],
    })
  })
})
