/** Lines of an invoice that are no customer's: listed with their amount, and a person says whose they are. */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { addressOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

test('lines of nobody known are listed with their amount, and a person says whose they are [F1]', async ({
  page,
  request,
}) => {
  const prism = `${addressOf('prism')}/control`
  const { invoices } = await (await request.get(`${prism}/state`)).json()
  const file = await (await request.get(`${prism}/invoices/${invoices[0].InvoiceId}/csv`)).text()
  const [header = '', line = ''] = file.split('\n')
  const fields = line.split(',')
  const strange = [fields[0], 'nobody.example', 'sub-nobody', ...fields.slice(3)]
  strange[header.split(',').indexOf('CustomerName')] = 'Nobody Ltd'
  // A month to come, so that nobody waits for it.
  const data = { usageYear: 2027, usageMonth: 6, csv: [header, strange.join(','), ''].join('\n') }
  const { InvoiceId: id } = await (await request.post(`${prism}/invoices`, { data })).json()
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  expect((await request.get(app('/api/cron/sync'), { headers, timeout: 55_000 })).ok()).toBe(true)

  await signIn(page)
  await page.goto(app('/programs/microsoft-csp'))
  const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name: `${id}`, exact: true }) })
  await expect(row).toContainText('Lines of nobody known')
  await expect(row).toContainText('Nobody Ltd')
  await row.getByRole('button', { name: 'Say whose it is: subscription sub-nobody' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('No customer matches')).toBeVisible()
  await dialog.getByLabel('Search customers').fill('coho')
  await expect(dialog.getByRole('radio', { name: /Coho/ })).toBeVisible()
  await expectNoFinding(page)
  await dialog.getByRole('radio', { name: /^Nobody’s/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('Somebody said that it is nobody’s.')
  await expect(row).not.toContainText('Lines of nobody known')
  await row.getByRole('button', { name: 'Say whose it is: subscription sub-nobody' }).click()
  await dialog.getByLabel('Search customers').fill('coho')
  await dialog.getByRole('radio', { name: /Coho/ }).first().check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).not.toContainText('sub-nobody')
  await row.getByRole('button', { name: `Exclude invoice ${id}` }).click()
  await expect(row.getByRole('button', { name: `Exclude invoice ${id}` })).toBeHidden()
})
