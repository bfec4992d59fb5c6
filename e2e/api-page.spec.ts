import { expect } from '@playwright/test'
import { app, expectSound } from './site.ts'
import { test } from './test.ts'

test('the API has a page for whoever writes a program, with an example of each call', async ({ page }) => {
  await page.goto(app('/api/docs'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The API')
  await page.getByText('GET /api/runs', { exact: true }).click()
  await expect(page.getByText(/curl '.*\/api\/runs'/)).toBeVisible()
  await expectSound(page, ['/help/api'])
  await page.screenshot({ path: test.info().outputPath('api.png') })
})
