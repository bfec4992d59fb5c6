/** The site at 200 % zoom of a usual screen, and at 320 px (WCAG 1.4.4, 1.4.10): nothing is lost, and nothing scrolls in two directions. */
import { expect, type Page } from '@playwright/test'
import { tenantId } from '../standin/data/index.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
const CUSTOMER = `${PROGRAM}/customers/${tenantId('coho')}`
const PAGES = [
  '/',
  '/todo',
  '/programs',
  '/preparation',
  '/history',
  '/audit',
  '/connections',
  '/settings',
  '/going-live',
  '/limits',
  '/help',
  PROGRAM,
  `${PROGRAM}/customers`,
  `${PROGRAM}/customers/match`,
  CUSTOMER,
  `${CUSTOMER}/months`,
  `${CUSTOMER}/months/2026-09`,
  `${CUSTOMER}/mapping`,
  `${CUSTOMER}/products`,
  `${CUSTOMER}/prices`,
  `${CUSTOMER}/audit`,
  `${PROGRAM}/months/2026-09`,
  `${PROGRAM}/months/2026-09/reconciliation`,
  `${PROGRAM}/months/2026-09/reconciliation?customer=${tenantId('coho')}`,
  `${PROGRAM}/invoices`,
  `${PROGRAM}/months`,
  `${PROGRAM}/products`,
  `${PROGRAM}/prices`,
  `${PROGRAM}/renewals`,
]
/** 1440 x 900 at 200 %, and the narrowest of 1.4.10. */
const VIEWS = [
  { width: 720, height: 450 },
  { width: 320, height: 640 },
]

/** What of the page is wrong at this width, by the first words of each element. */
const troublesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()} ${(element.textContent ?? '').trim().slice(0, 30)}`
    const root = document.documentElement
    if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} wide`)
    for (const element of document.body.querySelectorAll('*')) {
      const style = getComputedStyle(element)
      const scrolls = style.overflowX === 'auto' || style.overflowX === 'scroll'
      if (scrolls && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name(element)} scrolls sideways`)
      const isStuck = style.position === 'fixed' || style.position === 'sticky'
      const { width, height, right } = element.getBoundingClientRect()
      if (isStuck && width > innerWidth / 2 && height > innerHeight * 0.4)
        found.push(`${name(element)} covers the page`)
      const isControl = element.matches('a, button, input, select, textarea, summary')
      if (isControl && width > 1 && height > 1 && right > innerWidth + 1)
        found.push(`${name(element)} is cut off`)
    }
    return found
  })

test('keeps every page whole at 200 % zoom and at 320 px, with one direction to scroll in [1.4.10]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  const found: Record<string, string[]> = {}
  for (const view of VIEWS) {
    await page.setViewportSize(view)
    for (const path of PAGES) {
      await page.goto(app(path))
      await expect(page.locator('main, h1, h2').first()).toBeVisible()
      const troubles = await troublesOf(page)
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/${view.width}${path.replaceAll('/', '_')}.png` })
      if (troubles.length > 0) found[`${path} at ${view.width}`] = troubles.slice(0, 5)
    }
  }
  expect(found).toEqual({})
})
