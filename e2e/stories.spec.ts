/** An upgrade in mid-month reads as one story: the row says what it continues as, and the other one what it is from (J9). */
import { expect } from '@playwright/test'
import { tenantId } from '../standin/data/index.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const MONTH = `/programs/microsoft-csp/customers/${tenantId('margies')}/months/2026-07`

test('a subscription that moves to another product is one story of two rows, one below the other [J9]', async ({
  page,
}) => {
  await signIn(page)
  await page.goto(app(MONTH))
  const from = page
    .getByRole('row')
    .filter({ hasText: 'continues as Microsoft 365 Business Premium from 16 Jul 2026' })
  const to = page.getByRole('row').filter({ hasText: 'from Microsoft 365 Business Standard on 16 Jul 2026' })
  await expect(from).toHaveCount(1)
  await expect(to).toHaveCount(1)
  const [above, below] = [await from.boundingBox(), await to.boundingBox()]
  expect(above?.y).toBeLessThan(below?.y ?? 0)
  await expectSound(page, [MONTH])
})
