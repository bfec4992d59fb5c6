/** A program's pages: its options, its results, its customers, its products, and what each sync did. */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'

// It syncs Relecloud, which other files look at as nobody's.
test.use({ alone: 'programs' })

test.beforeEach(({ page }) => signIn(page))

test('the options are set on the program’s page, and stay, and each is one that something reads [C1][C2][C3][C4][C6][A4]', async ({
  page,
}) => {
  const menu = page.getByRole('navigation', { name: 'Main' })
  await menu.getByRole('link', { name: 'Microsoft CSP' }).click()
  await page.getByRole('link', { name: 'Connections' }).click()
  await page
    .getByRole('region', { name: 'ConnectWise', exact: true })
    .getByRole('link', { name: 'Edit programs' })
    .click()
  await page.getByRole('row').getByRole('link', { name: 'Microsoft CSP' }).click()

  const options = page.getByRole('region', { name: 'Options' })
  await expect(options.getByRole('heading', { level: 3 })).toHaveText([
    'Sync',
    'What syncs',
    'What waits for you',
    'Margin guard',
    'Who is told',
    'New products',
  ])
  await options.getByLabel('Product Sync Mode').selectOption('All products')
  await options.getByRole('switch', { name: 'Annual terms billed monthly' }).check()
  await options.getByLabel('Unit of measure').fill('Licence')
  const ended = options.getByLabel('Subscriptions that end, more than (%)')
  const total = options.getByLabel('Change of the total, more than (%)')
  await expect(ended).toHaveValue('30')
  await ended.fill('29')
  await total.fill('')
  await expect(options.getByRole('status')).toHaveText('Not saved yet.')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByRole('status')).toHaveText('Saved.')

  await page.reload()
  await expect(options.getByLabel('Product Sync Mode')).toHaveValue('all')
  await expect(options.getByRole('switch', { name: 'Annual terms billed monthly' })).toBeChecked()
  await expect(options.getByLabel('Unit of measure')).toHaveValue('Licence')
  await expect(ended).toHaveValue('29')
  await expect(total).toHaveValue('')

  await options.getByLabel('Product Sync Mode').selectOption('In Use Products only')
  await options.getByRole('switch', { name: 'Annual terms billed monthly' }).uncheck()
  await options.getByLabel('Unit of measure').fill('Each')
  await ended.fill('30')
  await total.fill('30')
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByRole('status')).toHaveText('Saved.')
})

test('products are previewed, filtered and synced; the run and the card say what came of it [D3][D5][G1][G2][G3][G5]', async ({
  page,
}) => {
  await page.goto(app(`${PROGRAM}/products`))
  const readAt = await page
    .getByText(/^ConnectWise as of/)
    .locator('time')
    .getAttribute('datetime')
  await page.getByRole('button', { name: 'Sync products' }).click()
  await expect(page.getByRole('main').getByRole('status')).toContainText(/created, \d+ updated, \d+ failed/)
  await expect(page.getByText(/^ConnectWise as of/).locator('time')).not.toHaveAttribute(
    'datetime',
    readAt ?? '',
  )
  await expect(page.getByRole('link', { name: /^Would be written 0/ })).toBeVisible()
  await page.getByRole('link', { name: /^Linked/ }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('Linked')
  await page.getByRole('searchbox').fill('no product is called so')
  await expect(page.getByText('Nothing fits.')).toBeVisible()

  await page.getByRole('link', { name: 'Details' }).click()
  await expect(page.getByRole('heading', { name: 'Product sync' })).toBeVisible()
  await expect(page.getByText('Unchanged')).toBeVisible()

  await page.goto(app(PROGRAM))
  const card = page.getByRole('region', { name: 'Products' })
  await expect(card).toContainText('Last successful sync')
  await expect(card).toContainText(/Created\d+Updated\d+Unchanged[1-9]/)
  await card.getByRole('link', { name: 'History' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('Products')
})

test('customers are searched as one types, sorted and filtered, and each shows its products [E1][D5]', async ({
  page,
}) => {
  await page.goto(app(`${PROGRAM}/customers`))
  const rows = page.getByRole('row')
  const names = () => rows.locator('td:first-child a').allTextContents()
  const all = await names()
  expect(all.length).toBeGreaterThan(3)
  expect(all).toEqual([...all].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en')))
  await page.getByRole('columnheader', { name: 'Customer' }).getByRole('link').click()
  await expect(page.getByRole('columnheader', { name: 'Customer' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  expect(await names()).toEqual([...all].reverse())

  await page.getByRole('searchbox').pressSequentially('coho')
  await expect(rows).toHaveCount(2)
  await page.getByRole('searchbox').fill('')
  await expect(rows).toHaveCount(all.length + 1)
  await page.getByRole('link', { name: /^Unmapped/ }).click()
  await expect(rows.getByText('Sync on')).toHaveCount(0)

  await page.goto(app(`${PROGRAM}/customers?search=coho`))
  await rows.nth(1).getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 2 })).toContainText('Coho')
  await page.getByRole('navigation', { name: /^Coho/ }).getByRole('link', { name: 'Products' }).click()
  await expect(page.getByRole('link', { name: /^All/ })).toBeVisible()
  expect(await rows.count()).toBeGreaterThan(1)
})

test('a customer is mapped in the site, synced from there, and cleared again [E2][E3][E4][E6][H6]', async ({
  page,
}) => {
  test.slow()
  await page.goto(app(`${PROGRAM}/customers?search=relecloud`))
  const address = (await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href')) ?? ''
  await page.goto(app(address))
  await page.getByRole('button', { name: 'Map', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(/(Likely|Possible): .*named as the company’s id/)).toBeVisible()
  await expect(dialog.getByRole('radio', { checked: true })).toHaveCount(0)
  await dialog.getByLabel('Search ConnectWise companies').fill('no company is called so')
  await expect(dialog.getByText('No company matches')).toBeVisible()
  await dialog.getByLabel('Search ConnectWise companies').fill('relecloud')
  await dialog.getByRole('group', { name: 'Company' }).getByRole('radio').first().check()
  await expect(dialog.getByText(/ended 30 Jun 2026/)).toBeVisible()
  await expect(dialog.getByRole('radio', { name: 'Microsoft CSP, contract year' })).toBeDisabled()
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/mapping.png` })
  await dialog
    .getByRole('group', { name: 'Agreement' })
    .getByRole('radio', { disabled: false })
    .first()
    .check()
  await dialog.getByRole('switch', { name: 'Sync' }).check()
  await dialog.getByRole('button', { name: /^Save and sync now: (nothing to write|\d+ )/ }).click()
  await expect(page).toHaveURL(/\/runs\//)
  await expect(page.getByRole('progressbar')).toBeHidden()
  await expect(page.getByRole('heading', { level: 2, name: /^Relecloud/ })).toBeVisible()

  await page.goto(app(`${PROGRAM}/customers?search=relecloud`))
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Edit mapping' }).click()
  await dialog.getByLabel('Search ConnectWise companies').fill('best for you')
  await dialog
    .getByRole('group', { name: 'Company' })
    .getByRole('radio', { name: /^Best For You/ })
    .check()
  await dialog
    .getByRole('group', { name: 'Agreement' })
    .getByRole('radio', { name: /^Microsoft CSP Cloud/ })
    .check()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toContainText(/addition(s stay| stays) open and bills? A\$[\d.,]+ a month/)
  await expect(dialog.getByLabel('First month that Microsoft CSP bills')).toHaveValue(/^20\d\d-\d\d$/)
  await expect(dialog).toContainText(/Not earlier: .*the months before/i)
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/moving.png` })
  await dialog.getByRole('button', { name: 'Back' }).click()
  await dialog.getByRole('button', { name: 'Clear mapping' }).click()
  await expect(dialog).toContainText('go on being billed')
  await expect(dialog.getByRole('button', { name: 'Clear mapping' })).toBeDisabled()
  await dialog.getByRole('radio', { name: 'End them' }).check()
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/clearing.png` })
  await dialog.getByRole('button', { name: 'Keep it' }).click()

  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.getByRole('button', { name: 'Move' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Best For You Organics').first()).toBeVisible()

  await page.getByRole('button', { name: 'Edit mapping' }).click()
  await dialog.getByRole('button', { name: 'Clear mapping' }).click()
  await expect(dialog).toContainText('Nothing of it is open on the agreement.')
  await dialog.getByRole('button', { name: 'Clear mapping' }).click()
  await expect(page.getByRole('button', { name: 'Map', exact: true })).toBeVisible()
})

test('the program’s pages have no finding of the accessibility check and fit a phone', async ({ page }) => {
  test.slow()
  await page.goto(app(`${PROGRAM}/customers?search=coho`))
  const customer = new URL(
    (await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href')) ?? '',
    app('/'),
  )
  await page.goto(app('/history?kind=products'))
  const products = new URL(
    (await page.getByRole('row').nth(1).getByRole('link').getAttribute('href')) ?? '',
    app('/'),
  )
  await page.goto(app('/history?kind=customers'))
  const customers = new URL(
    (await page.getByRole('row').nth(1).getByRole('link').getAttribute('href')) ?? '',
    app('/'),
  )
  await expectSound(page, [
    '/',
    '/programs',
    PROGRAM,
    `${PROGRAM}/customers`,
    customer.pathname,
    `${PROGRAM}/products`,
    '/history',
    products.pathname,
    customers.pathname,
  ])
})

test('renewals say what ends and at what price it goes on; a person says when a term ends and takes it back [J12]', async ({
  page,
}) => {
  const inDays = (days: number) =>
    new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
  const api = app('/api/programs/microsoft-csp')
  const found = (await (await page.request.get(`${api}/renewals`)).json()) as {
    unbilled: { items: { subscriptionId: string; customer: string }[] }
  }
  const annual = found.unbilled.items.find(({ customer }) => customer === 'Wide World Importers')
  const said = await page.request.put(`${api}/subscriptions/${annual?.subscriptionId}/term-end`, {
    data: { endsOn: inDays(80) },
    headers: { origin: app('') },
  })
  expect(said.status()).toBe(204)
  await expectSound(page, [`${PROGRAM}/renewals?within=90`])
  await page.getByRole('link', { name: '90 days' }).click()
  const ending = page.getByRole('region', { name: 'Ends within 90 days' })
  const change = ending.getByRole('button', {
    name: /^Change when Microsoft 365 E3 .* of Wide World Importers ends$/,
  })
  await change.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^When does the term of Microsoft 365 E3/ })
  const day = dialog.getByLabel('Last day of the term')
  await day.fill(inDays(20))
  await expectNoFinding(page)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: '30 days' }).click()
  await expect(page.getByText(/^In the next 30 days 1 term ends/)).toBeVisible()

  await page.getByRole('button', { name: /^Change when Microsoft 365 E3/ }).click()
  await dialog.getByRole('button', { name: 'Count from the first purchase again' }).click()
  await expect(page.getByText('as was said')).toHaveCount(0)
})
