/** What the test runners' JSON reports say, in two numbers. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Count = { passed: number; failed: number }

const vitestReport = z.object({
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
})

/** `ok`: whether the runner ended well. A file that could not be loaded counts as one failure. */
export function readVitestReport(path: string, ok: boolean): Count {
  return readReport(path, ok, (json) => {
    const files = vitestReport.parse(json).testResults
    const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status))
    const unloaded = files.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    return {
      passed: statuses.filter((status) => status === 'passed').length,
      failed: statuses.filter((status) => status === 'failed').length + unloaded.length,
    }
  })
}

/** `ok`: whether the runner ended well. A test that passed only when it was tried again counts as failed. */
export function readPlaywrightReport(path: string, ok: boolean): Count {
  return readReport(path, ok, (json) => {
    const { stats, errors } = playwrightReport.parse(json)
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }
  })
}

export function addUp(counts: readonly Count[]): Count {
  const sum = (pick: (count: Count) => number) => counts.map(pick).reduce((a, b) => a + b, 0)
  return { passed: sum((count) => count.passed), failed: sum((count) => count.failed) }
}

/** A runner that failed without a failed test (no report, an error outside of tests) counts as one failure. */
function readReport(path: string, ok: boolean, count: (json: unknown) => Count): Count {
  try {
    const counted = count(JSON.parse(readFileSync(path, 'utf8')))
    return ok ? counted : { ...counted, failed: Math.max(1, counted.failed) }
  } catch (error) {
    console.error(
      `The report ${path} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    )
    return { passed: 0, failed: 1 }
  }
}
