/**
 * LCP, CLS and INP of the screens that have most to show, by somebody who is signed in, on a production build: the dashboard, the month,
 * the customers and a run with 10,000 customers, the agreement pod with 100 subscriptions, the company pod; medians of five. INP is the
 * slowest of what is pressed and typed. Budgets: LCP 2.5 s, CLS 0.02, INP 100 ms.
 */
import type { Page } from '@playwright/test'
import type { Row } from '#scripts/bench-table.ts'
import { enlarge } from './stage/large-screens.ts'
import { shown as sizeShown } from './stage/sizes.ts'
import {
  AGREEMENT,
  demoOf,
  measureScreen,
  openBrowser,
  PROGRAM,
  placeOf,
  pressRow,
  rowsOf,
  type Screen,
  SETTLED_MS,
} from './stage/vitals.ts'

const SUBSCRIPTIONS = 100
const CUSTOMERS = 10_000

export default async function vitalsBenchmark(): Promise<Row[]> {
  await using held = new AsyncDisposableStack()
  const stack = await demoOf(held)
  const browser = await openBrowser(held)
  const { org, companyId } = await placeOf(stack, AGREEMENT)
  const { run, period } = await enlarge(stack, {
    agreementId: AGREEMENT,
    subscriptions: SUBSCRIPTIONS,
    program: PROGRAM,
    customers: CUSTOMERS,
  })
  const token = encodeURIComponent(org)
  const among = `${sizeShown(CUSTOMERS)} customers`
  const screens: readonly Screen[] = [
    { name: `dashboard, ${among}`, path: '/', shown: 'main h1', size: 'site', done: searchAll },
    {
      name: `month, ${among}`,
      path: `/programs/${PROGRAM}/months/${period}`,
      shown: 'tbody tr',
      size: 'site',
      done: async (page) => {
        await page.locator('td input[type=checkbox]').first().click()
        await page.waitForTimeout(SETTLED_MS)
        await filter(page)
      },
    },
    {
      name: `customers, ${among}`,
      path: `/programs/${PROGRAM}/customers`,
      shown: 'tbody tr',
      size: 'site',
      done: async (page) => {
        await filter(page)
        await page.locator('th a').first().click()
        await page.waitForTimeout(SETTLED_MS)
      },
    },
    { name: `run, ${among}`, path: `/runs/${run}`, shown: 'main h1', size: 'site', done: searchAll },
    {
      name: `agreement pod, ${sizeShown(SUBSCRIPTIONS)} subscriptions`,
      path: `/pods/agreement?org=${token}&id=${AGREEMENT}&screen=agreement`,
      shown: `text=${SUBSCRIPTIONS} subscriptions`,
      size: 'pod',
      done: async (page) => {
        await pressRow(page)
        for (const _ of ['on', 'off']) {
          await page.getByLabel('Show cost').click()
          await page.waitForTimeout(SETTLED_MS)
        }
      },
    },
    {
      name: 'company pod',
      path: `/pods/company?org=${token}&id=${companyId}&screen=company`,
      shown: 'text=Coho Winery',
      size: 'pod',
      done: async (page) => {
        await page.getByRole('button', { name: 'Microsoft CSP' }).first().click()
        await page.waitForTimeout(SETTLED_MS)
      },
    },
  ]
  const rows: Row[] = []
  for (const screen of screens)
    try {
      rows.push(...rowsOf(screen, await measureScreen(browser, stack, screen)))
    } catch (error) {
      // The others have their figures all the same.
      rows.push({ measure: screen.name, ours: Number.NaN, failed: String(error).split('\n')[0] ?? '' })
    }
  return rows
}

/** In the page's own list. */
async function filter(page: Page): Promise<void> {
  await page.locator('main').getByRole('searchbox').first().pressSequentially('customer77', { delay: 60 })
  await page.waitForTimeout(SETTLED_MS)
}

/** In the box of every page. */
async function searchAll(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Search/ })
    .first()
    .click()
  await page.getByRole('combobox', { name: 'Search' }).pressSequentially('customer77', { delay: 60 })
  await page.waitForTimeout(SETTLED_MS)
}
