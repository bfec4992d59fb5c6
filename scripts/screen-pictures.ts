/** Pictures of the main screens of a demo that runs, for the documents. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from '@playwright/test'
import { demoMappings } from '#standin/data/index.ts'
import { ensureBrowser } from './browser.ts'
import { readPng, writePalettePng } from './palette-png.ts'
import type { Stack } from './stack.ts'

const PROGRAM = '/programs/microsoft-csp'
const SCHEMES = ['light', 'dark'] as const
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 375, height: 812 },
] as const
const POD = { narrow: { width: 420, height: 300 }, wide: { width: 1080, height: 490 } } as const

export type Shown = Pick<Stack, 'appUrl' | 'connectWiseUrl' | 'prismUrl' | 'owner'>

interface Options extends Shown {
  /** Emptied before. */
  readonly folder: string
  readonly log: (line: string) => void
}

/** Writes `<screen>-<width>-<light or dark>.png` for each; the same names each time. Throws where a screen does not come. */
export async function takePictures({ folder, log, ...shown }: Options): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: ensureBrowser(log), args: ['--no-sandbox'] })
  let bytes = 0
  const keep = async (name: string, png: Buffer): Promise<void> => {
    const small = writePalettePng(readPng(png))
    bytes += small.length
    await writeFile(join(folder, `${name}.png`), small)
    log(`  ${name}.png`)
  }
  try {
    const cookies = await signedIn(browser, shown)
    const pages = await sitePages(shown, cookies)
    for (const scheme of SCHEMES) {
      for (const viewport of WIDTHS) {
        const context = await browser.newContext({ viewport, colorScheme: scheme, storageState: cookies })
        const page = await context.newPage()
        for (const [name, path] of Object.entries(pages)) {
          await page.goto(`${shown.appUrl}${path}`, { waitUntil: 'networkidle' })
          await page.getByRole('heading', { level: 1 }).first().waitFor()
          await keep(`${name}-${viewport.width}-${scheme}`, await still(page))
        }
        await context.close()
      }
      await podPictures({ browser, shown, scheme, keep })
    }
  } finally {
    await browser.close()
  }
  log(`${(bytes / 2 ** 20).toFixed(1)} MB in ${folder}`)
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>

async function signedIn(browser: Browser, { appUrl, owner }: Shown): Promise<State> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${appUrl}/api/session`, { data: owner })
  if (!answer.ok()) throw new Error(`The sign-in answered ${answer.status()}`)
  const state = await context.storageState()
  await context.close()
  return state
}

/** The name of each screen of the site, and where it is. */
async function sitePages({ appUrl, prismUrl }: Shown, { cookies }: State): Promise<Record<string, string>> {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const [state, { runs }] = await Promise.all([
    json<{ invoices: { UsageYear: number; UsageMonth: number }[] }>(`${prismUrl}/control/state`),
    json<{ runs: { id: string; status: string | null }[] }>(`${appUrl}/api/runs?kind=customers`, cookie),
  ])
  const months = state.invoices.map(
    ({ UsageYear, UsageMonth }) => `${UsageYear}-${String(UsageMonth).padStart(2, '0')}`,
  )
  const newest = months.sort().at(-1)
  // The one that has the most to say.
  const run = runs.find(({ status }) => status === 'Error') ?? runs[0]
  const customer = `${PROGRAM}/customers/${first().tenantId}`
  return {
    dashboard: '/',
    todo: '/todo',
    month: `${PROGRAM}/months/${newest}`,
    comparison: `${PROGRAM}/months/${newest}/reconciliation`,
    program: PROGRAM,
    invoices: `${PROGRAM}/invoices`,
    customers: `${PROGRAM}/customers`,
    matching: `${PROGRAM}/customers/match`,
    import: `${PROGRAM}/customers/import`,
    customer,
    'customer-months': `${customer}/months`,
    'customer-mapping': `${customer}/mapping`,
    'customer-products': `${customer}/products`,
    'customer-prices': `${customer}/prices`,
    products: `${PROGRAM}/products`,
    prices: `${PROGRAM}/prices`,
    renewals: `${PROGRAM}/renewals`,
    history: '/history',
    sync: `/runs/${run?.id}`,
    connections: '/connections',
    preparation: '/preparation',
    'going-live': '/going-live',
    settings: '/settings',
    audit: '/audit',
    limits: '/limits',
    help: '/help',
  }
}

async function json<T>(url: string, cookie = ''): Promise<T> {
  const answer = await fetch(url, { headers: { cookie } })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return (await answer.json()) as T
}

/** The demo's first customer, which has something of everything. */
function first() {
  const [mapping] = demoMappings({ motions: true })
  if (mapping === undefined) throw new Error('The demo maps nobody')
  return mapping
}

interface Pods {
  readonly browser: Browser
  readonly shown: Shown
  readonly scheme: (typeof SCHEMES)[number]
  readonly keep: (name: string, png: Buffer) => Promise<void>
}

/** The agreement's pod and the company's tab, inside ConnectWise's screens. */
async function podPictures({ browser, shown: { connectWiseUrl }, scheme, keep }: Pods): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1400 }, colorScheme: scheme })
  const page = await context.newPage()
  const { agreementId, companyId } = first()
  await page.goto(`${connectWiseUrl}/#/agreements/${agreementId}`)
  for (const [name, size] of Object.entries(POD))
    await keep(
      `agreement-pod-${name}-${scheme}`,
      await framePicture(page, page.locator('iframe').first(), size),
    )
  await page.goto(`${connectWiseUrl}/#/companies/${companyId}`)
  // Our tab is the last of the screen's.
  await page.getByRole('tab').last().click()
  const tab = page.locator('iframe[src*="/tabs/company"]')
  await keep(`company-tab-${scheme}`, await framePicture(page, tab, { width: 1200, height: 330 }))
  await context.close()
}

async function framePicture(
  page: Page,
  frame: Locator,
  size: { width: number; height: number },
): Promise<Buffer> {
  await frame.waitFor()
  await frame.evaluate((element, { width, height }) => {
    // Before everything else: the card around it would cut it off.
    Object.assign(element.style, { position: 'fixed', inset: '0 auto auto 0', zIndex: '9999' })
    Object.assign(element.style, { width: `${width}px`, minWidth: '0', height: `${height}px` })
  }, size)
  await frame.contentFrame().getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
  return frame.screenshot({ animations: 'disabled' })
}

const still = (page: Page): Promise<Buffer> => page.screenshot({ animations: 'disabled', caret: 'hide' })
