import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addUp, readPlaywrightReport, readVitestReport } from './test-count.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prism-pod-count-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const written = (report: unknown): string => {
  const path = join(folder, 'report.json')
  writeFileSync(path, JSON.stringify(report))
  return path
}
const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

describe('the count of a test run', () => {
  it('counts passed and failed tests, and no skipped ones', () => {
    const report = { testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed')] }
    expect(readVitestReport(written(report), false)).toEqual({ passed: 2, failed: 1 })
  })

  it('counts a test file that could not be loaded as failed', () => {
    const report = { testResults: [file('failed'), file('passed', 'passed')] }
    expect(readVitestReport(written(report), false)).toEqual({ passed: 1, failed: 1 })
  })

  it('counts a runner that failed outside of tests as failed', () => {
    const report = { testResults: [file('passed', 'passed')] }
    expect(readVitestReport(written(report), false)).toEqual({ passed: 1, failed: 1 })
    expect(readVitestReport(join(folder, 'missing.json'), true)).toEqual({ passed: 0, failed: 1 })
  })

  it('counts a browser test that passed only at its second try as failed', () => {
    const report = { stats: { expected: 3, unexpected: 1, flaky: 1 }, errors: [] }
    expect(readPlaywrightReport(written(report), false)).toEqual({ passed: 3, failed: 2 })
  })

  it('adds the runners up', () => {
    expect(
      addUp([
        { passed: 2, failed: 1 },
        { passed: 3, failed: 0 },
      ]),
    ).toEqual({ passed: 5, failed: 1 })
  })
})
