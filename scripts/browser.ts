/** The browser of the browser tests: found on this machine, or installed. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from '@playwright/test'

/** Variable that hands the browser's path to playwright.config.ts. */
export const BROWSER_VARIABLE = 'BROWSER_TEST_CHROMIUM'

/** Chromium without what is around a page, as Debian has it: no windows, no profiles, no rules for cookies. */
const SHELL = 'chromium-headless-shell'
const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of a Chromium: Playwright's own, else the system's, else one that is installed now. Throws where none can be. */
export function ensureBrowser(log: (line: string) => void): string {
  const found = findBrowser()
  if (found) return found
  for (const [description, ...commands] of installers()) {
    log(`No Chromium found: ${description} ...`)
    if (commands.every(([program, ...args]) => spawnSync(program, args, { stdio: 'inherit' }).status === 0)) {
      const installed = findBrowser()
      if (installed) return installed
    }
  }
  throw new Error(
    'There is no Chromium for the browser tests. Install one (Debian: "apt-get install chromium").',
  )
}

/** What draws the same pages in half of the processor's time, where it is installed; else the browser itself. */
export function lightestBrowser(browser: string): string {
  return onPath([SHELL]).find(isExecutable) ?? browser
}

/** Paths where programs of these names would be. */
function onPath(names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name)))
}

function findBrowser(): string | undefined {
  const own = chromium.executablePath()
  if (existsSync(own)) return own
  const candidates = onPath(systemNames)
  const macChrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return [...candidates, macChrome].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

type Command = [program: string, ...args: string[]]

function installers(): [description: string, ...commands: Command[]][] {
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
    'cli.js',
  )
  return [
    ["downloading Playwright's", [process.execPath, playwright, 'install', 'chromium']],
    [
      "installing the system's",
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium', SHELL],
    ],
  ]
}
