/** Reading all agreements of ConnectWise, and what it finds that is no customer's (J7). */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

test('all agreements are read on demand, with their age, and companies without a customer are listed [J7]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  await page.goto(app('/programs/microsoft-csp/customers'))
  await page.getByText('Companies billed for Microsoft products that are no customer’s').click()
  const scan = page.getByRole('region', { name: 'Reading all agreements' })
  await scan.getByRole('button', { name: /^Read all/ }).click()
  await expect(scan.getByText(/^Read (just now|\d+ minutes? ago)/)).toBeVisible({ timeout: 60_000 })
  await expect(scan.getByRole('button', { name: 'Read all again' })).toBeEnabled()
  await expect(page.getByText(/a month for Microsoft’s products|has its customer/).first()).toBeVisible()
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/full-scan.png`, fullPage: true })
})
