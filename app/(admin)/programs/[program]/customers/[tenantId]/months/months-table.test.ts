import { describe, expect, it } from 'vitest'
import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import type { Day } from '#lib/billing/types.ts'
import { billedText, stateOf } from './months-table.tsx'

const secondProof: SecondProof = {
  tone: 'good',
  says: 'agrees',
  why: 'By its invoices.',
  amount: null,
  source: 'invoices',
  difference: null,
  terms: [],
  provedAt: null,
}

const verdict = (tone: 'good' | 'warn' | 'bad') => ({ tone, sentence: '', terms: [] })

describe('the state of a month', () => {
  it('is green only where both figures agree and nothing failed or warned', () => {
    expect(stateOf({ status: 'Success', verdict: verdict('good') })).toEqual({ text: 'Agrees', tone: 'good' })
    expect(stateOf({ status: 'No Change', verdict: verdict('good') }).tone).toBe('good')
    for (const status of ['Warning', 'Error'] as const)
      expect(stateOf({ status, verdict: verdict('good') }).tone).not.toBe('good')
    for (const tone of ['warn', 'bad'] as const)
      expect(stateOf({ status: 'Success', verdict: verdict(tone) })).toEqual({ text: 'Differs', tone })
  })

  it('of an annual invoice is what ConnectWise’s own figure says [J6, J9]', () => {
    const annual = { invoiceId: '1', issuedOn: '2026-05-10' as Day }
    const once = (tone: 'good' | 'bad' | 'quiet', says: string) => {
      const second = { ...secondProof, tone, says }
      return stateOf({ status: 'Success', verdict: verdict('good'), annual, second })
    }
    expect(once('good', 'agrees')).toEqual({ text: 'Agrees', tone: 'good' })
    expect(once('bad', 'differs')).toMatchObject({ text: 'Invoiced otherwise', tone: 'bad' })
    expect(once('quiet', 'not invoiced yet')).toMatchObject({
      text: 'Not invoiced yet',
      why: 'By its invoices.',
    })
    expect(stateOf({ status: 'Success', verdict: verdict('good'), annual }).text).toBe('Cannot tell')
  })

  it('says whether ConnectWise has billed it, and nothing where it does not say', () => {
    expect([true, false, null].map(billedText)).toEqual(['has billed', 'will bill', 'bills'])
  })
})
