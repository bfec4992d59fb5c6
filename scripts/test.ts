/** `npm test`: unit and integration tests, then the browser tests. The last line adds them up. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './app-build.ts'
import { ensureBrowser } from './browser.ts'
import { addUp, type Count, readPlaywrightReport, readVitestReport } from './test-count.ts'

const reports = mkdtempSync(join(tmpdir(), 'prism-pod-reports-'))

/** A project of vitest.config.ts. */
async function runVitest(project: 'integration' | 'pure', output?: 'held'): Promise<Count> {
  const report = join(reports, `${project}.json`)
  const args = ['run', `--project=${project}`, '--reporter=default', '--reporter=json']
  const ok = await run('vitest/vitest.mjs', [...args, `--outputFile.json=${report}`], { output })
  return readVitestReport(report, ok)
}

async function runPlaywright(): Promise<Count> {
  const report = join(reports, 'playwright.json')
  const ok = await run('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  return readPlaywrightReport(report, ok)
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** `held`: printed when it ends, so that it does not mix with another's. */
  readonly output?: 'held' | undefined
}

/** Runs a program of node_modules; true where it ended well. */
async function run(program: string, args: string[], { env = {}, output }: RunOptions): Promise<boolean> {
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: output === 'held' ? ['inherit', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...env },
  })
  const held: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => held.push(part))
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  process.stdout.write(Buffer.concat(held))
  return code === 0
}

/** First the browser, so that a machine that cannot have one says so before the long part. */
async function runBrowserTests(browser: string | undefined): Promise<Count> {
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
const integration = await runVitest('integration')
// The pure rooms' tests need the processor alone, which a browser mostly waits for.
const others = await Promise.all([runBrowserTests(browser), runVitest('pure', 'held')])
const total = addUp([integration, ...others])
rmSync(reports, { recursive: true, force: true })
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
console.log(`${total.passed} passed, ${total.failed} failed`)
