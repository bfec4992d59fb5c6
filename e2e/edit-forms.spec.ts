/** The forms of ConnectWise's screens, by which a remedy is carried out by hand: additions, agreements, products. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { expectNoFindingAsItIs } from './accessible.ts'
import { addressOf, agreementScreen } from './screens.ts'
import { test } from './test.ts'
import { serveVendorPod, VENDOR_TITLE, type VendorPod } from './vendor-pod.ts'

/** No other test looks at its additions; each test leaves it as it was. */
const AGREEMENT = 2

let vendorPod: VendorPod
test.beforeAll(async ({ request }) => {
  vendorPod = await serveVendorPod()
  await vendorPod.install(request, 'agreement', 'Pod')
})
test.afterAll(({ request }) => vendorPod.close(request))

const dialog = (page: Page): Locator => page.getByRole('dialog').last()
const save = (page: Page): Promise<void> => dialog(page).getByRole('button', { name: 'Save' }).click()
const additions = (page: Page): Locator => page.locator('tr[data-addition]')

async function open(page: Page): Promise<FrameLocator> {
  await page.goto(agreementScreen(AGREEMENT))
  const pod = page.frameLocator(`iframe[title="${VENDOR_TITLE}"]`)
  await expect(pod.getByText(`onLoad of agreement ${AGREEMENT} as pod`)).toHaveCount(1)
  return pod
}

async function addAddition(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('button', { name: 'Add addition' }).click()
  await dialog(page)
    .getByLabel('Product ID')
    .selectOption({ label: 'M365-BP: Microsoft 365 Business Premium' })
  for (const [label, value] of Object.entries(fields)) await dialog(page).getByLabel(label).fill(value)
  await save(page)
}

async function deleteAddition(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Delete M365-BP/ })
    .first()
    .click()
  await dialog(page).getByRole('button', { name: 'Delete' }).click()
}

test.describe('an addition', () => {
  test('is added, edited, ended and deleted by hand, and the pod is told each time', async ({ page }) => {
    const pod = await open(page)
    const before = await additions(page).count()
    await addAddition(page, { Quantity: '3', 'Effective Date': '2026-09-01', 'Serial Number': 'by-hand' })
    const row = additions(page).filter({ hasText: 'by-hand' })
    await expect(row).toContainText('1 Sep 2026')
    await expect(row).toContainText('34.10')
    await expect(pod.getByText('beforeSave of agreement')).toHaveCount(1)
    await expect(pod.getByText('onLoad of agreement')).toHaveCount(2)

    await row.getByRole('button', { name: 'Edit' }).click()
    await dialog(page).getByLabel('Quantity').fill('-4')
    await dialog(page).getByLabel('Unit Price').fill('30')
    await dialog(page).getByLabel('Cancelled Date').fill('2026-09-30')
    await dialog(page).getByLabel('Bill Customer').selectOption('Do Not Bill')
    await save(page)
    await expect(row).toContainText('-4')
    await expect(row).toContainText('30 Sep 2026')
    await expect(row).toContainText('Do Not Bill')

    await row.getByRole('button', { name: 'Edit' }).click()
    await dialog(page).getByLabel('Cancelled Date').fill('')
    await save(page)
    await expect(row).toContainText('open')

    await deleteAddition(page)
    await expect(additions(page)).toHaveCount(before)
    await expect(pod.getByText('onLoad of agreement')).toHaveCount(5)
  })

  test('that ConnectWise refuses keeps the form, with the reason at its field', async ({ page }) => {
    await open(page)
    const before = await additions(page).count()
    await addAddition(page, { 'Effective Date': '2020-01-01', 'Serial Number': 'x'.repeat(51) })
    await expect(dialog(page).getByRole('alert')).toContainText('addition object is invalid')
    const serial = dialog(page).getByLabel('Serial Number')
    await expect(serial).toHaveAccessibleDescription(/maximum length of 50/)
    await expect(serial).toBeFocused()
    await serial.fill('by-hand')
    await save(page)
    await expect(dialog(page).getByLabel('Effective Date')).toHaveAccessibleDescription(
      'effectiveDate cannot be less than the agreement billing start date',
    )
    await dialog(page).getByRole('button', { name: 'Cancel' }).click()
    await expect(additions(page)).toHaveCount(before)
  })

  test('is not written where a pod refuses the save, and is where it then agrees', async ({ page }) => {
    const pod = await open(page)
    const before = await additions(page).count()
    await pod.getByLabel('Refuse to save').check()
    await addAddition(page, { Quantity: '1', 'Effective Date': '2026-09-01' })
    await expect(dialog(page)).toContainText('The purchase order is missing.')
    await dialog(page).getByRole('button', { name: 'Close' }).click()
    await expect(additions(page)).toHaveCount(before)
    await expect(dialog(page).getByLabel('Quantity')).toHaveValue('1')
    await dialog(page).getByRole('button', { name: 'Cancel' }).click()
    await pod.getByLabel('Refuse to save').uncheck()
    await addAddition(page, { Quantity: '1', 'Effective Date': '2026-09-01' })
    await expect(additions(page)).toHaveCount(before + 1)
    await deleteAddition(page)
    await expect(additions(page)).toHaveCount(before)
  })

  test('is edited with the keyboard alone, which then is where it was', async ({ page }) => {
    await open(page)
    await addAddition(page, { Quantity: '1', 'Effective Date': '2026-09-01', 'Serial Number': 'by-hand' })
    const row = additions(page).filter({ hasText: 'by-hand' })
    await row.getByRole('button', { name: 'Edit' }).press('Enter')
    await expect(dialog(page).getByLabel('Quantity')).toBeFocused()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('17')
    await page.keyboard.press('Enter')
    await expect(row).toContainText('17')
    await expect(row.getByRole('button', { name: 'Edit' })).toBeFocused()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await deleteAddition(page)
  })
})

test('an agreement is edited, as the member who is signed in', async ({ page, request }) => {
  await open(page)
  await page.getByRole('button', { name: 'Edit agreement' }).click()
  await expect(dialog(page).getByLabel('Status')).toHaveText('Active')
  await dialog(page).getByLabel('Bill', { exact: true }).selectOption('In advance')
  await dialog(page).getByLabel('Prorate Agreement').uncheck()
  await dialog(page).getByLabel('Reason Cancelled').fill('none')
  await save(page)
  const facts = page.locator('.facts').first()
  await expect(facts).toContainText('In advance')
  await expect(facts.locator('div', { hasText: 'Prorate Agreement' })).toContainText('No')
  const read = await request.get(`${addressOf('connectWise')}/host/agreements/${AGREEMENT}`)
  expect(((await read.json()) as { agreement: unknown }).agreement).toMatchObject({
    periodType: 'Future',
    _info: { updatedBy: 'GClerk' },
  })
  await page.getByRole('button', { name: 'Edit agreement' }).click()
  await dialog(page).getByLabel('Bill', { exact: true }).selectOption('In arrears')
  await dialog(page).getByLabel('Prorate Agreement').check()
  await dialog(page).getByLabel('Reason Cancelled').fill('')
  await save(page)
  await expect(facts).toContainText('In arrears')
})

test('a product is found by its SKU, edited, and added', async ({ page }) => {
  await page.goto(`${addressOf('connectWise')}/#/catalog`)
  const rows = page.locator('tr[data-item]')
  await page.getByLabel('Search').fill('d2abdad7-a9c7-4eb8-84f0-3912ce823e7f')
  await expect(rows).toHaveCount(2)
  await page.getByLabel('Search').fill('intune-old')
  await expect(rows).toHaveCount(1)
  const toggle = async (label: string, value: boolean) => {
    await rows.getByRole('button', { name: 'Edit' }).click()
    await dialog(page).getByLabel(label).setChecked(value)
    await save(page)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await toggle('Inactive', true)
  await expect(rows).toContainText('Inactive')
  await toggle('Inactive', false)
  await expect(rows).not.toContainText('Inactive')

  await page.getByRole('button', { name: 'New product' }).click()
  await dialog(page).getByLabel('Product ID').fill('M365-BP')
  await dialog(page).getByLabel('Description', { exact: false }).first().fill('By hand')
  await dialog(page).getByLabel('Customer Description').fill('By hand')
  await dialog(page).getByLabel('Subcategory').selectOption({ index: 1 })
  await dialog(page).getByLabel('Product Type').selectOption({ index: 1 })
  await save(page)
  await expect(dialog(page).getByLabel('Product ID')).toHaveAccessibleDescription(
    'Product ID already in use.',
  )
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
})

test('the forms have no finding of the accessibility check and fit a phone', async ({ page }) => {
  const forms: readonly (readonly [path: string, button: RegExp | string])[] = [
    [`agreements/${AGREEMENT}`, 'Edit agreement'],
    [`agreements/${AGREEMENT}`, 'Add addition'],
    ['catalog', 'Edit EXO-P1'],
    ['catalog', 'New product'],
  ]
  for (const [path, name] of forms) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${addressOf('connectWise')}/#/${path}`)
    await page.getByRole('button', { name }).click()
    if (name === 'New product' || name === 'Add addition') await save(page)
    await expectNoFindingAsItIs(page, { without: ['iframe'] })
    await page.setViewportSize({ width: 390, height: 844 })
    const overflow = await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect([name, overflow, sideways]).toEqual([name, 0, 0])
    await page.keyboard.press('Escape')
  }
})
