/** What a comparison with ConnectWise is called, and when it is red: never while what it counts is not known (J6, J13). */
import { describe, expect, it } from 'vitest'
import type { SecondProofRow } from '#db/invoicing/second-proofs.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import type { Verdicts } from '#lib/proof/billing-rules.ts'
import { shownProof } from './second-proof-shown.ts'

const row = (more: Partial<SecondProofRow> = {}): SecondProofRow => ({
  organisationId: 'o',
  program: 'microsoft-csp',
  agreementId: 30,
  period: '2026-09' as Period,
  state: 'compared',
  since: '2026-08' as Period,
  invoiced: '100' as Money,
  billedSoFar: '200' as Money,
  invoicedSoFar: '200' as Money,
  terms: {},
  doubts: [],
  expectedNext: null,
  forecast: null,
  noForecast: null,
  provedAt: new Date('2026-10-05T00:00:00Z'),
  ...more,
})
const shown = (more: Partial<SecondProofRow>, verdicts: Verdicts = {}) => {
  const { tone, says } = shownProof(row(more), { verdicts, read: null })
  return `${tone}: ${says}`
}
const short = { invoicedSoFar: '195' as Money, terms: { unexplained: '-5' as Money } }

describe('a month compared with ConnectWise’s invoices', () => {
  it('is green where they are what was planned, or differ for reasons that have a name', () => {
    expect(shown({})).toBe('good: agrees')
    expect(shown({ invoicedSoFar: '175' as Money, terms: { carried: '-25' as Money } })).toBe(
      'good: explained',
    )
  })

  it('is red where they differ and every rule on which the amounts depend is settled', () => {
    expect(shown(short)).toBe('bad: differs')
    const settled = { 'first-day': 'holds', header: 'fails' } as const
    expect(shown({ ...short, doubts: ['header', 'first-day'] }, settled)).toBe('bad: differs')
  })

  it.each(['unexplained', 'lost', 'lines', 'amended'])(
    'is grey, never red, for %s while a rule is not',
    (term) => {
      const differs = { ...short, terms: { [term]: '-5' as Money }, doubts: ['first-day'] }
      expect(shown(differs)).toBe('quiet: cannot tell')
      expect(shown(differs, { 'first-day': 'unknown' })).toBe('quiet: cannot tell')
      expect(shown(differs, { 'first-day': 'holds' })).toBe('bad: differs')
    },
  )

  it('is grey where which of its amounts are additions is not known, and where it was not read', () => {
    expect(shown({ doubts: ['header'] })).toBe('quiet: agrees, not verified')
    expect(shown({ doubts: ['header'] }, { header: 'holds' })).toBe('good: agrees')
    expect(shown({ doubts: ['own-amount'], ...short }, { header: 'fails' })).toBe('quiet: cannot tell')
    expect(shown({ state: 'missing' })).toBe('quiet: invoiced, not read')
    expect(shown({ state: 'blind', ...short })).toBe('quiet: cannot tell')
    const denied = { verdicts: {}, read: { readAt: new Date(), mayRead: false, failure: null } }
    expect(shownProof(row({ state: 'missing' }), denied).why).toContain('Finance / Invoicing')
  })
})

describe('a month that is not invoiced', () => {
  const next = { state: 'not-invoiced', expectedNext: '120' as Money } as const

  it('says why its forecast cannot tell', () => {
    const { tone, why } = shownProof(row({ ...next, noForecast: 'no period is unbilled' }), {
      verdicts: {},
      read: null,
    })
    expect([tone, why]).toEqual([
      'quiet',
      'ConnectWise has not invoiced it, and its forecast cannot tell: no period is unbilled.',
    ])
  })

  it('is green or red by its forecast only where that is known to hold what is caught up', () => {
    expect(shown({ ...next, forecast: '120' as Money })).toBe('quiet: forecast agrees')
    expect(shown({ ...next, forecast: '120' as Money }, { forecast: 'holds' })).toBe('good: forecast agrees')
    expect(shown({ ...next, forecast: '90' as Money })).toBe('quiet: cannot tell')
    expect(shown({ ...next, forecast: '90' as Money }, { forecast: 'holds' })).toBe('bad: forecast differs')
    expect(shown({ ...next, forecast: '90' as Money }, { forecast: 'fails' })).toBe('quiet: cannot tell')
  })
})
