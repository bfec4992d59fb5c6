import { describe, expect, it } from 'vitest'
import type { Day, Period } from '#lib/billing/types.ts'
import { monthsOfInvoices } from './invoice-months.ts'

const header = (id: number, date: string | null = null) => ({ id, date: date as Day | null })
const known = (id: number, period: string) => ({ id, period: period as Period })
const months = (...of: Parameters<typeof monthsOfInvoices>) =>
  monthsOfInvoices(...of).map(({ id, period }) => `${id} ${period}`)
const november = '2026-11-01' as Day

describe('an invoice’s month [J6]', () => {
  it('is the last one that is invoiced, and before it one earlier each', () => {
    expect(months([header(7), header(9), header(8)], [], november)).toEqual([
      '7 2026-08',
      '9 2026-10',
      '8 2026-09',
    ])
  })

  it('stays as it was told first, whatever was invoiced or deleted since', () => {
    expect(months([header(8)], [known(8, '2026-09')], november)).toEqual(['8 2026-09'])
  })

  it('is after those that are known, also where more invoices than months came since', () => {
    expect(months([header(9), header(10), header(11)], [known(8, '2026-08')], november)).toEqual([
      '9 2026-09',
      '10 2026-09',
      '11 2026-10',
    ])
    // Prorated additions that were invoiced at once: nothing moved on.
    expect(months([header(9)], [known(8, '2026-10')], november)).toEqual(['9 2026-10'])
  })

  it('is that of its date where the agreement does not say how far it is invoiced', () => {
    expect(months([header(3, '2026-09-12'), header(4)], [], null)).toEqual(['3 2026-09'])
  })
})
