/**
 * The demo's customers with a trouble (standin/data/README.md): each is mended by hand as its remedy says, in ConnectWise's own
 * screens and the pod in them, and is gone with the next sync (G3). The Phone Company's is in answers.spec.ts.
 */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { demoMappings, products, tenantId } from '../standin/data/index.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { test } from './test.ts'

const agreementOf = (customer: string): number => {
  const found = demoMappings().find((each) => each.tenantId === tenantId(customer))
  if (found === undefined) throw new Error(`The demo maps ${customer}`)
  return found.agreementId
}

const dialog = (page: Page): Locator => page.getByRole('dialog').last()
const save = async (page: Page): Promise<void> => {
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

async function open(page: Page, customer: string): Promise<FrameLocator> {
  await page.goto(agreementScreen(agreementOf(customer)))
  const pod = await podOf(page)
  await expect(pod.getByRole('button', { name: 'Sync now' }).first()).toBeVisible()
  return pod
}

/** What the pod says to do, where it says what is wrong. */
async function expectRemedy(pod: FrameLocator, message: string, remedy: string): Promise<void> {
  const note = pod.getByRole('group').filter({ hasText: message }).filter({ hasText: remedy }).last()
  const said = note.getByRole('paragraph').filter({ hasText: remedy }).first()
  // A pod that is told of something meanwhile shows it anew, closed.
  await expect(async () => {
    if (!(await said.isVisible())) await note.getByText('What to do').first().click()
    await expect(said).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
}

/** Nothing of the agreement is wrong any more once it is synced, whatever was looking at it before. */
async function expectSynced(page: Page, customer: string): Promise<FrameLocator> {
  const pod = await open(page, customer)
  await pod.getByRole('button', { name: 'Sync now' }).first().click()
  await expect(pod.getByRole('progressbar', { name: 'Sync' })).toBeVisible()
  await expect(pod.getByRole('progressbar', { name: 'Sync' })).toBeHidden({ timeout: 60_000 })
  await expect(pod.getByText('Error', { exact: true })).toHaveCount(0)
  return pod
}

/** And ConnectWise bills what PRISM invoiced. */
async function expectMended(page: Page, customer: string): Promise<void> {
  const pod = await expectSynced(page, customer)
  await expect(pod.getByText('Agrees.').first()).toBeVisible()
}

async function deleteAddition(page: Page, text: string): Promise<void> {
  const row = page.locator('tr[data-addition]').filter({ hasText: text })
  await row.getByRole('button', { name: 'Delete' }).click()
  await dialog(page).getByRole('button', { name: 'Delete' }).click()
  await expect(row).toHaveCount(0)
}

test.describe('a trouble of the demo', () => {
  test.slow()

  test('Blue Yonder: an addition is left over; when it ends is said [F9]', async ({ page }) => {
    const pod = await open(page, 'blueyonder')
    await expectRemedy(pod, 'that needs to be cancelled', 'Under “Say what it is”, choose when it ends')
    await expect(pod.getByText(/^It has no end now; it must end by \d+ \w+ 2026\.$/).first()).toBeVisible()
    await pod
      .getByRole('button', { name: /^Say what it is/ })
      .first()
      .click()
    await pod.getByLabel('It ends').check()
    await pod.getByRole('button', { name: 'Save' }).click()
    await expect(pod.getByText('It is synced by itself within minutes.').first()).toBeVisible()
    await expectSynced(page, 'blueyonder')
    await expect(page.locator('tr[data-addition]').filter({ hasText: 'PROJ-P3' })).toContainText(
      /3[01] (Sep|Oct|Nov) 2026/,
    )
  })

  test('Trey: an addition starts later; it is deleted [F7]', async ({ page }) => {
    const pod = await open(page, 'trey')
    await expectRemedy(pod, 'inconsistent existing additions', 'or delete it in ConnectWise')
    await deleteAddition(page, '1 Jan 2027')
    await expectMended(page, 'trey')
  })

  test('Woodgrove: an addition ended inside a month; once ConnectWise invoiced that month, nothing is left to do [F7]', async ({
    page,
  }) => {
    const pod = await open(page, 'woodgrove')
    await expect(pod.getByText('Agrees.')).toBeVisible()
    await expectMended(page, 'woodgrove')
  })

  test('Fourth Coffee: a product is on no price list any more; one gets its SKU [D4]', async ({ page }) => {
    const pod = await open(page, 'fourthcoffee')
    await expectRemedy(pod, 'no longer on the PRISM price list', 'enter the SKU as its Vendor SKU')
    await page.goto(`${addressOf('connectWise')}/#/catalog`)
    await page.getByRole('button', { name: 'New product' }).click()
    await dialog(page).getByLabel('Product ID').fill('O365-ESS')
    await dialog(page).getByLabel('Vendor SKU').fill(products.essentials.sku)
    await dialog(page)
      .getByLabel('Description', { exact: false })
      .first()
      .fill('Office 365 Business Essentials')
    await dialog(page).getByLabel('Customer Description').fill('Office 365 Business Essentials')
    await dialog(page).getByLabel('Subcategory').selectOption({ index: 1 })
    await dialog(page).getByLabel('Product Type').selectOption({ index: 1 })
    await save(page)
    await expectMended(page, 'fourthcoffee')
  })

  test('Consolidated Messenger: two products have one Vendor SKU; one of them loses it [D6]', async ({
    page,
  }) => {
    const pod = await open(page, 'messenger')
    await expectRemedy(pod, 'There are multiple products', 'Remove or change the Vendor SKU')
    await page.goto(`${addressOf('connectWise')}/#/catalog`)
    await page.getByLabel('Search').fill('intune-old')
    await page.locator('tr[data-item]').getByRole('button', { name: 'Edit' }).click()
    await dialog(page).getByLabel('Vendor SKU').fill('')
    await save(page)
    await expectMended(page, 'messenger')
  })

  test('VanArsdel: it is on no invoice any more; that it ends is confirmed [F18]', async ({ page }) => {
    const pod = await open(page, 'vanarsdel')
    await expectRemedy(pod, 'The customer is on no line of the invoice', 'Confirm')
    const confirm = pod.getByRole('button', { name: /^Confirm: / })
    const progress = pod.getByRole('progressbar', { name: 'Sync' })
    // Another test may have confirmed one of them.
    await expect(confirm.first()).toBeVisible()
    while ((await confirm.count()) > 0) {
      await confirm.first().click()
      await pod.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click()
      await expect(pod.getByRole('dialog')).toHaveCount(0)
      await expect(progress).toBeVisible()
      await expect(progress).toBeHidden({ timeout: 60_000 })
    }
    await expectMended(page, 'vanarsdel')
  })

  test('Nod: the agreement ended; its end is moved [F13]', async ({ page }) => {
    const pod = await open(page, 'nod')
    await expectRemedy(pod, 'The agreement ended 31 Aug 2026', 'move its ending date in ConnectWise')
    await page.getByRole('button', { name: 'Edit agreement' }).click()
    await dialog(page).getByLabel('No Ending Date').check()
    await save(page)
    await expectMended(page, 'nod')
  })
})
