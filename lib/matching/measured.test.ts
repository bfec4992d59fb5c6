/**
 * How many suggestions are right, on partners whose names were typed by people (J7). The code was tuned on the seeds 1 to 50;
 * `MATCHING_SEEDS=1001-1050` measures on others, and `MATCHING_REPORT` is a file for the figures
 * (docs/decisions/106-suggestions-with-a-score.md).
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PartnerSize } from '#standin/misspelt/partner.ts'
import { type Measured, measure, type ReadFirst } from './testing/measured.ts'

const [from = 51, to = from] = (process.env.MATCHING_SEEDS ?? '51-53').split('-').map(Number)
const seeds = Array.from({ length: to - from + 1 }, (_, at) => from + at)
const TENANTS = 400
const COMPANIES = 600

const total = (all: readonly Measured[]) => {
  const sum = (of: 'pairs' | 'first' | 'likely' | 'agreements' | 'readings') =>
    all.reduce((part, each) => part + each[of], 0)
  const pairs = sum('pairs')
  const percent = (count: number): number => Math.round((10_000 * count) / pairs) / 100
  return {
    first: percent(sum('first')),
    likely: percent(sum('likely')),
    withAgreement: percent(sum('agreements')),
    wrong: all.flatMap(({ wrong }) => wrong),
    wrongAgreements: all.flatMap(({ wrongAgreements }) => wrongAgreements),
    readings: Math.round(sum('readings') / all.length),
  }
}

function measuredOn(book: PartnerSize['book'], reads: ReadFirst) {
  const size = { tenants: TENANTS, companies: COMPANIES, book }
  const found = total(seeds.map((seed) => measure({ ...size, seed }, reads)))
  const report = process.env.MATCHING_REPORT
  if (report !== undefined)
    writeFileSync(report, `${book} ${reads} ${from}-${to} ${JSON.stringify(found)}\n`, { flag: 'a' })
  return found
}

describe('of partners with 400 customers and 600 companies [J7]', () => {
  it.each([
    // A name is never enough by itself, so of a partner without additions fewer are above the line.
    ['nobody wrote additions', 'empty', 'all', 40],
    ['people wrote additions by hand', 'by-hand', 'all', 70],
    ['a sync wrote additions with serial numbers', 'synced', 'all', 80],
    ['only the best companies were read', 'by-hand', 'best', 65],
  ] as const)('where %s, none above the line is wrong', (_, book, reads, likely) => {
    const found = measuredOn(book, reads)
    expect(found.wrong).toEqual([])
    expect(found.wrongAgreements).toEqual([])
    expect(found.first).toBeGreaterThanOrEqual(92)
    expect(found.likely).toBeGreaterThanOrEqual(likely)
  })
})

describe('the measurement', () => {
  const root = `${import.meta.dirname}/../..`
  const importsIn = (pattern: string): string[] =>
    globSync(pattern, { cwd: root }).flatMap((path) =>
      [...readFileSync(`${root}/${path}`, 'utf8').matchAll(/from '([^']+)'/g)].map(([, to = '']) => to),
    )

  it('shares no list with what it measures', () => {
    const ofNames = importsIn('standin/misspelt/*.ts')
    expect(ofNames.length).toBeGreaterThan(4)
    expect(ofNames.filter((path) => !/^\.\/|^\.\.\/generator\/draws\.ts$/.test(path))).toEqual([])
    const draws = importsIn('standin/generator/draws.ts')
    expect(draws).toEqual([])
  })

  it('is of no use to the product', () => {
    const product = globSync('lib/matching/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
    expect(product.length).toBeGreaterThan(5)
    expect(product.flatMap(importsIn).filter((path) => /standin|testing/.test(path))).toEqual([])
  })
})
