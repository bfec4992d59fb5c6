import { describe, expect, it } from 'vitest'
import type { SuggestedCustomer } from '#app/api/schemas/company.ts'
import {
  agreement,
  BEHIND,
  cause,
  company,
  finding,
  OCTOBER,
  proof,
  result,
  tenant,
} from './testing/companies.ts'
import { troublesOf } from './troubles.ts'

const told = (...args: Parameters<typeof company>) =>
  troublesOf(company(...args)).map(({ tone, of, says, money, action }) => [
    tone,
    of,
    says,
    money,
    action?.text ?? null,
  ])

const suggested = (changes: object = {}): SuggestedCustomer =>
  ({
    customer: {
      tenantId: 't',
      name: 'Relecloud',
      mapping: null,
      firstSync: { invoiceId: 'i', period: OCTOBER },
      isBehind: true,
      ...changes,
    },
    program: { slug: 'microsoft-csp', name: 'Microsoft CSP' },
    reasons: ['same name', 'same domain'],
    price: '561.60',
  }) as unknown as SuggestedCustomer

describe('what stands on top of a company', () => {
  it('is nothing where every bill is right, and where agreements have no customer [H2]', () => {
    const free = agreement(2, { tenants: [], result: null, proof: null, findings: [finding('Ended.')] })
    expect(told([agreement(1), free])).toEqual([])
  })

  it('is each error with its months, its money and the way to it; errors before warnings [H2][G3]', () => {
    const warned = agreement(1, {
      result: result('Warning'),
      causes: [
        cause('price changed', {
          severity: 'warning',
          from: OCTOBER,
          amounts: { invoiced: '5.00', billed: '5.00' },
        }),
      ],
      causeCount: 1,
    })
    const failed = agreement(2, { result: result('Error'), causes: [cause('gap')], causeCount: 1 })
    expect(told([warned, failed])).toEqual([
      [
        'bad',
        'Agreement 2',
        'Project Plan 3, August 2026 to October 2026: gap',
        'A$96.60 not billed',
        'Open',
      ],
      ['warn', 'Agreement 1', 'Project Plan 3, October 2026: price changed', null, 'Open'],
    ])
  })

  it('says what is billed too much, and how many more there are [H2]', () => {
    const failed = agreement(1, {
      result: result('Error'),
      causes: [cause('left over', { from: OCTOBER, amounts: { invoiced: '0.00', billed: '282.5' } })],
      causeCount: 3,
    })
    expect(told([failed]).map(([, , says, money, text]) => [says, money, text])).toEqual([
      ['Project Plan 3, October 2026: left over', 'A$282.50 billed too much', 'Open'],
      ['2 more.', null, 'Show all'],
    ])
  })

  it('is a difference that no message tells, with its reasons [H2]', () => {
    expect(told([agreement(1, { proof: proof('101.00', '100.00') })])).toEqual([
      [
        'warn',
        'Agreement 1',
        'PRISM invoiced more than the additions bill: 1.00 from additions that somebody edited in ConnectWise.',
        'A$1.00 difference',
        'Open',
      ],
    ])
    const unexplained = { tone: 'bad', sentence: 'PRISM invoiced 1.00 more.', terms: [] }
    expect(
      told([agreement(1, { proof: proof('101.00', '100.00', { verdict: unexplained }) })]),
    ).toMatchObject([['bad', 'Agreement 1', 'PRISM invoiced 1.00 more.', 'A$1.00 not billed', 'Open']])
  })

  it('is an error of the agreement as a whole, and why ConnectWise’s agreement cannot carry the bill [H2][F13]', () => {
    const failed = agreement(1, {
      result: result('Error', { message: 'ConnectWise did not answer.' }),
      proof: null,
    })
    const ended = agreement(2, { findings: [finding('The agreement ended 30 Jun 2026.')] })
    expect(told([failed, ended]).map(([tone, of, says]) => [tone, of, says])).toEqual([
      ['bad', 'Agreement 1', 'ConnectWise did not answer.'],
      ['bad', 'Agreement 2', 'The agreement ended 30 Jun 2026.'],
    ])
  })

  it('is no word of a sync that found nothing to do [H2][G2]', () => {
    const nothing = result('No Change', { message: 'No invoice contains this customer yet.' })
    expect(told([agreement(1, { result: nothing, proof: null })])).toEqual([])
  })

  it('tells once what ConnectWise says and the last sync met, with its money [H2][F13]', () => {
    const message = 'The agreement ended 31 Aug 2026.'
    const ended = agreement(1, {
      findings: [finding(message)],
      result: result('Error', { message }),
      proof: proof('341.00', '0.00', {
        verdict: { tone: 'bad', sentence: 'PRISM invoiced more.', terms: [] },
      }),
      causes: [
        cause(message, { product: null, amounts: null }),
        cause(message, { amounts: { invoiced: '300.50', billed: '0.00' } }),
        cause(message, { product: 'Visio', amounts: { invoiced: '40.50', billed: '0.00' } }),
      ],
      causeCount: 3,
    })
    expect(told([ended])).toEqual([['bad', 'Agreement 1', message, 'A$341.00 not billed', 'Open']])
  })

  it('is an invoice that waits for its sync, with Sync now, or without it where a member may not [H2][E6]', () => {
    const never = agreement(1, { result: null, proof: null, behind: BEHIND })
    expect(told([never])).toMatchObject([
      [
        'warn',
        'Agreement 1',
        expect.stringContaining('Not synced yet. The first sync takes'),
        'A$100.00 not billed',
        'Sync now',
      ],
    ])
    expect(told([agreement(1, { behind: BEHIND })])).toMatchObject([
      [
        'warn',
        'Agreement 1',
        'The November 2026 invoice is not synced yet.',
        'A$100.00 not billed',
        'Sync now',
      ],
    ])
    expect(told([never], { may: { sync: false, map: false } })[0]?.[4]).toBe('Open')
  })

  it('is a question that waits for a person, with Answer [F18]', () => {
    const asked = agreement(1, {
      result: result('Warning'),
      proof: proof('100.00', '100.00', { waiting: 1 }),
      causes: [cause('How did ConnectWise bill it?', { severity: 'warning' })],
      causeCount: 1,
    })
    expect(told([asked])[0]?.[4]).toBe('Answer')
  })

  it('is a customer whose Sync is off, and once a program whose Sync is off [F16]', () => {
    const off = agreement(1, { tenants: [tenant('Coho', { syncs: false })] })
    expect(told([off])).toEqual([['warn', 'Agreement 1', 'Sync is off for Coho.', null, 'Switch on']])
    const programs = [{ slug: 'microsoft-csp', name: 'Microsoft CSP', enabled: false, lastCheckedAt: null }]
    expect(told([agreement(1), agreement(2)], { programs })).toEqual([
      ['warn', 'Microsoft CSP', 'Sync is off for the whole program.', null, null],
    ])
  })

  it('is a customer that is mapped nowhere, with what PRISM invoices of it that nobody bills [H2][J7]', () => {
    expect(told([agreement(1)], { suggested: [suggested()] })).toEqual([
      [
        'warn',
        'Relecloud',
        'This customer is not mapped. Suggested: same name, same domain.',
        'A$561.60 of October 2026 not billed',
        'Map',
      ],
    ])
    const looking = { suggested: [suggested()], may: { sync: false, map: false } }
    expect(told([agreement(1)], looking)[0]?.[4]).toBeNull()
    const ended = agreement(1, { findings: [finding('Ended.')], tenants: [], result: null, proof: null })
    expect(told([ended], { suggested: [suggested()] })[0]?.[4]).toBeNull()
    expect(told([], { suggested: [suggested({ mapping: { companyId: 2 } })] })).toEqual([])
  })

  it('is what a customer left open where it moved away from, and nothing of a sync under way [E5][G5]', () => {
    const moved = [{ id: 't', name: 'Coho', until: '2026-09', goesTo: 'Coho, Gold', isDone: false }]
    const running = { runId: 'r', state: 'running', done: 0, total: 0, doing: null, stopping: false }
    expect(told([agreement(1, { tenants: [], moved })])).toMatchObject([
      [
        'warn',
        'Agreement 1',
        'Coho moved to Coho, Gold, and what it has here is not settled yet.',
        null,
        'Open',
      ],
    ])
    expect(
      told([agreement(1, { running, result: result('Error'), causes: [cause('gap')], causeCount: 1 })]),
    ).toEqual([])
  })
})
