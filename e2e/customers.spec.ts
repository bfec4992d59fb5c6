/** Many customers: a file of mappings, actions on a selection, the pencil in the row, and the picker that finds what was typed last. */
import { expect, type Page } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
const DOMAIN = 'bestforyouorganics.example'
const picture = async (page: Page, name: string) => {
  if (!process.env.SHOTS) return
  await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${process.env.SHOTS}/${name}-phone.png` })
  await page.setViewportSize({ width: 1440, height: 900 })
}
/** Another test may have mapped it. */
const unmap = async (page: Page) => {
  const { customers } = (await (
    await page.request.get(app(`/api${PROGRAM}/customers?search=${DOMAIN}`))
  ).json()) as { customers: { tenantId: string; mapping: object | null }[] }
  const [customer] = customers
  if (customer === undefined || customer.mapping === null) return
  const path = `/api${PROGRAM}/customers/${customer.tenantId}/mapping?leave=true`
  await page.request.delete(app(path), { headers: { origin: app('') } })
}
const row = (page: Page) => page.getByRole('row').filter({ hasText: DOMAIN })

test('a file of mappings is shown row by row, what is wrong on top, and then saved as it was shown [E1][E2]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  await unmap(page)
  await page.goto(app(`${PROGRAM}/customers`))
  await page.getByRole('link', { name: 'Import', exact: true }).click()
  const text = `Domain;Company;Agreement;Sync;Remark\r\n${DOMAIN};BestForYou;Microsoft CSP;off;\r\nnobody.example;;Gold;;\r\n`
  await page.getByLabel('CSV file').setInputFiles({
    name: 'mappings.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\uFEFF${text}`, 'utf16le'),
  })
  await expect(page.getByRole('status').filter({ hasText: 'wrong' })).toHaveText(
    '1 row is wrong. 1 customer is mapped.',
  )
  await expect(page.getByText('Columns that are not used: Remark.')).toBeVisible()
  const rows = page.getByRole('group', { name: 'What would be done' }).getByRole('row')
  await expect(rows.nth(1)).toContainText('3')
  await expect(rows.nth(1)).toContainText('Domain: PRISM lists no customer with the domain “nobody.example”.')
  await expect(rows.nth(2)).toContainText('Goes to Best For You Organics, Microsoft CSP')
  await expectNoFinding(page)
  await picture(page, 'import')
  await page.getByRole('button', { name: 'Save 1 mapping' }).click()
  await expect(page).toHaveURL(/\/customers$/)
  await page.getByRole('searchbox').fill(DOMAIN)
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(row(page)).toContainText('Best For You Organics')
  await expect(row(page)).toContainText('Mapped, Sync off')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  const file = await (await download.createReadStream()).toArray()
  const saved = Buffer.concat(file as Buffer[])
  expect(saved.toString()).toMatch(/^\uFEFFTenant ID,Domain,.*\r\n[^\r\n]*,Microsoft CSP,off\r\n$/)
  await page.goto(app(`${PROGRAM}/customers/import`))
  await page.getByLabel('CSV file').setInputFiles({ name: 'same.csv', mimeType: 'text/csv', buffer: saved })
  await expect(page.getByText('1 row changes nothing.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Nothing to save' })).toBeDisabled()
  await unmap(page)
})

test('what is chosen stays chosen while one searches, and each action says what it does first [E1][E3]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  await page.goto(app(`${PROGRAM}/customers?state=unmapped`))
  await page.getByRole('row').nth(1).getByRole('checkbox').check()
  const bar = page.getByRole('region', { name: 'Chosen customers' })
  await expect(bar.getByRole('button', { name: 'Sync on' })).toBeDisabled()
  await expect(bar).toContainText('None of them is mapped.')
  await page.getByRole('link', { name: /^All/ }).click()
  await expect(page).toHaveURL(/state=&/)
  await page.getByRole('searchbox').fill('coho')
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check()
  await expect(bar).toContainText('2 customers chosen')
  await expectNoFinding(page)
  await picture(page, 'selection')
  const dialog = page.getByRole('dialog')
  await bar.getByRole('button', { name: 'Sync off' }).click()
  await expect(dialog).toContainText(
    'Sync is switched off for 1 customer. 1 customer is not mapped and left out.',
  )
  await expect(dialog.getByRole('button', { name: 'Switch Sync off for 1 customer' })).toBeEnabled()
  await expectNoFinding(page)
  await picture(page, 'switch')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await bar.getByRole('button', { name: 'Preview' }).click()
  await expect(dialog).toContainText('Nothing was written.', { timeout: 30_000 })
  await expectNoFinding(page)
  await picture(page, 'previews')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await bar.getByRole('button', { name: 'Sync now' }).click()
  await expect(dialog).toContainText('Left out, as not mapped: 1 customer.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await bar.getByRole('button', { name: 'Choose none' }).click()
  await expect(bar).toBeHidden()

  await page.getByRole('button', { name: 'Sync everybody' }).click()
  await expect(dialog.getByRole('button', { name: /^Sync \d+ customers now$/ })).toBeEnabled()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.goto(app(`${PROGRAM}/customers?state=attention&sort=-result`))
  await expect(page.getByRole('row').nth(1)).toContainText(/A\$[\d,.]+ · since \w+ 2026/)
  await picture(page, 'attention')
})

test('the pencil in the row opens the mapping, and a late answer to what was typed before is not shown [E2]', async ({
  page,
}) => {
  await signIn(page)
  await page.goto(app(`${PROGRAM}/customers?search=coho`))
  await page.getByRole('button', { name: /^Edit the mapping of Coho/ }).click()
  const dialog = page.getByRole('dialog')
  const asked: string[] = []
  await page.route('**/api/connectwise/companies?*', async (route) => {
    const search = new URL(route.request().url()).searchParams.get('search') ?? ''
    asked.push(search)
    // The first answer comes long after the second.
    if (search === 'wide') await new Promise((resolve) => setTimeout(resolve, 1_500))
    await route.continue()
  })
  const search = dialog.getByLabel('Search ConnectWise companies')
  await search.fill('')
  await search.pressSequentially('wide', { delay: 20 })
  await expect.poll(() => asked).toContain('wide')
  await search.fill('')
  await search.pressSequentially('relecl', { delay: 20 })
  const companies = dialog.getByRole('group', { name: 'Company' }).getByRole('radio')
  await expect(companies).toHaveCount(1)
  await page.waitForTimeout(2_000)
  await expect(dialog.getByRole('radio', { name: /^Relecloud/ })).toBeVisible()
  await expect(companies).toHaveCount(1)
  // What is typed without a pause is asked for once.
  expect(asked.filter((each) => each !== '' && !each.startsWith('Coho'))).toEqual(['wide', 'relecl'])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})
