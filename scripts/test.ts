/** `npm test`: unit and integration tests, then the browser tests. The last line adds them up. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './app-build.ts'
import { ensureBrowser } from './browser.ts'
import { addUp, type Count, readPlaywrightReport, readVitestReport } from './test-count.ts'

const reports = mkdtempSync(join(tmpdir(), 'prism-pod-reports-'))

function runVitest(): Count {
  const report = join(reports, 'vitest.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ok = run('vitest/vitest.mjs', args)
  return readVitestReport(report, ok)
}

function runPlaywright(): Count {
  const report = join(reports, 'playwright.json')
  const ok = run('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  })
  return readPlaywrightReport(report, ok)
}

/** Runs a program of node_modules; true where it ended well. */
function run(program: string, args: string[], environment: Record<string, string> = {}): boolean {
  const script = join(root, 'node_modules', program)
  const env = { ...process.env, ...environment }
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env }).status === 0
}

/** First the browser, so that a machine that cannot have one says so before the long part. */
function runBrowserTests(browser: string | undefined): Count {
  return browser === undefined ? { passed: 0, failed: 1 } : runPlaywright()
}

function findBrowser(): string | undefined {
  try {
    return ensureBrowser(console.log)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}

const browser = findBrowser()
const total = addUp([runVitest(), runBrowserTests(browser)])
rmSync(reports, { recursive: true, force: true })
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
console.log(`${total.passed} passed, ${total.failed} failed`)
