import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import type { AdditionTerms, AgreementTerms, InvoiceDraft } from './billing.ts'
import { draftOnce } from './billing-once.ts'

const oneTime: AgreementTerms = {
  id: 1,
  prorateFlag: false,
  periodType: 'Current',
  invoicingCycle: 'CalendarYear',
  billStart: '2026-01-01',
  nextInvoiceDate: '2026-09-01',
  isOnce: true,
}

interface Given {
  readonly id?: number
  readonly quantity?: string
  readonly less?: string
  readonly price?: string
  readonly from: string
  readonly to?: string
  readonly bill?: string
}
const addition = ({
  id = 7,
  quantity = '5',
  less = '0',
  price = '10',
  from,
  to,
  bill,
}: Given): AdditionTerms => ({
  id,
  serialNumber: 'sub-1',
  product: { id: 3, identifier: 'M365E3' },
  description: 'Microsoft 365 E3',
  billCustomer: bill ?? 'Billable',
  quantity: new Big(quantity),
  lessIncluded: new Big(less),
  unitPrice: new Big(price),
  unitCost: new Big('8'),
  effective: from,
  cancelled: to ?? null,
})

const nothingBilled = () => false
const figures = ({ lines }: InvoiceDraft) =>
  lines.map(({ quantity, price, cost }) => `${quantity} ${price} ${cost}`)
const bill = (given: Given, agreement = oneTime, today = '2026-09-30') =>
  figures(draftOnce(agreement, [addition(given)], nothingBilled, today))

describe('draftOnce', () => {
  it('bills the whole price of one that is effective and cancelled on one day inside the month', () => {
    expect(bill({ from: '2026-09-17', to: '2026-09-17', price: '120' })).toEqual(['5 600.00 40.00'])
  })

  it('bills an open one no more than that', () => {
    expect(bill({ from: '2025-01-01' })).toEqual(['5 50.00 40.00'])
  })

  it('bills a negative quantity as a credit, and half cents up', () => {
    expect(bill({ from: '2026-09-17', quantity: '-3', price: '1.335' })).toEqual(['-3 -4.01 -24.00'])
  })

  it('leaves out what was billed before, whatever its dates have become', () => {
    const draft = draftOnce(oneTime, [addition({ from: '2026-09-17' })], (id) => id === 7, '2026-12-31')
    expect(draft.lines).toEqual([])
  })

  it('leaves out what has not begun, and what was cancelled before it would', () => {
    expect(bill({ from: '2026-10-01' })).toEqual([])
    expect(bill({ from: '2026-09-17', to: '2026-09-16' })).toEqual([])
  })

  it('leaves out what is not to be billed, and included licences', () => {
    expect(bill({ from: '2026-09-17', bill: 'DoNotBill' })).toEqual([])
    expect(bill({ from: '2026-09-17', less: '2' })).toEqual(['3 30.00 24.00'])
  })

  it('bills only the days to the month’s end where the agreement prorates', () => {
    expect(bill({ from: '2026-09-16' }, { ...oneTime, prorateFlag: true })).toEqual(['5 25.00 20.00'])
  })

  it('has the day after it as the next invoice date', () => {
    const draft = draftOnce(oneTime, [], nothingBilled, '2026-09-30')
    expect(draft.nextInvoiceDate).toBe('2026-10-01')
    expect(draft.period).toEqual({ first: '2026-09-01', last: '2026-09-30' })
  })
})
