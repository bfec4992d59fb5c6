import { describe, expect, it } from 'vitest'
import type { Day, Period } from '#lib/billing/types.ts'
import type { AgreementRecord } from '#lib/connectwise/values.ts'
import { agreementFindings } from './agreement-rules.ts'

const day = (text: string) => text as Day
const use = { today: day('2026-10-02'), firstPeriod: '2026-09' as Period, currency: 'AUD' }
const agreement = (facts: Partial<AgreementRecord> = {}): AgreementRecord => ({
  id: 5,
  name: 'Office 365',
  startDate: day('2026-08-31'),
  endDate: null,
  nextInvoiceDate: day('2026-09-01'),
  company: { id: 19, name: 'Coho Winery' },
  type: 'Managed',
  status: 'Active',
  cancelled: false,
  dateCancelled: null,
  prorate: true,
  invoicingCycle: 'CalendarYear',
  periodType: 'Current',
  billStartDate: day('2026-09-01'),
  billingCycle: 'Monthly',
  currency: null,
  parentAgreementId: null,
  ...facts,
})
const codes = (facts: Partial<AgreementRecord>) =>
  agreementFindings(agreement(facts), use).map(({ code }) => code)

describe('an agreement about to be mapped', () => {
  it('passes as the guide’s example: usage of September, start 31 Aug, billing start 1 Sep [A5]', () => {
    expect(agreementFindings(agreement(), use)).toEqual([])
  })

  it('is refused when it was cancelled, has ended or is not active, with the day in the sentence [A5][E4]', () => {
    expect(agreementFindings(agreement({ endDate: day('2026-06-30') }), use)).toMatchObject([
      { code: 'ended', severity: 'error', field: 'endDate', message: 'The agreement ended 30 Jun 2026.' },
    ])
    expect(codes({ cancelled: true, dateCancelled: day('2026-06-30') })).toEqual(['cancelled'])
    expect(codes({ status: 'Inactive' })).toEqual(['not-active'])
    expect(codes({ endDate: day('2026-10-02') })).toEqual([])
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
  })

  it('passes with a note when it is billed in advance [A5][F15]', () => {
    expect(agreementFindings(agreement({ periodType: 'Future' }), use)).toMatchObject([
      { code: 'in-advance', severity: 'note' },
    ])
  })
})
