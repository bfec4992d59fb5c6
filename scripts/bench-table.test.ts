import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figureOf, isBroken, type Row, tableOf, verdictOf } from './bench-table.ts'

const row = (over: Partial<Row> = {}): Row => ({ measure: 'a sync', ours: 12, ...over })

describe('a verdict', () => {
  it.each<[string, Partial<Row>, ReturnType<typeof verdictOf>]>([
    ['a figure without a budget', {}, 'for information'],
    ['a ratio at its limit', { ours: 26, reference: 20, budget: { times: 1.3 } }, 'within'],
    ['a ratio over its limit', { ours: 27, reference: 20, budget: { times: 1.3 } }, 'BROKEN'],
    [
      'a ratio between goal and limit',
      { ours: 24, reference: 20, budget: { times: 1.3, goal: 1.1 } },
      'above goal',
    ],
    ['a ratio at its goal', { ours: 22, reference: 20, budget: { times: 1.3, goal: 1.1 } }, 'within'],
    [
      'an allowance over the reference',
      { ours: 320, reference: 120, budget: { times: 1, plus: 200 } },
      'within',
    ],
    ['more than the allowance', { ours: 321, reference: 120, budget: { times: 1, plus: 200 } }, 'BROKEN'],
    ['a limit without a reference', { ours: 361, budget: { plus: 360 } }, 'BROKEN'],
    ['nothing allowed and nothing there', { ours: 0, budget: {} }, 'within'],
    ['nothing allowed and one there', { ours: 1, budget: {} }, 'BROKEN'],
    ['what is no number', { ours: Number.NaN, reference: 1, budget: { times: 9 } }, 'BROKEN'],
    ['work that did not end', { ours: 1, budget: { plus: 5 }, failed: 'It stood still.' }, 'FAILED'],
    ['work without a budget that did not end', { failed: 'It stood still.' }, 'FAILED'],
  ])('of %s', (_, over, verdict) => {
    expect(verdictOf(row(over))).toBe(verdict)
    expect(isBroken(row(over))).toBe(verdict === 'BROKEN' || verdict === 'FAILED')
  })

  it('never gets better where ours grows', () => {
    const better = ['within', 'above goal', 'BROKEN']
    const amount = fc.double({ min: 0, max: 1_000, noNaN: true })
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 1, max: 3, noNaN: true }),
        (ours, more, reference, times) => {
          const judged = (value: number) =>
            better.indexOf(verdictOf(row({ ours: value, reference, budget: { times, goal: 1, plus: 5 } })))
          expect(judged(ours + more)).toBeGreaterThanOrEqual(judged(ours))
        },
      ),
    )
  })
})

describe('the table', () => {
  it('has figures to the right, and what failed below it', () => {
    const rows: Row[] = [
      row({
        measure: 'wall time',
        ours: 131.4,
        reference: 120,
        unit: 's',
        budget: { times: 1.3, goal: 1.1 },
      }),
      row({ measure: 'memory', ours: 260.2, reference: 99.96, unit: 'MB', budget: { times: 1, plus: 150 } }),
      row({ measure: 'agreements', ours: 12_000 }),
      row({ measure: 'drains', ours: Number.NaN, failed: 'One stood still.' }),
    ]
    expect(tableOf(rows)).toEqual([
      'measure       ours  reference   ratio  budget               verdict',
      '----------  ------  ---------  ------  -------------------  ---------------',
      'wall time    131 s      120 s  1.09 x  <= 1.3 x (goal 1.1)  within',
      'memory      260 MB     100 MB  2.60 x  <= 1 x + 150 MB      BROKEN',
      'agreements  12,000                                          for information',
      'drains           ?                                          FAILED',
      'drains: One stood still.',
    ])
  })

  it.each([
    [0, '0'],
    [7, '7'],
    [0.526, '0.53'],
    [12.44, '12.4'],
    [9.996, '10.0'],
    [99.96, '100'],
    [1_234.5, '1,235'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('shows %d as %s', (value, text) => {
    expect(figureOf(value)).toBe(text)
    expect(figureOf(value, 'ms')).toBe(text === '?' ? '?' : `${text} ms`)
  })
})

describe('npm run bench', () => {
  it('says which benchmarks there are where a name is not one of them', () => {
    const script = join(import.meta.dirname, 'bench.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'scale', 'nobody'], {
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^No benchmark is called nobody\. There are .*\bfairness, .*\bsync, .*\.\n$/)
  })
})
