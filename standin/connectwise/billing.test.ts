import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { type AdditionTerms, type AgreementTerms, draftInvoice, type InvoiceDraft } from './billing.ts'

const monthly: AgreementTerms = {
  id: 1,
  prorateFlag: true,
  periodType: 'Current',
  invoicingCycle: 'CalendarYear',
  billStart: '2026-01-01',
  nextInvoiceDate: '2026-09-01',
}

interface Given {
  readonly id?: number
  readonly quantity?: number
  readonly less?: number
  readonly price?: string
  readonly cost?: string
  readonly from: string
  readonly to?: string
  readonly bill?: string
}
const addition = (given: Given): AdditionTerms => ({
  id: given.id ?? 7,
  serialNumber: 'sub-1',
  product: { id: 3, identifier: 'M365BP' },
  description: 'Microsoft 365 Business Premium',
  billCustomer: given.bill ?? 'Billable',
  quantity: new Big(given.quantity ?? 5),
  lessIncluded: new Big(given.less ?? 0),
  unitPrice: new Big(given.price ?? '10'),
  unitCost: new Big(given.cost ?? '8'),
  effective: given.from,
  cancelled: given.to ?? null,
})

const nothingBilled = () => false
const figures = (draft: InvoiceDraft) =>
  draft.lines.map(({ month, days, quantity, proratedUnitPrice, price, cost }) =>
    [month, days, quantity, proratedUnitPrice, price, cost].join(' '),
  )
/** Only September is unbilled. */
const billedBefore = (_: number, first: string) => first < '2026-09-01'
const bill = (given: Given, agreement = monthly) =>
  figures(draftInvoice(agreement, [addition(given)], billedBefore))

describe('draftInvoice', () => {
  it('prints 34.06 a unit for 22.00 from 17 March in advance, as the published April invoice does', () => {
    const agreement = {
      ...monthly,
      periodType: 'Future',
      billStart: '2018-01-01',
      nextInvoiceDate: '2019-04-01',
    }
    const two = addition({ quantity: 2, price: '22', cost: '22', from: '2019-03-15' })
    const draft = draftInvoice(agreement, [two], nothingBilled)
    expect(draft.printed).toMatchObject([{ quantity: '2', unitPrice: '34.06', price: '68.12' }])
    expect(figures(draft)).toEqual(['2019-03 17 2 12.06 24.12 24.12', '2019-04 30 2 22.00 44.00 44.00'])
    expect(draft.lines.map((line) => line.catchUp)).toEqual([true, false])
  })

  it('bills a whole month of an addition that runs through it', () => {
    expect(bill({ from: '2026-06-01' })).toEqual(['2026-09 30 5 10.00 50.00 40.00'])
  })

  it('prorates a start inside the month by its days, first day included, rounded per unit', () => {
    expect(bill({ from: '2026-09-16', price: '5.37', cost: '4.11' })).toEqual([
      '2026-09 15 5 2.69 13.45 10.30',
    ])
  })

  it('says the arithmetic of a prorated line', () => {
    const draft = draftInvoice(monthly, [addition({ from: '2026-09-16', price: '5.37' })], nothingBilled)
    expect(draft.lines[0]?.arithmetic).toBe('5.37 × 15/30 days = 2.69 a unit; × 5 = 13.45')
    expect(draft.lines[0]?.note).toBe('This item has been prorated with a start date of 2026-09-16')
  })

  it('bills the whole month for a start inside it where the agreement does not prorate', () => {
    expect(bill({ from: '2026-09-16' }, { ...monthly, prorateFlag: false })).toEqual([
      '2026-09 30 5 10.00 50.00 40.00',
    ])
  })

  it('does not shorten a month in which an addition is cancelled', () => {
    expect(bill({ from: '2026-06-01', to: '2026-09-01' })).toEqual(['2026-09 30 5 10.00 50.00 40.00'])
    expect(bill({ from: '2026-09-11', to: '2026-09-14' })).toEqual(['2026-09 20 5 6.67 33.35 26.65'])
  })

  it('bills nothing for an addition that ended the day before, starts later, or is cancelled before it starts', () => {
    expect(bill({ from: '2026-06-01', to: '2026-08-31' })).toEqual([])
    expect(bill({ from: '2026-10-01' })).toEqual([])
    expect(bill({ from: '2026-09-10', to: '2026-09-09' })).toEqual([])
  })

  it('catches up months not billed before, those of an addition ended meanwhile included', () => {
    const draft = draftInvoice(monthly, [addition({ from: '2026-06-16', to: '2026-07-31' })], nothingBilled)
    expect(figures(draft)).toEqual(['2026-06 15 5 5.00 25.00 20.00', '2026-07 31 5 10.00 50.00 40.00'])
  })

  it('does not catch up where the agreement does not prorate', () => {
    const draft = draftInvoice(
      { ...monthly, prorateFlag: false },
      [addition({ from: '2026-06-16' })],
      nothingBilled,
    )
    expect(figures(draft)).toEqual(['2026-09 30 5 10.00 50.00 40.00'])
  })

  it('catches up no further back than the agreement bills', () => {
    const draft = draftInvoice(
      { ...monthly, billStart: '2026-08-01' },
      [addition({ from: '2025-01-01' })],
      () => false,
    )
    expect(draft.lines.map((line) => line.month)).toEqual(['2026-08', '2026-09'])
  })

  it('never credits: a billed month stays billed when the addition is cancelled afterwards', () => {
    const ended = addition({ from: '2026-06-01', to: '2026-06-15' })
    expect(draftInvoice(monthly, [ended], billedBefore).lines).toEqual([])
  })

  it('bills the quantity less what is included', () => {
    expect(bill({ from: '2026-06-01', less: 2 })).toEqual(['2026-09 30 3 10.00 30.00 24.00'])
    expect(bill({ from: '2026-06-01', less: 5 })).toEqual([])
  })

  it('bills a negative addition as negative amounts, rounded away from zero like positive ones', () => {
    expect(bill({ from: '2026-09-16', quantity: -5, price: '5.37' })).toEqual([
      '2026-09 15 -5 2.69 -13.45 -20.00',
    ])
  })

  it('prints no line for DoNotBill and a line of nothing for NoCharge', () => {
    expect(bill({ from: '2026-06-01', bill: 'DoNotBill' })).toEqual([])
    expect(bill({ from: '2026-06-01', bill: 'NoCharge' })).toEqual(['2026-09 30 5 10.00 0.00 0.00'])
  })

  it('adds up and moves on to the next period', () => {
    const additions = [addition({ id: 2, from: '2026-09-16' }), addition({ id: 1, from: '2026-06-01' })]
    const draft = draftInvoice(monthly, additions, billedBefore)
    expect(draft.lines.map((line) => line.additionId)).toEqual([1, 2])
    expect(draft).toMatchObject({ price: '75.00', cost: '60.00', nextInvoiceDate: '2026-10-01' })
  })

  it('bills a contract year from the day of the month it started', () => {
    const contract = {
      ...monthly,
      invoicingCycle: 'ContractYear',
      billStart: '2026-01-31',
      nextInvoiceDate: '2026-02-28',
    }
    const draft = draftInvoice(
      contract,
      [addition({ from: '2026-03-15' })],
      (_, first) => first < '2026-02-28',
    )
    expect(draft.period).toEqual({ first: '2026-02-28', last: '2026-03-30' })
    expect(draft.lines[0]).toMatchObject({ days: 16, daysInPeriod: 31 })
    expect(draft.nextInvoiceDate).toBe('2026-03-31')
  })
})

describe('billing cycles of several months [inferred]', () => {
  const quarterly = { ...monthly, months: 3, nextInvoiceDate: '2026-07-01' }

  it('bill a unit price for the whole period, prorated to its days from a start inside', () => {
    const draft = (from: string, agreement = quarterly) =>
      draftInvoice(
        agreement,
        [addition({ price: '92', cost: '46', from })],
        (_, first) => first < '2026-07-01',
      )
    expect(draft('2026-07-01').period).toEqual({ first: '2026-07-01', last: '2026-09-30' })
    expect(draft('2026-07-01').nextInvoiceDate).toBe('2026-10-01')
    expect(figures(draft('2026-06-01'))).toEqual(['2026-07 92 5 92.00 460.00 230.00'])
    expect(figures(draft('2026-09-01'))).toEqual(['2026-07 30 5 30.00 150.00 75.00'])
    const yearly = { ...quarterly, months: 12, nextInvoiceDate: '2026-01-01' }
    expect(draft('2026-07-01', yearly).period).toEqual({ first: '2026-01-01', last: '2026-12-31' })
  })

  it('begin with the calendar year, or with the month that a contract year begins', () => {
    const period = (agreement: AgreementTerms, next: string) =>
      draftInvoice({ ...agreement, nextInvoiceDate: next }, [], nothingBilled).period
    expect(period(quarterly, '2026-02-15')).toEqual({ first: '2026-01-01', last: '2026-03-31' })
    const contract = { ...quarterly, invoicingCycle: 'ContractYear', billStart: '2025-11-30' }
    expect(period(contract, '2026-02-27')).toEqual({ first: '2025-11-30', last: '2026-02-27' })
    expect(period(contract, '2026-02-28')).toEqual({ first: '2026-02-28', last: '2026-05-29' })
    expect(period({ ...contract, months: 6 }, '2025-11-29')).toEqual({
      first: '2025-05-30',
      last: '2025-11-29',
    })
  })
})
