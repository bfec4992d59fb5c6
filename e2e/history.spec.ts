/** A sync's page opens on what is wrong and does not move; History finds syncs; two months are compared (G2, G3, G5, J5). */
import { expect, type Page } from '@playwright/test'
import { tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
/** Cumulative layout shift that a page may have. */
const MOST_SHIFT = 0.02

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number
        hadRecentInput: boolean
      })[])
        if (!entry.hadRecentInput) shifts.push(entry.value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await signIn(page)
})

const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(() =>
    (window as unknown as { shifts: readonly number[] }).shifts.reduce((sum, each) => sum + each, 0),
  )

interface Listed {
  readonly id: string
  readonly status: string | null
}
interface Found {
  readonly causes: readonly {
    readonly severity: string
    readonly message: string
    readonly points: readonly {
      readonly agreementId: number
      readonly companyName: string
      readonly subscriptionId: string
    }[]
  }[]
}
const read = async <T>(page: Page, path: string): Promise<T> =>
  (await (await page.request.get(app(path))).json()) as T

/** The newest sync of customers that failed for some. */
const failedRun = async (page: Page): Promise<Found & Listed> => {
  const { runs } = await read<{ runs: Listed[] }>(page, '/api/runs?kind=customers')
  for (const run of runs.filter(({ status }) => status === 'Error')) {
    const found = await read<Found>(page, `/api/runs/${run.id}?detail=headings`)
    if (found.causes.length > 2) return { ...found, ...run }
  }
  throw new Error('A sync of the demo fails for some customers')
}

test('a sync opens on what is wrong: each cause once with its money, its customers one click away, and without moving [G3]', async ({
  page,
}) => {
  const run = await failedRun(page)
  await page.goto(app(`/runs/${run.id}`))
  const wrong = page.getByRole('region', { name: 'What is wrong' })
  const [first] = run.causes
  await expect(wrong.getByText(first?.message ?? '').first()).toBeVisible()
  await expect(wrong.locator('summary')).toHaveCount(run.causes.length)
  await page.waitForTimeout(1_500)
  expect(await shiftOf(page)).toBeLessThan(MOST_SHIFT)
  const box = await page.getByRole('heading', { name: 'All agreements' }).boundingBox()
  // A row each, and one of them may be open: not the months and agreements that it has.
  expect(box?.y ?? 0).toBeLessThan(900 + 120 * run.causes.length)

  const cause = wrong.locator('details').first()
  if (!(await cause.evaluate((each) => (each as HTMLDetailsElement).open)))
    await cause.locator('summary').click()
  const [point] = first?.points ?? []
  await expectNoFinding(page)
  await cause
    .getByRole('link', { name: point?.companyName ?? '' })
    .first()
    .click()
  await expect(page).toHaveURL(new RegExp(`agreement=${point?.agreementId}`))
  await expect(page.locator(`#agreement-${point?.agreementId}`)).toHaveAttribute('open', '')
  await page.getByRole('link', { name: /^Success/ }).click()
  await expect(page).toHaveURL(/show=Success/)
  await expect(page.locator('[id^=agreement-]').first()).toContainText('Success')
})

test('a sync is found again in History by message and by subscription, and opened at its customer [G2]', async ({
  page,
}) => {
  const run = await failedRun(page)
  const point = run.causes.flatMap((cause) => cause.points).find(({ subscriptionId }) => subscriptionId)
  await page.goto(app('/history'))
  const search = page.getByRole('searchbox', { name: /^Search syncs/ })
  await search.fill(point?.subscriptionId ?? '')
  const rows = page.getByRole('row')
  await expect(rows.nth(1)).toContainText(point?.companyName ?? '')
  await search.fill('no sync says anything like this')
  await expect(page.getByText('No sync has “no sync says anything like this”.')).toBeVisible()
  await search.fill(run.causes[0]?.message.slice(0, 60) ?? '')
  await expect(rows.nth(1)).toContainText(run.causes[0]?.message.slice(0, 60) ?? '')
  await rows.nth(1).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/runs\/.+agreement=\d+/)
  await expect(page.locator('[id^=agreement-][open]')).toHaveCount(1)
})

test('what failed is retried: how far it is survives a reload, and nothing moves when it ends [G5]', async ({
  page,
}) => {
  test.slow()
  const run = await failedRun(page)
  await page.goto(app(`/runs/${run.id}`))
  await page.getByRole('button', { name: /^Retry (all \d+ failed|the failed one)$/ }).click()
  await expect(page).not.toHaveURL(new RegExp(run.id), { timeout: 30_000 })
  await page.reload()
  await expect(page.getByText(/ · took /)).toBeVisible({ timeout: 60_000 })
  await page.waitForTimeout(1_500)
  expect(await shiftOf(page)).toBeLessThan(MOST_SHIFT)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'JSON' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('prism-pod-sync.json')
})

test('a month is compared with another one, and goes to the customer as text without what it costs [J5]', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const months = await read<{ months: readonly string[] }>(
    page,
    `/api${PROGRAM}/months/2026-05/reconciliation`,
  )
  const [newest] = months.months
  await page.goto(app(`${PROGRAM}/months/${newest}`))
  await page.getByRole('link', { name: 'Compare with another month' }).click()
  await expect(page.getByRole('heading', { level: 2, name: /^All customers: / })).toBeVisible()
  await page.getByLabel('Compare with').selectOption('2026-04')
  await expect(page.getByRole('heading', { level: 2, name: / against April 2026$/ })).toBeVisible()
  await page.getByRole('link', { name: 'By product' }).click()
  await expect(page.getByRole('columnheader', { name: 'Product' })).toBeVisible()

  await page.goto(app(`${PROGRAM}/customers/${tenantId('adventure')}/months`))
  await page
    .getByRole('link', { name: /^Why it changed: / })
    .first()
    .click()
  await expect(page.getByRole('columnheader', { name: 'Subscription' })).toBeVisible()
  await expectNoFinding(page)
  await page.getByRole('button', { name: 'Copy as text' }).click()
  await expect(page.getByText('Copied.')).toBeVisible()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text).toMatch(/^Adventure Works.*\n\w+ 2026 compared with \w+ 2026\n/)
  expect(text).toMatch(/\nDifference: [+−]?A\$/)
  expect(text).not.toMatch(/cost|margin/i)
})

test('these pages have no finding of the accessibility check and fit a phone', async ({ page }) => {
  test.slow()
  const run = await failedRun(page)
  await expectSound(page, [
    '/',
    `/runs/${run.id}`,
    '/history?search=coho',
    `${PROGRAM}/months/2026-05/reconciliation`,
    `${PROGRAM}/months/2026-05/reconciliation?customer=${tenantId('coho')}`,
  ])
})
