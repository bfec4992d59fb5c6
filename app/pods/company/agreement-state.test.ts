import { describe, expect, it } from 'vitest'
import type { CompanyAgreement } from '#app/api/schemas/company.ts'
import { stateOf } from './agreement-state.ts'
import { agreement, BEHIND, cause, finding, proof, result, tenant } from './testing/companies.ts'

const state = (changes: Parameters<typeof agreement>[1] = {}, isProgramOn = true) =>
  stateOf(agreement(1, changes), isProgramOn)
const failing = {
  result: result('Error'),
  proof: proof('96.60', '0.00'),
  causes: [cause('gap')],
  causeCount: 1,
}
const running = {
  runId: '5cb8baa8-0000-4000-8000-000000000000',
  state: 'running',
  done: 1,
  total: 4,
  doing: null,
  stopping: false,
}

describe('the state of an agreement', () => {
  it('is green where the last sync has the newest invoice and its bill agrees [H2]', () => {
    expect(state()).toEqual({ tone: 'good', word: 'No Change', says: 'Agrees. To the cent.' })
    expect(state({ result: result('Success') })).toMatchObject({ tone: 'good', word: 'Success' })
  })

  const notRight: readonly (readonly [string, Parameters<typeof agreement>[1], boolean?])[] = [
    ['it failed', failing],
    ['it failed and the totals are equal', { result: result('Error') }],
    ['it has a warning', { result: result('Warning') }],
    ['a subscription waits for a person', { proof: proof('100.00', '100.00', { waiting: 1 }) }],
    ['the amounts differ', { proof: proof('101.00', '100.00') }],
    ['a newer invoice is not synced', { behind: BEHIND }],
    ['it was never synced', { result: null, proof: null, behind: BEHIND }],
    ['no invoice has its customers yet', { result: null, proof: null }],
    [
      'its newest proof is of an older month than its customers’ newest',
      { proof: proof('1.00', '1.00', { period: '2026-04' }) },
    ],
    ['Sync is off for its customer', { tenants: [tenant('Coho', { syncs: false })] }],
    [
      'Sync is off for one of its customers',
      { tenants: [tenant('Coho'), tenant('Litware', { syncs: false })] },
    ],
    ['Sync is off for the program', {}, false],
    [
      'ConnectWise says that it cannot carry the bill',
      { findings: [finding('The agreement ended 30 Jun 2026.')] },
    ],
    ['a sync is under way', { running }],
    ['nobody is mapped to it', { tenants: [], result: null, proof: null }],
    ['nothing was planned', { proof: null }],
  ]

  it.each(notRight.map(([where, changes, isProgramOn]) => ({ where, changes, isProgramOn })))(
    'is not green where $where [H2]',
    ({ changes, isProgramOn }) => {
      expect(state(changes, isProgramOn).tone).not.toBe('good')
    },
  )

  it('is red before it is anything else, except while a sync is under way [H2]', () => {
    expect(state({ ...failing, behind: BEHIND })).toMatchObject({ tone: 'bad', word: 'Error' })
    expect(state({ ...failing, tenants: [tenant('Coho'), tenant('Litware', { syncs: false })] }).tone).toBe(
      'bad',
    )
    expect(state({ ...failing, running })).toMatchObject({ tone: 'quiet', word: 'Syncing' })
  })

  it('of annual invoices is green once ConnectWise’s own figure holds them, and red where it does not [J6, J9]', () => {
    const once = (tone: 'good' | 'bad' | 'quiet', says: string) =>
      state({ isOneTime: true, second: { tone, says, why: 'By its invoices.' } })
    expect(once('good', 'agrees').tone).toBe('good')
    expect(once('bad', 'differs')).toEqual({
      tone: 'bad',
      word: 'Invoiced otherwise',
      says: 'By its invoices.',
    })
    expect(once('quiet', 'not invoiced yet')).toMatchObject({ tone: 'quiet', word: 'Not invoiced yet' })
    expect(state({ isOneTime: true })).toMatchObject({ tone: 'quiet', word: 'Cannot tell' })
  })

  it('says which invoice the first sync takes [E6]', () => {
    expect(state({ result: null, proof: null, behind: BEHIND }).says).toBe(
      'The first sync takes the November 2026 invoice: usage of 1–31 Oct 2026.',
    )
  })

  it('says why an agreement without customers cannot have one, and is not red for it [E4]', () => {
    const free = { tenants: [], result: null, proof: null }
    const ended = state({ ...free, findings: [finding('The agreement ended 30 Jun 2026.')] })
    expect(ended).toEqual({ tone: 'quiet', word: 'Not eligible', says: 'The agreement ended 30 Jun 2026.' })
    expect(state(free)).toMatchObject({ tone: 'quiet', word: 'No customer' })
    expect(state({ ...free, findings: null })).toMatchObject({ tone: 'quiet', word: 'Not read' })
  })

  it('says what a sync does, that it waits, and that it stops [G5][F16]', () => {
    const words = (changes: Partial<NonNullable<CompanyAgreement['running']>>) =>
      state({ running: { ...running, ...changes } }).word
    expect([words({}), words({ state: 'queued' }), words({ stopping: true })]).toEqual([
      'Syncing',
      'Waiting',
      'Stopping',
    ])
  })
})
