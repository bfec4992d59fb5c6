import { describe, expect, it } from 'vitest'
import type { ShownRun } from '#app/api/schemas/runs.ts'
import { arrivedIn, arrivedText, isKeptFresh, refreshKeyOf } from './arrivals-text.ts'

const run = (id: string, over: Partial<ShownRun> = {}): ShownRun =>
  ({
    id,
    kind: 'customers',
    state: 'finished',
    status: 'Success',
    lastPeriod: '2026-04',
    ...over,
  }) as ShownRun

describe('what arrives while one looks', () => {
  it('is the newest run that has ended since, and never one that had', () => {
    const before = [run('b', { state: 'running', status: null }), run('a')]
    expect(arrivedIn(before, before)).toBeNull()
    expect(arrivedIn(before, [run('b', { status: 'Warning' }), run('a')])?.id).toBe('b')
    expect(arrivedIn(before, [run('c', { state: 'queued' }), ...before])).toBeNull()
  })

  it('is seen also where a run only begins, and not where nothing is new', () => {
    const before = [run('a')]
    expect(refreshKeyOf([run('b', { state: 'queued' }), ...before])).not.toBe(refreshKeyOf(before))
    expect(refreshKeyOf([run('a')])).toBe(refreshKeyOf(before))
  })

  it('is said in a line', () => {
    expect(arrivedText(run('a'))).toBe('A sync of customers for April 2026 ended: Success')
    expect(arrivedText(run('a', { kind: 'products', status: 'Error' }))).toBe(
      'A sync of products ended: Error',
    )
  })

  it.each([
    ['/', true],
    ['/todo', true],
    ['/programs/microsoft-csp/customers', true],
    ['/programs/microsoft-csp/months/2026-04', true],
    // Reads ConnectWise anew, or has a form that is half filled in.
    ['/programs/microsoft-csp/products', false],
    ['/programs/microsoft-csp/customers/match', false],
    ['/settings', false],
  ])('has %s read again: %s', (path, isKept) => {
    expect(isKeptFresh(path)).toBe(isKept)
  })
})
