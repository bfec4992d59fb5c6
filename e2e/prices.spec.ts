/** A price rule, from its preview to the pod that says what was written under it (J11). */
import { expect, type Page } from '@playwright/test'
import { demoMappings, tenantId as tenantIdOf } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

/** No other test looks at what it bills. */
const found = demoMappings().find((each) => each.tenantId === tenantIdOf('fabrikam'))
if (found === undefined) throw new Error('The demo maps Fabrikam')
const { agreementId, tenantId } = found
const program = '/programs/microsoft-csp'
const path = `${program}/customers/${encodeURIComponent(tenantId)}/prices`
const rules = `/api${program}/price-rules`

interface Preview {
  readonly period: string
  readonly creates: number
  readonly rows: readonly { readonly product: string }[]
}
/** As a page of the site asks. */
const headers = () => ({ origin: addressOf('app') })
const previewed = async (page: Page, rule: object): Promise<Preview> =>
  (await (
    await page.request.post(app(`${rules}/preview`), { headers: headers(), data: { rule } })
  ).json()) as Preview
const monthAfter = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number)
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

test.describe('price rules', () => {
  test.slow()
  test.beforeEach(({ page }) => signIn(page))

  test('a rule is shown with what it does before it is saved, listed, and removed [J11]', async ({
    page,
  }) => {
    await page.goto(app(path))
    await expect(page.getByText('No price rule is for this customer')).toBeVisible()
    await page.getByRole('button', { name: 'Add a price rule' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a price rule' })
    const save = dialog.getByRole('button', { name: 'Save the rule' })
    await expect(save).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByLabel('Per cent on top of PRISM’s unit cost').fill('1.234')
    await dialog.getByRole('button', { name: 'Show what it does' }).click()
    await expect(dialog.getByText(/Enter a percentage from 0 to 1000/).first()).toBeVisible()
    await dialog.getByLabel('Per cent on top of PRISM’s unit cost').fill('40')
    await dialog.getByRole('button', { name: 'Show what it does' }).click()
    await expect(dialog.getByText(/^It is about \d+ subscriptions? of 1 customer\.$/)).toBeVisible()
    await expect(dialog.getByText(/^Next month stays at A\$[\d,.]+\.$/)).toBeVisible()
    await expect(dialog.getByText('The next sync writes nothing for it.')).toBeVisible()
    await expectNoFinding(page)
    await save.click()
    await expect(dialog).toHaveCount(0)
    const row = page.getByRole('row').filter({ hasText: /Cost plus 40 %/ })
    await expect(row).toContainText('Each new quantity')
    await expect(row).toContainText('owner@demo.example')
    const winning = page.getByRole('region', { name: 'Which rule wins' })
    await expect(winning).toContainText('cost plus 40 %, for this customer')
    await expectSound(page, [path, `${program}/prices`])
    await page.goto(app(`${program}/prices?search=40`))
    await page.getByRole('button', { name: /^Remove: / }).click()
    const removing = page.getByRole('dialog', { name: /^Remove the price rule of / })
    await removing.getByRole('button', { name: 'Show what it does' }).click()
    await expect(removing.getByText(/^It is about \d+ subscriptions? of 1 customer\.$/)).toBeVisible()
    await removing.getByRole('button', { name: 'Remove the rule' }).click()
    await expect(removing).toHaveCount(0)
    await expect(page.getByText('No rule matches.')).toBeVisible()
  })

  test('what a sync writes under a rule says so in the pod, where it reads as meant [J11]', async ({
    page,
  }) => {
    const terms = { kind: 'cost-plus', percent: '45' }
    const { period } = await previewed(page, { tenantId, terms })
    const rule = { tenantId, from: monthAfter(period), terms }
    const { creates, rows } = await previewed(page, rule)
    expect(creates).toBeGreaterThan(0)
    const saved = await page.request.put(app(rules), { headers: headers(), data: rule })
    const { rule: stored } = (await saved.json()) as { rule: { id: string } }
    await page.goto(agreementScreen(agreementId))
    const pod = await podOf(page)
    await pod.getByRole('button', { name: 'Sync now' }).first().click()
    const product = rows[0]?.product ?? ''
    const said = pod.getByText(/Written at [\d.]+ a unit by a price rule for this customer: cost plus 45 %/)
    await expect(async () => {
      if ((await said.count()) === 0) await pod.getByRole('button', { name: product }).first().click()
      await expect(said.first()).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
    await page.request.delete(app(`${rules}/${stored.id}`), { headers: headers() })
  })
})
