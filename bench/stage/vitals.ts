/** What a browser tells of a screen of ours: JavaScript, LCP, CLS and INP, medians of some rounds by somebody who is signed in. */
import { rm } from 'node:fs/promises'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import type { Row } from '#scripts/bench-table.ts'
import { ensureBrowser } from '#scripts/browser.ts'
import { freePort } from '#scripts/ports.ts'
import { type Stack, startStack } from '#scripts/stack.ts'
import { dataDirOfBenchmark } from './database.ts'
import { median } from './medians.ts'

const ROUNDS = 5
const MOST_LCP_MS = 2_500
const MOST_CLS = 0.02
const MOST_INP_MS = 100

export const PROGRAM = 'microsoft-csp'
/** Coho Winery's agreement, which the demo has mapped and synced. */
export const AGREEMENT = 1
export const SIZES = { pod: { width: 556, height: 480 }, site: { width: 1440, height: 900 } } as const

export interface Screen {
  readonly name: string
  readonly path: string
  /** What shows once its content is there. */
  readonly shown: string
  readonly size: keyof typeof SIZES
  /** What is done to measure how long the next picture takes; left out: nothing. */
  readonly done?: (page: Page) => Promise<void>
}

export interface Measured {
  /** Bytes over the wire. */
  readonly javaScript: number
  /** ms. */
  readonly lcp: number
  readonly cls: number
  /** ms; `null`: nothing was done. */
  readonly inp: number | null
}

export async function openBrowser(held: AsyncDisposableStack): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: ensureBrowser(() => undefined),
    args: ['--no-sandbox'],
  })
  held.defer(() => browser.close())
  return browser
}

/** Each round in a browser of its own; the first one warms the server up. */
export async function measureScreen(browser: Browser, stack: Stack, screen: Screen): Promise<Measured> {
  const all: Measured[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: SIZES[screen.size] })
    context.setDefaultTimeout(10_000)
    await signIn(context, stack)
    const measured = await measureOnce(await context.newPage(), stack.appUrl, screen)
    if (round > 0) all.push(measured)
    await context.close()
  }
  const of = (part: (each: Measured) => number): number => median(all.map(part))
  return {
    javaScript: of((each) => each.javaScript),
    lcp: of((each) => each.lcp),
    cls: of((each) => each.cls),
    inp: screen.done === undefined ? null : of((each) => each.inp ?? 0),
  }
}

export function rowsOf({ name }: Screen, { lcp, cls, inp }: Measured): Row[] {
  return [
    { measure: `${name}, LCP`, ours: lcp, unit: 'ms', budget: { plus: MOST_LCP_MS } },
    { measure: `${name}, CLS`, ours: cls, budget: { plus: MOST_CLS } },
    ...(inp === null
      ? []
      : [{ measure: `${name}, INP`, ours: inp, unit: 'ms', budget: { plus: MOST_INP_MS } }]),
  ]
}

/** How long a page is given to show what came of something, ms. */
export const SETTLED_MS = 300

export async function pressRow(page: Page): Promise<void> {
  await page.locator('button[aria-expanded]').first().click()
  await page.waitForTimeout(SETTLED_MS)
}

export async function demoOf(held: AsyncDisposableStack): Promise<Stack> {
  const dataDir = await dataDirOfBenchmark()
  held.defer(() => rm(dataDir, { recursive: true, force: true }))
  const ports = { app: await freePort(), connectWise: await freePort(), prism: await freePort() }
  return startStack({ dataDir, ports, temporary: true, output: 'file', log: () => undefined }, held)
}

const signIn = async (context: BrowserContext, { appUrl, owner }: Stack): Promise<void> => {
  const answer = await context.request.post(`${appUrl}/api/session`, {
    data: owner,
    headers: { origin: appUrl },
  })
  if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}`)
}

/** The organisation as our screens' addresses name it, and the company of the agreement. */
export async function placeOf(
  { connectWiseUrl }: Stack,
  agreementId: number,
): Promise<{ org: string; companyId: number }> {
  const read = async (path: string): Promise<unknown> => (await fetch(`${connectWiseUrl}${path}`)).json()
  const { agreement } = (await read(`/host/agreements/${agreementId}`)) as {
    agreement: { company: { id: number } }
  }
  const setups = (await read('/host/setups')) as readonly { url: string }[]
  const org = new URL(setups[0]?.url ?? '').searchParams.get('org')
  if (org === null) throw new Error('The demo has no pod in ConnectWise')
  return { org, companyId: agreement.company.id }
}

async function measureOnce(page: Page, appUrl: string, { path, shown, done }: Screen): Promise<Measured> {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const scripts = new Set<string>()
  let javaScript = 0
  network.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) javaScript += encodedDataLength
  })
  await page.addInitScript(observe)
  await page.goto(`${appUrl}${path}`)
  await page.locator(shown).first().waitFor()
  await page.waitForLoadState('networkidle')
  const untilShown = javaScript
  await done?.(page)
  await page.waitForTimeout(SETTLED_MS)
  const { lcp, cls, inp } = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
  return { javaScript: untilShown, lcp, cls, inp: done === undefined ? null : inp }
}

interface Seen {
  lcp: number
  cls: number
  inp: number
}

/** Runs in the page, before all else. */
function observe(): void {
  const seen: Seen = { lcp: 0, cls: 0, inp: 0 }
  ;(globalThis as unknown as { seen: Seen }).seen = seen
  const each = (type: string, note: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type,
      buffered: true,
      ...(type === 'event' ? { durationThreshold: 16 } : {}),
    })
  each('largest-contentful-paint', (entry) => {
    seen.lcp = entry.startTime
  })
  each('layout-shift', (entry) => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
    if (!shift.hadRecentInput) seen.cls += shift.value
  })
  each('event', (entry) => {
    if ((entry as PerformanceEntry & { interactionId: number }).interactionId > 0)
      seen.inp = Math.max(seen.inp, entry.duration)
  })
}
