import { describe, expect, it } from 'vitest'
import { billedText, stateOf } from './months-table.tsx'

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

  it('says whether ConnectWise has billed it, and nothing where it does not say', () => {
    expect([true, false, null].map(billedText)).toEqual(['has billed', 'will bill', 'bills'])
  })
})
