import { describe, expect, it } from 'vitest'
import type { Invoice } from '#db/queries/invoices.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Loaded } from './load.ts'
import { decideMonth } from './months.ts'

const stored = (id: string, state: Invoice['state'], reasonCode: Invoice['reasonCode'] = null): Invoice =>
  ({ id, prismInvoiceId: id.replace(/-\d+$/, ''), state, reasonCode }) as Invoice
const loaded = (id: string): Loaded => ({
  id,
  header: {
    id: id.replace(/-\d+$/, ''),
    programName: 'Microsoft CSP Indirect',
    period: '2026-09' as Period,
    invoicedOn: null,
  },
  judgement: { state: 'ready' },
})
const states = (...decided: Parameters<typeof decideMonth>) =>
  Object.fromEntries(decideMonth(...decided).map(({ id, set }) => [id, set.reasonCode ?? set.state]))

describe('the invoice of a usage month', () => {
  it('is ready where it is the only one [F1]', () => {
    expect(states([], [loaded('1')])).toEqual({ '1': 'ready' })
  })
  it('waits where there are two, whichever came first [F1]', () => {
    expect(states([], [loaded('1'), loaded('2')])).toEqual({ '1': 'candidates', '2': 'candidates' })
    expect(states([stored('1', 'held', 'negative-line')], [loaded('2')])).toEqual({ '2': 'candidates' })
    expect(states([stored('1', 'held', 'candidates')], [loaded('2')])).toEqual({
      '1': 'candidates',
      '2': 'candidates',
    })
  })
  it('waits where another one is in use, by another id or with other content [F1]', () => {
    expect(states([stored('1', 'ready')], [loaded('2')])).toEqual({ '2': 'reissue' })
    expect(states([stored('1', 'ready')], [loaded('1-2')])).toEqual({ '1-2': 'reissue' })
  })
  it('takes the place of a refused file with the same id, not of one with another [F1]', () => {
    expect(states([stored('1', 'refused')], [loaded('1-2')])).toEqual({ '1-2': 'ready' })
    expect(states([stored('1', 'refused')], [loaded('2')])).toEqual({ '2': 'candidates' })
  })
  it('is what is left after the others were excluded or superseded [F1]', () => {
    expect(states([stored('1', 'excluded'), stored('2', 'held', 'candidates')], [])).toEqual({ '2': 'ready' })
    expect(states([stored('1', 'superseded')], [loaded('2')])).toEqual({ '2': 'ready' })
  })
})
