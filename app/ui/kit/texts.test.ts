import { describe, expect, it } from 'vitest'
import { verdict } from '#app/ui/plan/agreement-of-amounts.ts'
import { quantitiesThrough, shortened } from '#app/ui/plan/subscription-text.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import { day, period } from '#lib/billing/testing/factories.ts'
import type { Reconciliation, Step } from '#lib/billing/types.ts'
import { daysText } from './day-text.ts'
import { amountText, difference, moneyText, quantityText, share, sum } from './money.ts'

describe('days', () => {
  it('read as 1 Sep 2026 and September 2026 [H1]', () => {
    expect(shortDay(day('2026-09-01'))).toBe('1 Sep 2026')
    expect(monthName(period('2026-09'))).toBe('September 2026')
  })

  it.each([
    ['2026-10-01', '2026-10-31', '1–31 Oct 2026'],
    ['2026-09-16', '2026-10-31', '16 Sep – 31 Oct 2026'],
    ['2026-12-16', '2027-01-31', '16 Dec 2026 – 31 Jan 2027'],
    ['2026-10-05', '2026-10-05', '5 Oct 2026'],
  ])('from %s to %s are %s [H1]', (first, last, text) => {
    expect(daysText(day(first), day(last))).toBe(text)
  })
})

describe('money', () => {
  it('has two decimals at least, separators, and its currency in front [H1]', () => {
    expect(amountText('1204.5')).toBe('1,204.50')
    expect(amountText('-1234567')).toBe('−1,234,567.00')
    expect(amountText('0.125')).toBe('0.125')
    expect(amountText('12.3000')).toBe('12.30')
    expect(amountText('-0.00')).toBe('0.00')
    expect(moneyText('1204.50', 'AUD')).toBe('A$1,204.50')
    expect(moneyText('-3', 'CHF')).toBe('−CHF 3.00')
    expect(moneyText('3', '')).toBe('3.00')
    expect(quantityText('5.0')).toBe('5')
    expect(quantityText('-0.50')).toBe('−0.5')
    expect(quantityText('100')).toBe('100')
  })

  it('is subtracted exactly, however many digits [H1]', () => {
    expect(difference('1204.50', '1204.48')).toBe('0.02')
    expect(difference('0.1', '0.30')).toBe('-0.20')
    expect(difference('12345678901234567890.01', '0.02')).toBe('12345678901234567889.99')
    expect(difference('5', '-3')).toBe('8')
    expect(sum('48.6', '0.05')).toBe('48.65')
    expect(sum('-0.10', '0.1')).toBe('0.00')
  })

  it('fills a bar by its share of the larger figure, and never less than nothing [H1]', () => {
    expect(share('50', '100')).toBe(0.5)
    expect(share('0', '0')).toBe(0)
    expect(share('-5', '10')).toBe(0)
  })
})

const zero = { cost: '0.00', price: '0.00' }
const reconciliation = (terms: Partial<Record<keyof Reconciliation, string>>): Reconciliation =>
  ({
    invoiced: zero,
    billed: zero,
    ignored: zero,
    failed: zero,
    priceChange: zero,
    asAdopted: zero,
    edited: zero,
    notBilled: zero,
    rounding: zero,
    unexplained: zero,
    ...Object.fromEntries(Object.entries(terms).map(([term, price]) => [term, { cost: '0.00', price }])),
  }) as Reconciliation

describe('the proof line', () => {
  it('agrees to the cent, or but for rounding, ignored lines aside [H1]', () => {
    const exact = reconciliation({ invoiced: '112.50', billed: '100.00', ignored: '12.50' })
    expect(verdict(exact)).toEqual({ tone: 'good', sentence: 'Agrees. To the cent.', terms: [] })
    const rounded = reconciliation({ invoiced: '100.00', billed: '100.02', rounding: '-0.02' })
    expect(verdict(rounded)).toMatchObject({
      tone: 'good',
      sentence: 'Agrees. 0.02 is rounding: ConnectWise rounds each unit, PRISM each line.',
    })
  })

  it('agrees to the cent where a correction bills the rounding, and names both where it bills another one [J10]', () => {
    const corrected = (price: string) =>
      ({
        ...reconciliation({ invoiced: '100.00', billed: '100.00', rounding: '-0.02' }),
        terms: { exactAmounts: { price, cost: '0.00' } },
      }) as Reconciliation
    expect(verdict(corrected('0.02'))).toEqual({
      tone: 'good',
      sentence: 'Agrees. To the cent: a correction bills 0.02 of rounding.',
      terms: [],
    })
    expect(verdict(corrected('0.02'), 'price', 1).sentence).toBe(
      'The totals are equal, but one subscription could not be synced.',
    )
    expect(verdict(corrected('0.03'))).toMatchObject({
      tone: 'warn',
      terms: [
        { term: 'rounding', amount: '−0.02' },
        { term: 'exactAmounts', amount: '0.03' },
      ],
    })
  })

  it('does not call equal totals agreement while a subscription could not be synced [H1]', () => {
    const equal = reconciliation({ invoiced: '100.00', billed: '100.00' })
    expect(verdict(equal, 'price', 1)).toEqual({
      tone: 'warn',
      sentence: 'The totals are equal, but one subscription could not be synced.',
      terms: [],
    })
    expect(verdict(equal, 'price', 2).sentence).toContain('2 subscriptions')
    expect(verdict(equal, 'price', 0).tone).toBe('good')
  })

  it('nor while one waits for a person, which may be about how much was billed [2a, Waits]', () => {
    const equal = reconciliation({ invoiced: '100.00', billed: '100.00' })
    expect(verdict(equal, 'price', 0, 1)).toEqual({
      tone: 'warn',
      sentence: 'The totals are equal, but one subscription waits for a person.',
      terms: [],
    })
    expect(verdict(equal, 'price', 1, 2).sentence).toBe(
      'The totals are equal, but one subscription could not be synced, and 2 subscriptions wait for a person.',
    )
  })

  it('names what a person skipped, which is no agreement and no alarm [2a, The proof]', () => {
    const skipped = { price: '50.00', cost: '40.00' }
    const totals = { ...reconciliation({ invoiced: '150.00', billed: '100.00' }), terms: { skipped } }
    expect(verdict(totals as Reconciliation)).toEqual({
      tone: 'warn',
      sentence: 'PRISM invoiced 50.00 more than the additions bill:',
      terms: [{ term: 'skipped', amount: '50.00' }],
    })
  })

  it('names every term that lies between the figures otherwise [H1]', () => {
    const differs = reconciliation({ invoiced: '100.00', billed: '87.98', failed: '12.00', rounding: '0.02' })
    expect(verdict(differs)).toEqual({
      tone: 'bad',
      sentence: 'PRISM invoiced 12.02 more than the additions bill:',
      terms: [
        { term: 'failed', amount: '12.00' },
        { term: 'rounding', amount: '0.02' },
      ],
    })
  })

  it('does not call equal totals agreement when two terms cancel out [H1]', () => {
    const cancels = reconciliation({
      invoiced: '100.00',
      billed: '100.00',
      edited: '5.00',
      notBilled: '-5.00',
    })
    expect(verdict(cancels)).toMatchObject({
      tone: 'warn',
      sentence: 'The totals are equal, but not for one reason:',
    })
  })
})

describe('a subscription’s quantities', () => {
  const steps = (...quantities: string[]): Step[] =>
    quantities.map((quantity, index) => ({
      first: `2026-10-0${index + 1}`,
      last: `2026-10-0${index + 1}`,
      quantity,
    })) as Step[]
  const path = (before: string, ...quantities: string[]) =>
    quantitiesThrough(before, steps(...quantities)).map(({ quantity, direction }) => [quantity, direction])

  it('go from the month before through the month: 5 -> 8 -> 6 [H1]', () => {
    expect(path('5', '5', '8', '6')).toEqual([
      ['5', 'same'],
      ['8', 'up'],
      ['6', 'down'],
    ])
    expect(path('0', '5')).toEqual([
      ['0', 'same'],
      ['5', 'up'],
    ])
    expect(path('5', '5', '0')).toEqual([
      ['5', 'same'],
      ['0', 'gone'],
    ])
  })

  it('keep their ends when there are many [H1]', () => {
    const shown = shortened(quantitiesThrough('1', steps('1', '2', '3', '4', '5', '6')))
    expect(shown.map((each) => each?.quantity ?? '…')).toEqual(['1', '…', '5', '6'])
  })
})
