import { describe, expect, it } from 'vitest'
import { agreementFindings, unfitness } from './agreement-rules.ts'
import { plan } from './plan.ts'
import { agreement as anAgreement, line, situation, usage } from './testing/factories.ts'
import type { Agreement, Day, Period } from './types.ts'

const day = (text: string) => text as Day
const use = { today: day('2026-10-02'), firstPeriod: '2026-09' as Period, currency: 'AUD' }
const agreement = (facts: Partial<Agreement> = {}): Agreement =>
  anAgreement({
    startDate: day('2026-08-31'),
    nextInvoiceDate: day('2026-09-01'),
    billStartDate: day('2026-09-01'),
    ...facts,
  })
const codes = (facts: Partial<Agreement>) => agreementFindings(agreement(facts), use).map(({ code }) => code)

describe('an agreement about to be mapped', () => {
  it('passes as the guide’s example: usage of September, start 31 Aug, billing start 1 Sep [A5]', () => {
    expect(agreementFindings(agreement(), use)).toEqual([])
  })

  it('is refused when it was cancelled, has ended or is not active, with the day in the sentence [A5][E4]', () => {
    expect(agreementFindings(agreement({ endDate: day('2026-06-30') }), use)).toMatchObject([
      { code: 'ended', severity: 'error', field: 'Date End', message: 'The agreement ended 30 Jun 2026.' },
    ])
    const cancelled = { cancelled: true, dateCancelled: day('2026-06-30'), endDate: day('2026-06-30') }
    expect(agreementFindings(agreement(cancelled), use)).toMatchObject([
      { code: 'cancelled', message: 'The agreement was cancelled on 30 Jun 2026.' },
    ])
    expect(codes({ cancelled: true })).toEqual(['cancelled'])
    expect(codes({ status: 'Inactive' })).toEqual(['not-active'])
    expect(codes({ status: '' })).toEqual(['not-active'])
  })

  it('passes with a note when it ended after the first usage began, whose usage it still carries [A5]', () => {
    expect(agreementFindings(agreement({ endDate: day('2026-09-20') }), use)).toMatchObject([
      { code: 'ended', severity: 'note' },
    ])
    const unknown = { ...use, firstPeriod: null }
    expect(agreementFindings(agreement({ endDate: day('2026-09-20') }), unknown)).toMatchObject([
      { code: 'ended', severity: 'error' },
    ])
  })

  it('is refused when it does not prorate or runs on contract years [A5][F13]', () => {
    expect(codes({ prorate: false })).toEqual(['not-prorated'])
    expect(codes({ invoicingCycle: 'ContractYear' })).toEqual(['contract-year'])
  })

  it('must start before the first usage and bill from its first day at the latest [A5]', () => {
    expect(codes({ startDate: day('2026-09-01') })).toEqual(['starts-too-late'])
    expect(codes({ billStartDate: day('2026-09-02') })).toEqual(['bills-too-late'])
    const nothingYet = { ...use, firstPeriod: null }
    expect(agreementFindings(agreement({ startDate: day('2026-12-01') }), nothingYet)).toEqual([])
  })

  it('must be in PRISM’s currency, where ConnectWise says a code [A5]', () => {
    expect(codes({ currency: 'USD' })).toEqual(['other-currency'])
    expect(codes({ currency: 'AUD' })).toEqual([])
    expect(codes({ currency: 'Australian Dollars' })).toEqual([])
    expect(codes({ currency: 'US Dollars' })).toEqual(['other-currency'])
    expect(agreementFindings(agreement({ currency: 'Groats' }), use)).toMatchObject([
      { code: 'currency-unknown', severity: 'note' },
    ])
  })

  it('passes with a note when it is billed in advance [A5][F15]', () => {
    expect(agreementFindings(agreement({ periodType: 'Future' }), use)).toMatchObject([
      { code: 'in-advance', severity: 'note' },
    ])
  })

  it('is refused when it is not billed by the month, at mapping and at every sync [A5][F13]', () => {
    for (const billingCycle of ['Quarterly', 'Yearly', 'One-Time', 'None', '']) {
      const facts = { billingCycle, billsMonthly: false }
      expect(codes(facts)).toEqual(['not-monthly'])
      expect(unfitness(agreement(facts), '2026-09' as Period, 'AUD').map(({ code }) => code)).toEqual([
        'not-monthly',
      ])
    }
  })

  it('says what a parent agreement does to it [A5]', () => {
    expect(agreementFindings(agreement({ parentAgreementId: 4 }), use)).toMatchObject([
      { code: 'has-parent', severity: 'note' },
    ])
  })

  it('does not say so of one without, nor in place of what stops it [case 25]', () => {
    expect(codes({ parentAgreementId: null })).toEqual([])
    expect(codes({ parentAgreementId: 4, prorate: false })).toEqual(['not-prorated', 'has-parent'])
  })

  it('is synced as others are with a parent: the note is no reason to hold it [case 25]', () => {
    const child = agreement({ parentAgreementId: 4 })
    expect(unfitness(child, '2026-09' as Period, 'AUD')).toEqual([])
    const [month] = plan(
      situation({ agreement: child, usages: [usage([line(5, '2026-09', 1, 30)])] }),
    ).periods
    expect(month?.subscriptions.map(({ status }) => status)).toEqual(['Success'])
    expect(month?.totals).toMatchObject({ billed: { price: '50' }, unexplained: { price: '0' } })
  })
})

describe('fit for a usage period [F13]', () => {
  const unfit = (facts: Partial<Agreement>, period = '2026-09') =>
    unfitness(agreement(facts), period as Period, 'AUD').map(({ code }) => code)

  it.each([
    ['Expired on the last day of the month', { status: 'Expired', endDate: day('2026-09-30') }, []],
    ['Expired on its first day', { status: 'Expired', endDate: day('2026-09-01') }, []],
    ['Expired the day before', { status: 'Expired', endDate: day('2026-08-31') }, ['ended']],
    ['Expired without a date', { status: 'Expired' }, ['not-active']],
    [
      'cancelled inside the month',
      { status: 'Cancelled', cancelled: true, dateCancelled: day('2026-09-14'), endDate: day('2026-09-14') },
      [],
    ],
    ['Cancelled without a date', { status: 'Cancelled' }, ['cancelled']],
    ['Inactive, also with a later end', { status: 'Inactive', endDate: day('2026-12-31') }, ['not-active']],
    ['Active and ended later', { endDate: day('2026-09-20') }, []],
    ['started and billed too late, which mapping asks', { startDate: day('2026-10-01') }, []],
    ['of another currency since', { currency: 'USD' }, ['other-currency']],
    ['no longer prorated', { prorate: false }, ['not-prorated']],
  ] as const)('%s', (_, facts, expected) => {
    expect(unfit(facts)).toEqual(expected)
  })
})
