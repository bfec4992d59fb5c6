import { describe, expect, it } from 'vitest'
import { invoiceName, invoiceOfUsage, invoicesOfUsage, shortInvoiceOfUsage } from './invoice-month.ts'
import { period } from './testing/factories.ts'

describe('the invoice of a month’s usage [E6][G6]', () => {
  it('is that of the next month', () => {
    expect(invoiceName(period('2026-09'))).toBe('October 2026 invoice')
    expect(invoiceOfUsage(period('2026-09'))).toBe('October invoice for September 2026 usage')
    expect(shortInvoiceOfUsage(period('2026-09'))).toBe('Oct invoice, Sep 2026 usage')
  })

  it('is named with its year where that is another one', () => {
    expect(invoiceOfUsage(period('2026-11'))).toBe('December invoice for November 2026 usage')
    expect(invoiceOfUsage(period('2026-12'))).toBe('January 2027 invoice for December 2026 usage')
    expect(shortInvoiceOfUsage(period('2026-12'))).toBe('Jan 2027 invoice, Dec 2026 usage')
    expect(invoiceOfUsage(period('2027-01'))).toBe('February invoice for January 2027 usage')
  })

  it('is several of several months', () => {
    expect(invoicesOfUsage(period('2026-04'), period('2026-09'))).toBe(
      'May to October invoices for April 2026 – September 2026 usage',
    )
    expect(invoicesOfUsage(period('2026-10'), period('2026-12'))).toBe(
      'November 2026 to January 2027 invoices for October 2026 – December 2026 usage',
    )
    expect(invoicesOfUsage(period('2026-09'), period('2026-09'))).toBe(
      'October invoice for September 2026 usage',
    )
  })
})
