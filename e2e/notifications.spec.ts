/** Who is told of a program: addresses, mail that is not set up, the webhook and its test, and the page that unsubscribes. */
import { expect } from '@playwright/test'
import { addressOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'

test('the program’s page says who is told, that mail is not set up, and what a webhook answered [C5][J4]', async ({
  page,
}) => {
  await signIn(page)
  await page.goto(app(PROGRAM))
  const options = page.getByRole('region', { name: 'Options' })
  const addresses = options.getByLabel('Email Addresses')
  await addresses.fill('clerk@northwind.example\nno address')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByText(/Number 2: Enter an e-mail address/)).toBeVisible()
  await addresses.fill('clerk@northwind.example\nowner@northwind.example')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByRole('status')).toHaveText('Saved.')

  const told = page.getByRole('region', { name: 'Notifications' })
  await expect(told.getByText('Mail is not set up: nothing reaches these addresses.')).toBeVisible()
  await expect(told.getByRole('list', { name: 'Addresses' }).getByRole('listitem')).toHaveCount(2)

  const webhook = told.getByRole('form', { name: 'Webhook' })
  await webhook.getByLabel('Address').fill('https://10.0.0.1/hook')
  await webhook.getByRole('button', { name: 'Set webhook' }).click()
  await expect(webhook.getByText(/is not reached: it is not a public address/)).toBeVisible()
  await webhook.getByLabel('Address').fill(`${addressOf('prism')}/no-such-hook`)
  await webhook.getByRole('button', { name: 'Set webhook' }).click()
  await expect(webhook.getByText(/whsec_/)).toBeVisible()
  await webhook.getByRole('button', { name: 'Test' }).click()
  await expect(webhook.getByRole('status')).toContainText('Its answer was 404.')
  await page.reload()
  await expect(webhook.getByText(new URL(addressOf('prism')).host)).toBeVisible()
  await expect(webhook.getByText(/whsec_/)).toHaveCount(0)

  await expectSound(page, [PROGRAM])
  await webhook.getByRole('button', { name: 'Remove' }).click()
  await expect(webhook.getByText('None is set.')).toBeVisible()
  await addresses.fill('')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(told.getByText('No address is told. Enter some above.')).toBeVisible()
})

test('the page of a mail’s link has one button, and says where the link is not valid [J4]', async ({
  page,
}) => {
  await page.goto(app('/unsubscribe#no-such-token'))
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await expect(page.getByText('The link is not one of ours, or a part of it is missing.')).toBeVisible()
})
