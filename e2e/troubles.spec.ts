/**
 * The demo's customers that show an error: each is mended by hand as its remedy says, in ConnectWise's own screens, and is
 * gone with the next sync (G3). Serial numbers come from the pod, as a clerk takes them.
 */
import { expect, type FrameLocator, type Locator, type Page, test } from '@playwright/test'
import { agreementScreen, podOf } from './screens.ts'

/** Agreements of the demo by customer (standin/data/trouble-customers.ts). */
const AGREEMENTS = {
  phone: 18,
  blueYonder: 19,
  trey: 20,
  woodgrove: 21,
  fourthCoffee: 22,
  messenger: 23,
  vanArsdel: 24,
  nod: 25,
} as const

const dialog = (page: Page): Locator => page.getByRole('dialog').last()
const save = async (page: Page): Promise<void> => {
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}
const additions = (page: Page, text: string): Locator =>
  page.locator('tr[data-addition]').filter({ hasText: text })

async function open(page: Page, agreement: number): Promise<FrameLocator> {
  await page.goto(agreementScreen(agreement))
  const pod = await podOf(page)
  await expect(pod.getByRole('button', { name: 'Sync now' })).toBeVisible()
  return pod
}

/** Ids of the PRISM subscriptions with the product, as the pod shows them. */
async function subscriptionIds(pod: FrameLocator, product: string): Promise<string[]> {
  const rows = pod.getByRole('button', { name: new RegExp(product) })
  const ids: string[] = []
  for (const row of await rows.all()) {
    await row.click()
    const body = pod.locator('tbody').filter({ has: row })
    ids.push((await body.getByText(/^Subscription /).innerText()).split(' ')[1] ?? '')
  }
  return ids
}

async function edit(page: Page, row: Locator, fields: Readonly<Record<string, string>>): Promise<void> {
  await row.getByRole('button', { name: 'Edit' }).click()
  for (const [label, value] of Object.entries(fields))
    await dialog(page).getByLabel(label, { exact: true }).fill(value)
  await save(page)
}

async function expectMended(page: Page, agreement: number): Promise<void> {
  const pod = await open(page, agreement)
  await pod.getByRole('button', { name: 'Sync now' }).click()
  await expect(pod.getByRole('progressbar', { name: 'Sync' })).toBeVisible()
  await expect(pod.getByRole('progressbar', { name: 'Sync' })).toBeHidden({ timeout: 45_000 })
  await expect(pod.getByText('Error', { exact: true })).toHaveCount(0)
  await expect(pod.getByText('Agrees.')).toBeVisible()
}

test.describe('a trouble of the demo', () => {
  test('Phone Company: nothing tells whose additions are; their serial numbers are written [F5]', async ({
    page,
  }) => {
    const pod = await open(page, AGREEMENTS.phone)
    await expect(pod.getByText('write into the Serial Number of each addition').first()).toBeVisible()
    const [first = '', second = ''] = await subscriptionIds(pod, 'Exchange Online')
    const [basic = ''] = await subscriptionIds(pod, 'Business Basic')
    expect(new Set([first, second, basic, '']).size).toBe(4)
    await edit(page, additions(page, 'EXO-P1').first(), { 'Serial Number': first })
    await edit(page, additions(page, 'EXO-P1').last(), { 'Serial Number': second })
    await edit(page, additions(page, 'TPC-CONTRACT-7781'), { 'Serial Number': basic })
    await expectMended(page, AGREEMENTS.phone)
  })

  test('Blue Yonder: an addition is left over; it is cancelled [F9]', async ({ page }) => {
    const pod = await open(page, AGREEMENTS.blueYonder)
    await expect(
      pod.getByText('set its Cancelled Date to the day before this usage month').first(),
    ).toBeVisible()
    await edit(page, additions(page, 'PROJECT-P3'), { 'Cancelled Date': '2026-03-31' })
    await expectMended(page, AGREEMENTS.blueYonder)
  })

  test('Trey: an addition starts later; it is deleted [F7]', async ({ page }) => {
    const pod = await open(page, AGREEMENTS.trey)
    await expect(pod.getByText('Addition 1016 starts on 2027-01-01').first()).toBeVisible()
    await additions(page, '1 Jan 2027').getByRole('button', { name: 'Delete' }).click()
    await dialog(page).getByRole('button', { name: 'Delete' }).click()
    await expectMended(page, AGREEMENTS.trey)
  })

  test('Woodgrove: an addition ends inside a month; it is deleted [F7]', async ({ page }) => {
    const pod = await open(page, AGREEMENTS.woodgrove)
    await expect(pod.getByText('is cancelled on 2026-04-14, inside a month').first()).toBeVisible()
    await additions(page, '14 Apr 2026').getByRole('button', { name: 'Delete' }).click()
    await dialog(page).getByRole('button', { name: 'Delete' }).click()
    await expectMended(page, AGREEMENTS.woodgrove)
  })
})
