/** The installer's page: install, repair after the app moved, remove, with and without ConnectWise's Agreement screen (H5). */
import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import {
  addressOf,
  agreementScreen,
  companyScreen,
  connectWiseSetups,
  ownerLogin,
  standInControl,
} from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PAGE = '/connections/pods'
/** No other test looks at these. */
const AGREEMENT = 2
const COMPANY = 250

/** Other tests need what the demo installed. */
test.afterEach(async ({ request }) => {
  await standInControl(request, 'role', { denied: [] })
  await standInControl(request, 'unknowns', { hostsAgreements: true })
  await request.post(app('/api/session'), { data: ownerLogin() })
  const answer = await request.post(app('/api/hosted/setups'), { headers: { origin: addressOf('app') } })
  expect(answer.status(), await answer.text()).toBe(200)
})

const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Tabs on until the control has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await button(page, name).evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`No Tab leads to ${name}`)
}

/** As though the app had been somewhere else when its pods were installed. */
async function movePods(request: APIRequestContext): Promise<void> {
  const old = 'http://old.example:3000'
  const move = (text: string) => text.replace(addressOf('app'), old)
  await connectWiseSetups(request).edit(({ url, origin = '' }) => ({ url: move(url), origin: move(origin) }))
}

test('the pods are found and repaired after the app moved, by keyboard alone [H5]', async ({
  page,
  request,
}) => {
  await signIn(page)
  await page.goto(app('/connections'))
  await page.getByRole('link', { name: 'Pods in ConnectWise' }).click()
  await expect(page.getByRole('heading', { name: '3 of 3 installed as they should be' })).toBeVisible()
  await expectSound(page, [PAGE])

  await movePods(request)
  await button(page, 'Look again').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '0 of 3 installed as they should be' })).toBeVisible()
  const moved = `It opens http://old.example:3000, but Prism Pod is at ${addressOf('app')}.`
  for (const name of ['Agreement pod', 'Company pod', 'Company tab'])
    await expect(row(page, name)).toContainText(moved)
  await expectNoFinding(page)
  await tabTo(page, 'Repair company pod')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Company pod').getByText('It is repaired.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Company pod' })).toBeFocused()
  await page.reload()
  await tabTo(page, 'Install and repair all')
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 repaired.')).toBeVisible()
  await expect(page.getByRole('heading', { name: '3 of 3 installed as they should be' })).toBeVisible()
})

test('a pod is removed once that was confirmed, and installed again, by keyboard alone [H5]', async ({
  page,
  request,
}) => {
  await signIn(page)
  await page.goto(app(PAGE))
  await tabTo(page, 'Remove company tab')
  await page.keyboard.press('Enter')
  const asks = page.getByRole('dialog', { name: 'Remove the company tab?' })
  await expect(asks).toContainText('Mappings, results and additions stay')
  await expectNoFinding(page)
  await page.keyboard.press('Escape')
  await expect(asks).toHaveCount(0)
  expect(await connectWiseSetups(request).titles('Tab')).toEqual(['Microsoft CSP'])
  await tabTo(page, 'Remove company tab')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Company tab').getByText('It is removed.')).toBeVisible()
  await expect(row(page, 'Company tab')).toContainText('Not installed')
  expect(await connectWiseSetups(request).titles('Tab')).toEqual([])

  await tabTo(page, 'Install company tab')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Company tab').getByText('It is installed.')).toBeVisible()
  expect(await connectWiseSetups(request).titles('Tab')).toEqual(['Microsoft CSP'])
})

test('ConnectWise shows on its screens what was installed [H5]', async ({ page }) => {
  await page.goto(companyScreen(COMPANY))
  await expect(page.locator(`iframe[src^="${addressOf('app')}/pods/company?org="]`)).toBeVisible()
  await page.getByRole('tab', { name: 'Microsoft CSP' }).click()
  await expect(page.locator(`iframe[src^="${addressOf('app')}/tabs/company?org="]`)).toBeVisible()
  await page.goto(agreementScreen(AGREEMENT))
  await expect(page.locator(`iframe[src^="${addressOf('app')}/pods/agreement?org="]`)).toBeVisible()
})

test('an instance without the Agreement screen has the company’s pod and tab, and the page says so [H5][H2]', async ({
  page,
  request,
}) => {
  await signIn(page)
  await page.request.delete(app('/api/hosted/setups'), { headers: { origin: addressOf('app') } })
  await standInControl(request, 'unknowns', { hostsAgreements: false })
  await page.goto(app(PAGE))
  await expect(page.getByRole('heading', { name: '0 of 2 installed as they should be' })).toBeVisible()
  await expect(row(page, 'Agreement pod')).toContainText('company pod and company tab show the same')
  await expect(row(page, 'Agreement pod').getByRole('button')).toHaveCount(0)
  await expectNoFinding(page)
  await button(page, 'Install all').click()
  await expect(page.getByText('2 installed.', { exact: true })).toBeVisible()
  await expect(page.getByRole('heading', { name: '2 of 2 installed as they should be' })).toBeVisible()

  await movePods(request)
  await button(page, 'Look again').click()
  await button(page, 'Repair company pod').click()
  await expect(row(page, 'Company pod').getByText('It is repaired.')).toBeVisible()
  await button(page, 'Remove company pod').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(row(page, 'Company pod')).toContainText('Not installed')
})

test('where ConnectWise lets no program install pods, the page says what is missing and what to enter by hand [H5]', async ({
  page,
  request,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(page)
  await standInControl(request, 'role', { denied: ['General/Manage Hosted API'] })
  await expectSound(page, [PAGE])
  const trouble = page.getByRole('alert').filter({ hasText: 'hosted screens' })
  await expect(trouble).toContainText('You do not have security permission to perform this action.')
  await expect(trouble).toContainText('Inquire, Add, Edit and Delete All')
  const tab = row(page, 'Company tab')
  await tab.getByRole('button', { name: 'Copy URL of the company tab' }).click()
  await expect(tab.getByRole('button', { name: 'Copied URL of the company tab' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    new RegExp(`^${addressOf('app')}/tabs/company\\?org=[\\w-]+&id=\\[cw_id\\]&screen=\\[cw_screen\\]$`),
  )
  await standInControl(request, 'role', { denied: ['General/Manage Hosted API:Delete'] })
  await button(page, 'Look again').click()
  await button(page, 'Remove company tab').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(row(page, 'Company tab').getByRole('alert')).toContainText(
    'You do not have security permission',
  )
  await expect(row(page, 'Company tab')).toContainText('Installed')
})
