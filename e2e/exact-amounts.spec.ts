/** Exact amounts, from the program's switch to the preview that shows what it bills (J10). */
import { expect } from '@playwright/test'
import { demoMappings, tenantId } from '../standin/data/index.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { app, expectNoFinding, signIn } from './site.ts'
import { test } from './test.ts'
import { work } from './testing/one-time-world.ts'

const PROGRAM = '/programs/microsoft-csp'
const coho = demoMappings().find((each) => each.tenantId === tenantId('coho'))

test.use({ alone: 'exact-amounts' })

test('exact amounts are switched on with the program’s options, and a preview shows the correction and what is then invoiced [J10]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  await page.goto(app(PROGRAM))
  const options = page.getByRole('region', { name: 'Options' })
  const exact = options.getByRole('switch', { name: 'Exact amounts' })
  await expect(exact).not.toBeChecked()
  // Nothing is to be written before it is looked at.
  await options.getByRole('switch', { name: 'Sync Microsoft CSP' }).uncheck()
  await exact.check()
  await expect(options.getByRole('status')).toHaveText('Not saved yet.')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByRole('status')).toHaveText('Saved.')
  await page.reload()
  await expect(exact).toBeChecked()
  await expectNoFinding(page)

  const issued = await page.request.post(`${addressOf('prism')}/control/invoices/next`)
  expect(issued.ok()).toBe(true)
  await work(page)
  await page.goto(agreementScreen(coho?.agreementId ?? 0))
  const pod = await podOf(page)
  await pod.getByRole('button', { name: 'Preview' }).click()
  const dialog = pod.getByRole('dialog', { name: 'Preview' })
  await expect(dialog.getByText('Rounding of October 2026').first()).toBeVisible()
  await expect(dialog.getByText(/a correction bills [−-]?A\$0\.0\d of rounding/).first()).toBeVisible()
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/exact-preview.png` })
})
