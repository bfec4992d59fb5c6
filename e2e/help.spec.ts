/** Every message leads to its page of troubleshooting, in the pod and on the site, and the list finds it by its words (G3). */
import { expect } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { agreementScreen, podOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const MESSAGE = /^There are multiple products in the ConnectWise product catalog with the VendorSku of/

const agreementOf = (customer: string): number => {
  const found = demoMappings().find((each) => each.tenantId === tenantId(customer))
  if (found === undefined) throw new Error(`The demo maps ${customer}`)
  return found.agreementId
}

test('a message in the pod leads to its page, which needs no sign-in [G3]', async ({ page, context }) => {
  await page.goto(agreementScreen(agreementOf('messenger')))
  const pod = await podOf(page)
  const note = pod.getByRole('group').filter({ hasText: 'VendorSku' }).last()
  const more = note.getByRole('link', { name: 'More about this' })
  // A pod that is told of something meanwhile shows it anew, closed.
  await expect(async () => {
    if (!(await more.isVisible())) await note.getByText('What to do').first().click()
    await expect(more).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  const [opened] = await Promise.all([context.waitForEvent('page'), more.click()])
  await expect(opened.getByRole('heading', { level: 1 })).toHaveText(MESSAGE)
  await expect(opened.getByRole('listitem').first()).toContainText('Procurement › Product Catalog')
  await expect(opened.getByRole('link', { name: 'operations@rhipe.com' })).toHaveAttribute(
    'href',
    'mailto:operations@rhipe.com',
  )
})

test('troubleshooting is searched by the keyboard, and a message without a code finds its page [G3]', async ({
  page,
}) => {
  await page.goto(app('/help'))
  await page.getByRole('searchbox', { name: 'Search messages' }).focus()
  await page.keyboard.type('vendorsku multiple')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem')).toHaveCount(1)
  await page.getByRole('link', { name: MESSAGE }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(MESSAGE)
  await page.getByRole('link', { name: 'All messages' }).click()
  await expect(async () => expect(await page.getByRole('listitem').count()).toBeGreaterThan(80)).toPass()

  const said = "Unable to find the default product type of 'Licences' when adding a new product"
  await page.goto(app(`/help?about=${encodeURIComponent(said)}`))
  await expect(page).toHaveURL(/\/help\/no-default-type$/)
  await page.goto(app(`/help?about=${encodeURIComponent('Something that nobody says')}`))
  await expect(page.getByText('No page is about “Something that nobody says”.')).toBeVisible()
  const missing = await page.goto(app('/help/no-such-message'))
  expect(missing?.status()).toBe(404)
})

test('its pages are sound, light and dark, and fit a phone; the site’s menu has them [G3]', async ({
  page,
}) => {
  await signIn(page)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Troubleshooting' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Troubleshooting')
  await expectSound(page, [
    '/help',
    '/help/multiple-products',
    '/help/inconsistent-additions',
    '/help/unexpected',
  ])
})
