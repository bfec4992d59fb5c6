import { describe, expect, it } from 'vitest'
import type { Invoice } from '#db/prism/invoices.ts'
import type { Period } from '#lib/billing/types.ts'
import { decideInvoices, usableInvoices } from './judge-month.ts'

const stored = (
  id: string,
  state: Invoice['state'],
  reasonCode: Invoice['reasonCode'] = null,
  period = '2026-09',
  kind: Invoice['kind'] = 'monthly',
): Invoice => ({ id, prismInvoiceId: id.replace(/-\d+$/, ''), kind, state, reasonCode, period }) as Invoice
const loaded = (id: string): Invoice => stored(id, 'loaded')
const states = (...month: Invoice[]) =>
  Object.fromEntries(decideInvoices(month).map(({ id, set }) => [id, set.reasonCode ?? set.state]))

describe('the invoice of a usage month', () => {
  it('is ready where it is the only one [F1]', () => {
    expect(states(loaded('1'))).toEqual({ '1': 'ready' })
    expect(states(stored('9', 'ignored', 'other-program'), loaded('1'))).toEqual({ '1': 'ready' })
  })
  it('waits where there are two, whichever came first [F1]', () => {
    expect(states(loaded('1'), loaded('2'))).toEqual({ '1': 'candidates', '2': 'candidates' })
    expect(states(stored('1', 'held', 'negative-line'), loaded('2'))).toEqual({ '2': 'candidates' })
    expect(states(stored('1', 'held', 'candidates'), loaded('2'))).toEqual({
      '1': 'candidates',
      '2': 'candidates',
    })
  })
  it('waits where another one is in use, by another id or with other content [F1]', () => {
    expect(states(stored('1', 'ready'), loaded('2'))).toEqual({ '2': 'reissue' })
    expect(states(stored('1', 'ready'), loaded('1-2'))).toEqual({ '1-2': 'reissue' })
  })
  it('waits for another one that PRISM lists and does not give', () => {
    expect(states(stored('1', 'unread', 'not-given'), loaded('2'))).toEqual({ '2': 'candidates' })
  })
  it.each(['refused', 'unread'] as const)(
    'takes the place of one that is %s with the same id, not of one with another [F1]',
    (state) => {
      expect(states(stored('1', state), loaded('1-2'))).toEqual({ '1-2': 'ready' })
      expect(states(stored('1', state), loaded('2'))).toEqual({ '2': 'candidates' })
    },
  )
  it('is what is left after the others were excluded or superseded [F1]', () => {
    expect(states(stored('1', 'excluded'), stored('2', 'held', 'candidates'))).toEqual({ '2': 'ready' })
    expect(states(stored('1', 'superseded'), loaded('2'))).toEqual({ '2': 'ready' })
  })
})

describe('an annual invoice', () => {
  const annual = (id: string, state: Invoice['state'] = 'loaded') =>
    stored(id, state, null, '2026-09', 'annual')

  it('is no rival of its month’s, nor of another annual one, whichever came first [J9]', () => {
    expect(states(annual('1'), annual('2'), loaded('3'))).toEqual({
      '1': 'annual',
      '2': 'annual',
      '3': 'ready',
    })
    expect(states(annual('1', 'annual'), annual('2', 'held'), loaded('3'))).toEqual({ '3': 'ready' })
    expect(states(stored('3', 'ready'), annual('1'))).toEqual({ '1': 'annual' })
  })
  it('waits where PRISM gave another content of it, in use or not [J9]', () => {
    expect(states(annual('1', 'annual'), annual('1-2'))).toEqual({ '1-2': 'reissue' })
    expect(states(annual('1', 'held'), annual('1-2'))).toEqual({ '1-2': 'candidates' })
    expect(states(annual('1', 'refused'), annual('1-2'))).toEqual({ '1-2': 'annual' })
    expect(states(annual('1', 'excluded'), annual('1-2'))).toEqual({ '1-2': 'annual' })
  })
  it('waits where it is a month’s invoice now, or was one [J9]', () => {
    expect(states(annual('1', 'annual'), loaded('1-2'))).toEqual({ '1-2': 'reissue' })
    expect(states(stored('1', 'ready'), annual('1-2'))).toEqual({ '1-2': 'reissue' })
  })
})

describe('the invoices that a customer can take up', () => {
  const month = (text: string, state: Invoice['state'] = 'ready') => stored(text, state, null, text)
  const all = [month('2026-08'), month('2026-09', 'unread'), month('2026-10')]
  const usable = (
    invoices: readonly Invoice[],
    ...mappings: (readonly [first: string | null, attempted: string | null])[]
  ) => {
    const reached = mappings.map(([first, attemptedInvoiceId]) => ({
      firstPeriod: first as Period | null,
      attemptedInvoiceId,
    }))
    const { invoices: found, waitsFor } = usableInvoices(invoices, reached)
    return [found.map(({ id }) => id), waitsFor]
  }

  it.each(['unread', 'refused', 'held', 'loaded'] as const)(
    'end before a due month whose invoice is %s [F12]',
    (state) => {
      const months = [month('2026-08'), month('2026-09', state), month('2026-10')]
      expect(usable(months, ['2026-08', '2026-08'])).toEqual([['2026-08'], '2026-09'])
    },
  )
  it('never wait for an annual one [J9]', () => {
    const annual = stored('9', 'held', 'reissue', '2026-09', 'annual')
    expect(
      usable([...all.filter(({ period }) => period !== '2026-09'), annual], ['2026-08', '2026-08']),
    ).toEqual([['2026-08', '2026-10'], null])
  })
  it('go on once it is excluded, or another one of its month is usable [F12]', () => {
    const excluded = [month('2026-08'), month('2026-09', 'excluded'), month('2026-10')]
    expect(usable(excluded, ['2026-08', '2026-08'])).toEqual([['2026-08', '2026-10'], null])
    const reissued = [...all, stored('2026-09-2', 'ready', null, '2026-09')]
    expect(usable(reissued, ['2026-08', '2026-08'])).toEqual([['2026-08', '2026-09-2', '2026-10'], null])
  })
  it('do not wait for a month before the customer’s first, or behind what it took up already', () => {
    expect(usable(all, ['2026-10', null])).toEqual([['2026-08', '2026-10'], null])
    expect(usable(all, [null, null])).toEqual([['2026-08', '2026-10'], null])
    expect(usable(all, ['2026-08', '2026-10'])).toEqual([['2026-08', '2026-10'], null])
  })
  it('wait for the first customer of an agreement that is due for it', () => {
    expect(usable(all, ['2026-10', null], ['2026-08', null])).toEqual([['2026-08'], '2026-09'])
  })
  it('are none before there is one', () => {
    expect(usable([month('2026-09', 'unread')], [null, null])).toEqual([[], null])
  })
})
