/** The customer's page: its bill first, then its months, products, mapping and audit, each by keyboard (H1, E2, E5, B6). */
import { expect, type Page } from '@playwright/test'
import { tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const pathOf = (customer: string) => `/programs/microsoft-csp/customers/${tenantId(customer)}`
const COHO = pathOf('coho')
const parts = ['', '/months', '/products', '/mapping', '/audit']

/** Opens a part as somebody without a mouse does. */
async function openPart(page: Page, name: string): Promise<void> {
  const tab = page.getByRole('navigation', { name: 'Coho Winery' }).getByRole('link', { name })
  await tab.focus()
  await page.keyboard.press('Enter')
  await expect(tab).toHaveAttribute('aria-current', 'page')
}

test.use({ alone: 'customer-page' })

test.describe('the customer’s page', () => {
  test.beforeEach(({ page }) => signIn(page))

  test('has the bill first, with both figures, whether they agree, and a preview that says what a sync writes [H1]', async ({
    page,
  }) => {
    await page.goto(app(COHO))
    await expect(page.getByRole('heading', { level: 2, name: /^Coho Winery/ })).toBeVisible()
    const bill = page.getByRole('region', { name: 'Bill' })
    await expect(bill.getByText('PRISM invoiced').first()).toBeVisible()
    await expect(bill.getByText('Agrees.').first()).toBeVisible()
    await expect(page).toHaveTitle('Bill of Coho Winery · Prism Pod')
    await bill.getByRole('button', { name: 'Preview' }).press('Enter')
    const preview = page.getByRole('dialog')
    await expect(preview).toContainText(/Nothing to write|A sync would write now: \d+ /, { timeout: 30_000 })
    await preview.getByRole('checkbox', { name: 'Show cost' }).press('Space')
    await expect(preview.getByText(/ · cost A\$/).first()).toBeVisible()
    await expectNoFinding(page)
    await preview.getByRole('button', { name: 'Close' }).click()
    await bill.getByRole('button', { name: 'Sync now' }).click()
    await expect(bill.getByRole('progressbar', { name: 'Sync' })).toBeVisible()
    await expect(bill.getByRole('progressbar', { name: 'Sync' })).toBeHidden({ timeout: 60_000 })
    await expect(bill.getByText('Agrees.').first()).toBeVisible()
  })

  test('opens each part at its own address by keyboard, and a month with every change, cost where it is asked for [H1][G3]', async ({
    page,
  }) => {
    await page.goto(app(COHO))
    await openPart(page, 'Months')
    await expect(page).toHaveURL(/\/months$/)
    const april = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'April 2026', exact: true }) })
    await expect(april).toContainText('Agrees')
    await expect(april).toContainText(/A\$[\d,.]+/)
    await april.getByRole('link', { name: 'April 2026', exact: true }).press('Enter')
    await expect(page.getByRole('heading', { name: /usage/ })).toBeVisible()
    await expect(page.getByText(/ from 1 Apr 2026/).first()).toBeVisible()
    await expect(page.getByText(/cost A\$/)).toHaveCount(0)
    await page.getByRole('checkbox', { name: 'Show cost' }).press('Space')
    await expect(page.getByText(/cost A\$/).first()).toBeVisible()
    await expect(page.getByText(/, cost \d/).first()).toBeVisible()
    await expectNoFinding(page)
    await page.getByRole('link', { name: 'All months' }).press('Enter')
    await expect(page).toHaveURL(/\/months$/)

    await openPart(page, 'Products')
    await expect(page.getByRole('columnheader', { name: 'Quantity' })).toBeVisible()
    await openPart(page, 'Mapping')
    await expect(page.getByRole('row').filter({ hasText: 'now' })).toContainText('Coho Winery')
    await page.getByRole('button', { name: 'Edit the mapping of Coho Winery' }).press('Enter')
    await expect(page.getByRole('dialog')).toContainText('Where Coho Winery goes')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await openPart(page, 'Audit')
    await expect(page.getByRole('row').filter({ hasText: 'Synced' }).first()).toContainText(/usage/)
    await page.goBack()
    await expect(page).toHaveURL(/\/mapping$/)
  })

  test('has no finding of the accessibility check in any part and fits a phone', async ({ page }) => {
    test.slow()
    await expectSound(page, [
      ...parts.map((part) => `${COHO}${part}`),
      `${COHO}/months/2026-04`,
      pathOf('trey'),
      `${pathOf('trey')}/months`,
      pathOf('relecloud'),
      '/programs/microsoft-csp/customers?sort=-state',
    ])
  })

  test('of a customer with a trouble is not green, and says it on top with its money and what to do [H1][G3]', async ({
    page,
  }) => {
    for (const customer of ['phone', 'blueyonder', 'trey', 'fourthcoffee', 'messenger', 'vanarsdel', 'nod']) {
      await page.goto(app(pathOf(customer)))
      await expect(page.getByRole('heading', { level: 2 }).first(), customer).toContainText('Needs attention')
      const todo = page.getByRole('region', { name: 'To do' })
      await expect(todo, customer).toContainText(/A\$[\d,.]+|No difference so far/)
      await page.goto(app(`${pathOf(customer)}/months`))
      await expect(page.getByText(/^(Error|Warning|Differs)$/).first(), customer).toBeVisible()
    }
  })

  test('of a customer that is not mapped says what nobody bills, and how to map it [E1]', async ({
    page,
  }) => {
    await page.goto(app(pathOf('adatum')))
    await expect(
      page.getByText(/^Nobody bills this customer: it is not mapped\. PRISM invoiced A\$/),
    ).toBeVisible()
    await expect(page.getByRole('button', { name: 'Map', exact: true })).toBeVisible()
    await page.goto(app('/programs/microsoft-csp/customers?state=unmapped'))
    await expect(page.getByRole('row').nth(1)).toContainText(/A\$[\d,.]+ · since \w+ 2026/)
  })

  test('keeps a button that does nothing where keys find it, with the reason [E2]', async ({ page }) => {
    await page.goto(app(pathOf('adatum')))
    await page.getByRole('button', { name: 'Map', exact: true }).click()
    const save = page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true })
    await save.focus()
    await expect(save).toBeFocused()
    await expect(save).toHaveAccessibleDescription('Choose a company, then one of its agreements.')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeVisible()
  })
})
