/** The search box: by the keyboard alone, from every page, and what a phone and a reader of the screen get of it (J15). */
import { expect, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const box = (page: Page) => page.getByRole('dialog', { name: 'Search' })

test.beforeEach(({ page }) => signIn(page))

test('Ctrl K opens it anywhere, the first hit is chosen, Enter goes there, and the next search begins anew [J15]', async ({
  page,
}) => {
  await page.goto(app('/history'))
  await page.keyboard.press('Control+k')
  await expect(box(page).getByRole('combobox')).toBeFocused()
  await page.keyboard.type('coho winery')
  const hits = box(page).getByRole('option')
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true')
  await expect(box(page).getByRole('group', { name: /^Customers/ })).toBeVisible()
  await expect(box(page).getByRole('group', { name: /^Agreements/ })).toBeVisible()
  await expectNoFinding(page)
  await expect(hits.first()).toContainText('Coho Winery')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/programs\/microsoft-csp\/customers\/[0-9a-f-]{36}$/)
  await expect(page.getByRole('heading', { name: /Coho Winery/ })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(box(page).getByRole('combobox')).toHaveValue('')
})

test('arrows choose, round the end, and Escape gives the focus back [J15]', async ({ page }) => {
  const open = page.getByRole('button', { name: /^Search/ })
  await open.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('prices')
  const hits = box(page).getByRole('option')
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowUp')
  await expect(hits.last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  // The browser's own search field is emptied by the first one.
  if (await box(page).isVisible()) await page.keyboard.press('Escape')
  await expect(box(page)).toHaveCount(0)
  await expect(open).toBeFocused()
})

test('a message leads to its page, and what is nowhere is said [J15]', async ({ page }) => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('qqqqqq')
  await expect(box(page).getByRole('status')).toHaveText('Nothing has all of “qqqqqq”.')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('inconsistent existing additions')
  const hit = box(page).getByRole('option').first()
  await expect(hit).toContainText('inconsistent existing additions')
  await hit.click()
  await expect(page).toHaveURL(/\/help\/inconsistent-additions$/)
})

test('it fits a phone [J15]', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 })
  await page.getByRole('button', { name: /^Search/ }).click()
  await page.keyboard.type('microsoft')
  await expect(box(page).getByRole('option').first()).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wide).toBeLessThanOrEqual(0)
  const { x = -1, width = 999 } = (await box(page).boundingBox()) ?? {}
  expect(x).toBeGreaterThanOrEqual(0)
  expect(x + width).toBeLessThanOrEqual(320)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/search-phone.png` })
  await expectNoFinding(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/search.png` })
})
