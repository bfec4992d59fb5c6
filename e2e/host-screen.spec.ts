/**
 * The host screen with somebody else's pod: a page that speaks the message protocol as the vendor's own 1.0 client does
 * (e2e/vendor-client), and loads nothing of ours.
 */
import { expect, type FrameLocator, type Page } from '@playwright/test'
import { expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen } from './screens.ts'
import { test } from './test.ts'
import { serveVendorPod, VENDOR_TITLE as TITLE, type VendorPod } from './vendor-pod.ts'

/** No other test looks at these. */
const AGREEMENT = 2
const COMPANY = 250

let vendorPod: VendorPod

test.beforeAll(async ({ request }) => {
  vendorPod = await serveVendorPod()
  await vendorPod.install(request, 'agreement', 'Pod')
  await vendorPod.install(request, 'company', 'Tab')
})
test.afterAll(({ request }) => vendorPod.close(request))

async function openPod(page: Page): Promise<FrameLocator> {
  await page.goto(agreementScreen(AGREEMENT))
  const pod = page.frameLocator(`iframe[title="${TITLE}"]`)
  await expect(pod.getByText(`onLoad of agreement ${AGREEMENT} as pod`)).toBeVisible()
  return pod
}
const press = (pod: FrameLocator, name: string): Promise<void> =>
  pod.getByRole('button', { name, exact: true }).click()
const unsaved = (page: Page) => page.getByText('Unsaved changes').first()
const dialog = (page: Page) => page.getByRole('dialog')

test.describe('a pod with the vendor’s own client', () => {
  test('gets its frame’s id, its member and the record that is open', async ({ page }) => {
    const pod = await openPod(page)
    await expect(pod.getByText(/^frame f-\d+$/)).toBeVisible()
    await press(pod, 'Who am I')
    await expect(pod.getByText('member GClerk of prismdemo')).toBeVisible()
  })

  test('refuses a save with its own words', async ({ page }) => {
    const pod = await openPod(page)
    await pod.getByLabel('Refuse to save').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(dialog(page)).toContainText('The purchase order is missing.')
    await dialog(page).getByRole('button', { name: 'Close' }).click()
    await pod.getByLabel('Refuse to save').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(pod.getByText('beforeSave of agreement')).toHaveCount(2)
    await expect(dialog(page)).toHaveCount(0)
  })

  test('that never answers holds the save up until somebody stops waiting', async ({ page }) => {
    const pod = await openPod(page)
    await pod.getByLabel('Never answer').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(dialog(page)).toContainText('has not answered beforeSave')
    await dialog(page).getByRole('button', { name: 'Stop waiting' }).click()
    await expect(dialog(page)).toHaveCount(0)
  })

  test('that is dirty is asked about before a refresh, its own too, and before it is left', async ({
    page,
  }) => {
    const pod = await openPod(page)
    await press(pod, 'Dirty')
    await expect(unsaved(page)).toBeVisible()
    await press(pod, 'Refresh screen')
    await dialog(page).getByRole('button', { name: 'Keep editing' }).click()
    await expect(pod.getByText('onLoad of agreement')).toHaveCount(1)
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(pod.getByText('beforeBack of agreement')).toBeVisible()
    await dialog(page).getByRole('button', { name: 'Keep editing' }).click()
    expect(page.url()).toBe(agreementScreen(AGREEMENT))
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await dialog(page).getByRole('button', { name: 'Refresh' }).click()
    await expect(pod.getByText('onLoad of agreement')).toHaveCount(2)
    await expect(unsaved(page)).toBeHidden()
  })

  test('opens a company here or in a tab of its own', async ({ page, context }) => {
    const pod = await openPod(page)
    const opened = context.waitForEvent('page')
    await press(pod, 'Open company in a tab')
    expect((await opened).url()).toContain('#/companies/251')
    await press(pod, 'Open company')
    await expect(page).toHaveURL(/#\/companies\/251$/)
  })

  test('is told by the message panel why a message was ignored', async ({ page }) => {
    const pod = await openPod(page)
    await page.getByRole('button', { name: /^Messages/ }).click()
    for (const [name, why] of [
      ['Wrong key', 'it has no hosted_request'],
      ['Object', 'messages are JSON strings'],
      ['Without frame id', /its frameID is not f-\d+/],
    ] as const) {
      await press(pod, name)
      await expect(page.locator('#log').getByText(why)).toBeVisible()
    }
    await expect(unsaved(page)).toBeHidden()
    await press(pod, 'Who am I')
    await expect(page.locator('#log').getByText('"memberHash":"…"').first()).toBeVisible()
  })

  test('has its messages filtered and opened in the panel', async ({ page }) => {
    const pod = await openPod(page)
    await press(pod, 'Wrong key')
    await page.getByRole('button', { name: /^Messages/ }).click()
    const lines = page.locator('#log li:visible')
    const direction = page.getByLabel('Direction')
    await direction.selectOption('ignored')
    await expect(lines).toHaveCount(1)
    await lines.first().locator('summary').press('Enter')
    await expect(lines.locator('pre')).toContainText('"request": "setDirty"')
    await direction.selectOption('all')
    await page.getByLabel('Filter messages').fill('MessageFrameID')
    for (const line of await lines.locator('summary code').allTextContents())
      expect(line).toContain('MessageFrameID')
    await expectNoFindingAsItIs(page, { within: '#log' })
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(page.locator('#log li')).toHaveCount(0)
  })

  test('hears the screen speak as the panel’s choice says', async ({ page }) => {
    await openPod(page)
    await page.getByRole('button', { name: /^Messages/ }).click()
    await page.getByLabel('How the screen speaks').selectOption('twice')
    await expect(page).toHaveURL(/\?host=twice#\/agreements\/2$/)
    const pod = page.frameLocator(`iframe[title="${TITLE}"]`)
    await expect(pod.getByText(/^frame f-\d+$/)).toHaveCount(2)
    // What is asked while the screen still opens, it does not answer.
    await expect(async () => {
      await press(pod, 'Who am I')
      await expect(pod.getByText('member GClerk of prismdemo').first()).toBeVisible({ timeout: 3_000 })
    }).toPass()
  })

  test('follows the member who is signed in', async ({ page }) => {
    await openPod(page)
    await page.getByLabel('Member').selectOption('TTech')
    const pod = page.frameLocator(`iframe[title="${TITLE}"]`)
    await expect(pod.getByText('onLoad of agreement')).toHaveCount(1)
    await press(pod, 'Who am I')
    await expect(pod.getByText('member TTech of prismdemo')).toBeVisible()
  })
})

test('a tab is opened by its name and may not refresh the screen', async ({ page }) => {
  await page.goto(`${addressOf('connectWise')}/#/companies/${COMPANY}`)
  await page.getByRole('tab', { name: TITLE }).click()
  const tab = page.frameLocator(`iframe[title="${TITLE}"]`)
  await expect(tab.getByText(`onLoad of company ${COMPANY} as tab`)).toBeVisible()
  await page.getByRole('button', { name: /^Messages/ }).click()
  await press(tab, 'Refresh screen')
  await expect(page.locator('#log').getByText('no such request')).toBeVisible()
})

test('the screens have no finding of the accessibility check and fit a phone', async ({ page }) => {
  for (const path of [
    'companies',
    `companies/${COMPANY}`,
    'agreements',
    `agreements/${AGREEMENT}`,
    'catalog',
    'setups',
  ]) {
    await page.goto(`${addressOf('connectWise')}/#/${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.setViewportSize({ width: 1440, height: 900 })
    await expectNoFindingAsItIs(page, { without: ['iframe'] })
    await page.setViewportSize({ width: 375, height: 812 })
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, path).toBe(0)
  }
})
