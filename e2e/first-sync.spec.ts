/** What a person says before a customer's first sync, where ConnectWise has invoiced its month already. */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { addressOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
/** Coho's second agreement, to which nothing is mapped. */
const GOLD = 'Managed Services Gold'
const GOLD_ID = 2
/** More than PRISM has issued, whatever other tests let it issue. */
const MONTHS = 8

test('the mapping says which month comes first, that it is invoiced, and offers three ways to begin [E6]', async ({
  page,
}) => {
  const invoice = `${addressOf('connectWise')}/control/agreements/${GOLD_ID}/invoice`
  for (let month = 0; month < MONTHS; month += 1) await page.request.post(invoice)
  await signIn(page)
  await page.goto(app(`${PROGRAM}/customers?search=coho`))
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Edit mapping' }).click()
  const dialog = page.getByRole('dialog')
  const question = dialog.getByRole('group', { name: /How is the customer to begin/ })
  await expect(dialog.getByRole('switch', { name: 'Sync' })).toBeChecked()
  await expect(question).toHaveCount(0)

  await dialog.getByRole('radio', { name: GOLD }).check()
  await expect(question).toContainText(
    /ConnectWise has invoiced \w+ 2026 already; PRISM’s usage of it is [1-9]/,
  )
  // As the demo's program says.
  await expect(question.getByRole('radio', { name: /as catch-up \([1-9].*\)$/ })).toBeChecked()
  await question.getByRole('radio', { name: /^Begin with the next month/ }).check()
  await expect(question.getByRole('radio', { name: /^Billed elsewhere/ })).not.toBeChecked()
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/first-sync.png` })
  await dialog.getByRole('switch', { name: 'Sync' }).uncheck()
  await expect(question).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})
