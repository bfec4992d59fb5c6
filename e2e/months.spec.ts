/** The month as a page: its sentence, equation and customers, and closing it by the keyboard alone (J5, G1). */
import { expect, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
const API = `/api${PROGRAM}`

test.use({ alone: 'months' })

/** The newest month, opened from the program’s tabs. */
async function openMonth(page: Page): Promise<string> {
  await page.goto(app(PROGRAM))
  await page
    .getByRole('navigation', { name: 'Microsoft CSP' })
    .getByRole('link', { name: 'Month' })
    .press('Enter')
  await expect(page).toHaveURL(/\/months\/\d{4}-\d{2}$/)
  return new URL(page.url()).pathname.slice(-7)
}

interface Shown {
  readonly rows: readonly { readonly customers: readonly { readonly id: string }[] }[]
}

/** Whoever is not mapped is said never to be, so that nothing is left but differences. */
async function nobodyUnmapped(page: Page, month: string): Promise<void> {
  for (;;) {
    const answer = await page.request.get(app(`${API}/months/${month}?term=unmapped`))
    const { rows } = (await answer.json()) as Shown
    if (rows.length === 0) return
    for (const { customers } of rows)
      for (const { id } of customers) {
        const said = await page.request.put(app(`${API}/customers/${encodeURIComponent(id)}/never`), {
          data: { reason: 'ours' },
          headers: { origin: app('') },
        })
        expect(said.ok()).toBe(true)
      }
  }
}

test.describe('the month', () => {
  test.beforeEach(({ page }) => signIn(page))

  test('is on the dashboard first, with its charts and the table behind them [G1, J5]', async ({ page }) => {
    await page.goto(app('/'))
    const month = page.getByRole('region', { name: 'The newest month' })
    await expect(month).toContainText(
      /usage: \d+ of \d+ customers agree with PRISM to the cent; .* of [\d,.]+ proved\./,
    )
    await expect(page.getByRole('region', { name: 'Customers' })).toContainText(/\d+ of \d+ are right in/)
    const charts = page.getByRole('region', { name: 'The last months' })
    await expect(charts.getByRole('figure')).toHaveCount(4)
    await charts.getByText('As a table').press('Enter')
    await expect(charts.getByRole('row')).not.toHaveCount(1)
    await month.getByRole('link', { name: /^See .* usage$/ }).press('Enter')
    await expect(page.getByRole('heading', { level: 2, name: /usage$/ })).toBeVisible()
  })

  test('has each term as a filter of its customers, found by name, too [J5]', async ({ page }) => {
    await openMonth(page)
    const equation = page.getByRole('region', { name: 'The month’s equation' })
    await equation.getByRole('link', { name: 'Not mapped' }).press('Enter')
    const customers = page.getByRole('region', { name: 'Customers of the month' })
    await expect(page).toHaveURL(/term=unmapped/)
    await expect(customers.getByRole('cell', { name: 'Not billed' }).first()).toBeVisible()
    await expect(customers.getByRole('cell', { name: 'Agrees' })).toHaveCount(0)
    await equation.getByRole('link', { name: 'Not mapped' }).press('Enter')
    await expect(page).not.toHaveURL(/term=unmapped/)
    await customers.getByRole('searchbox').fill('coho')
    await expect(customers.locator('tbody tr')).toHaveCount(1)
    await expect(customers.locator('tbody tr')).toContainText('Coho Winery')
  })

  test('is closed by the keyboard once every difference is accepted, and opened again with why [J5]', async ({
    page,
  }) => {
    test.slow()
    const month = await openMonth(page)
    const closing = page.getByRole('region', { name: 'Closing the month' })
    const close = closing.getByRole('button', { name: 'Close month' })
    await expect(close).toHaveAttribute('aria-disabled', 'true')
    await expect(closing.getByRole('link', { name: /not mapped$/ })).toBeVisible()
    await nobodyUnmapped(page, month)
    await page.reload()
    await closing.getByRole('link', { name: /not accepted$/ }).press('Enter')
    await expect(page).toHaveURL(/state=to-accept/)
    const customers = page.getByRole('region', { name: 'Customers of the month' })
    await customers.getByRole('checkbox').first().press('Space')
    await customers.getByRole('button', { name: 'Accept 1 chosen' }).press('Enter')
    await page.getByRole('textbox', { name: 'Why it is right' }).fill('agreed with them')
    await expectNoFinding(page)
    await page.keyboard.press('Enter')
    await expect(page.getByText('1 difference is accepted.')).toBeVisible()
    await customers.getByRole('button', { name: /^Accept all \d+$/ }).press('Enter')
    await page.getByRole('textbox', { name: 'Why it is right' }).fill('known since March')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^\d+ differences? (is|are) accepted\.$/)).toBeVisible()
    await expect(closing).toContainText('Nothing is left to settle')
    await close.press('Enter')
    await page.getByRole('button', { name: 'Close it' }).press('Enter')
    await expect(closing).toContainText(/Closed on .* with A\$[\d,.]+ billed of [\d,.]+/)
    await expectNoFinding(page)
    await closing.getByRole('button', { name: 'Open again' }).press('Enter')
    await page.getByRole('textbox', { name: 'Why' }).fill('one more look')
    await page.keyboard.press('Enter')
    await expect(closing.getByText('Closed before')).toBeVisible()
    await expect(close).not.toHaveAttribute('aria-disabled', 'true')
  })

  test('has no finding of the accessibility check and fits a phone', async ({ page }) => {
    test.slow()
    const month = await openMonth(page)
    await expectSound(page, [
      '/',
      PROGRAM,
      `${PROGRAM}/months/${month}`,
      `${PROGRAM}/months/${month}?state=to-accept`,
      `${PROGRAM}/months/${month}?search=nothing-fits-this`,
    ])
  })
})
