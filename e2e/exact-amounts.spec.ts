/** Exact amounts, from the program's switch to the preview that shows what it bills (J10). */
import { expect } from '@playwright/test'
import { demoMappings, subscriptionId, tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { app, signIn } from './site.ts'
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

  // 8 seats for 7 days and 18 for 24 of them: PRISM and ConnectWise round otherwise.
  const prism = `${addressOf('prism')}/control`
  for (const [address, data] of [
    [
      `${prism}/subscriptions/${subscriptionId('coho/exchange')}/quantity`,
      { quantity: 18, from: '2026-10-08' },
    ],
    [`${prism}/invoices/next`, {}],
  ] as const) {
    const answer = await page.request.post(address, { data })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  await work(page)
  await page.goto(agreementScreen(coho?.agreementId ?? 0))
  const pod = await podOf(page)
  await pod.getByRole('button', { name: 'Preview' }).click()
  const dialog = pod.getByRole('dialog', { name: 'Preview' })
  await expect(dialog.getByText('Rounding of October 2026').first()).toBeVisible()
  await expect(dialog.getByText(/a correction bills .*0\.03 of rounding/).first()).toBeVisible()
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/exact-preview.png` })
})
