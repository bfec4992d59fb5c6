/** Customers that were billed by hand before: what becomes of their additions is looked at and answered before their Sync is on (F5, J8). */
import { expect } from '@playwright/test'
import { expectNoFinding } from './accessible.ts'
import { addressOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
const credentials = Buffer.from('prismdemo+demo-public:demo-private').toString('base64')

// Elsewhere the customer is synced.
test.use({ alone: 'cutover' })

test('the customer’s page says what becomes of each addition, and takes the answer in place', async ({
  page,
}) => {
  await signIn(page)
  const get = async (path: string) => (await page.request.get(app(path))).json()
  const ours = { headers: { origin: new URL(app('/')).origin } }
  const theirs = { headers: { authorization: `Basic ${credentials}`, clientid: 'any' } }
  const connectWise = `${addressOf('connectWise')}/v2025_1/apis/3.0`

  const { customers } = await get(`/api${PROGRAM}/customers?search=relecloud`)
  const customer = `/api${PROGRAM}/customers/${customers[0].tenantId}`
  const { companies } = await get('/api/connectwise/companies?search=relecloud')
  const companyId = companies[0].id
  const { agreements } = await get(`/api/connectwise/companies/${companyId}/agreements`)
  const agreementId = agreements.find(({ name }: { name: string }) => name === 'Microsoft CSP').id
  const items = await (
    await page.request.get(`${connectWise}/procurement/catalog?pageSize=1000`, theirs)
  ).json()
  const item = items.find(({ description }: { description: string }) => /Business Premium/.test(description))
  const additions = `${connectWise}/finance/agreements/${agreementId}/additions`
  const added = await page.request.post(additions, {
    ...theirs,
    data: {
      product: { id: item.id },
      quantity: 99,
      unitPrice: 34.1,
      unitCost: 28.6,
      billCustomer: 'Billable',
      effectiveDate: '2026-04-01T00:00:00Z',
    },
  })
  const { id } = await added.json()
  const mapping = { companyId, agreementId, syncEnabled: false }
  expect((await page.request.put(app(`${customer}/mapping`), { ...ours, data: mapping })).ok()).toBe(true)

  await page.goto(app(`${PROGRAM}/customers/${customers[0].tenantId}/mapping`))
  await page.getByRole('button', { name: 'Review the additions' }).click()
  const review = page.getByRole('region', { name: 'What becomes of the additions' })
  await expect(review).toContainText(/PRISM charges A?\$[1-9]/)
  await expect(review.getByText(/^To settle first.*: 1$/)).toBeVisible()
  await expectNoFinding(page)
  await review.getByRole('button', { name: `Say what it is: addition ${id}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^It is nobody/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(review.getByText('Left as they are: 1')).toBeVisible()

  await page.request.delete(app(`${customer}/mapping?leave=true`), ours)
  await page.request.delete(`${additions}/${id}`, theirs)
})

test('one question of two customers is answered at once by keyboard, and taken back [J8]', async ({
  page,
}) => {
  test.slow()
  await signIn(page)
  const get = async (path: string) => (await page.request.get(app(path))).json()
  const ours = { headers: { origin: new URL(app('/')).origin } }
  const theirs = { headers: { authorization: `Basic ${credentials}`, clientid: 'any' } }
  const connectWise = `${addressOf('connectWise')}/v2025_1/apis/3.0`
  const items = await (
    await page.request.get(`${connectWise}/procurement/catalog?pageSize=1000`, theirs)
  ).json()
  const cleaning: (() => Promise<unknown>)[] = []
  const asked = [
    { domain: 'relecloud', name: 'relecloud', product: /Business Premium/ },
    { domain: 'bestforyou', name: 'best for you', product: /Business Basic/ },
  ]
  for (const { domain, name, product } of asked) {
    const item = items.find(({ description }: { description: string }) => product.test(description))
    const { customers } = await get(`/api${PROGRAM}/customers?search=${domain}`)
    const customer = `/api${PROGRAM}/customers/${customers[0].tenantId}`
    const { companies } = await get(`/api/connectwise/companies?search=${encodeURIComponent(name)}`)
    const companyId = companies[0].id
    const { agreements } = await get(`/api/connectwise/companies/${companyId}/agreements`)
    const agreementId = agreements.find((each: { name: string }) => each.name === 'Microsoft CSP').id
    const additions = `${connectWise}/finance/agreements/${agreementId}/additions`
    const added = await page.request.post(additions, {
      ...theirs,
      data: {
        product: { id: item.id },
        quantity: 99,
        unitPrice: 34.1,
        unitCost: 28.6,
        billCustomer: 'Billable',
        effectiveDate: '2026-04-01T00:00:00Z',
      },
    })
    const { id } = await added.json()
    const data = { companyId, agreementId, syncEnabled: false }
    expect((await page.request.put(app(`${customer}/mapping`), { ...ours, data })).ok()).toBe(true)
    cleaning.push(
      () => page.request.delete(app(`${customer}/mapping?leave=true`), ours),
      () => page.request.delete(`${additions}/${id}`, theirs),
    )
  }

  await page.goto(app(`${PROGRAM}/customers`))
  for (const name of [/Relecloud/, /bestforyou/]) await page.getByRole('checkbox', { name }).first().check()
  await page.getByRole('button', { name: 'Questions' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'What becomes of their additions' })
  await expect(dialog.getByRole('status').first()).toContainText('something is asked')
  const group = dialog.getByRole('group').filter({ hasText: '2 questions of 2 customers' }).first()
  await group.locator('summary').press('Enter')
  await expect(group).toContainText('99 x')
  await expectNoFinding(page)
  if (process.env.SHOTS) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.screenshot({ path: `${process.env.SHOTS}/questions.png` })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.screenshot({ path: `${process.env.SHOTS}/questions-phone.png` })
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  const nobodys = group.getByRole('radio', { name: /^They are nobody/ })
  await nobodys.press('Space')
  await expect(nobodys).toBeChecked()
  await group.getByRole('button', { name: 'Answer 2 questions' }).press('Enter')
  await expect(dialog.getByText('2 questions were answered.')).toBeVisible()
  await expect(dialog.getByText(/^2 customers can begin as they are/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Take the answer back' }).press('Enter')
  await expect(
    dialog.getByRole('group').filter({ hasText: '2 questions of 2 customers' }).first(),
  ).toBeVisible()

  await dialog.getByRole('button', { name: 'Close' }).press('Enter')
  await page.getByRole('button', { name: 'Preview', exact: true }).press('Enter')
  const previews = page.getByRole('dialog', { name: 'What a sync would write now' })
  await previews.getByText('Additions of before: 1 to settle').first().click()
  const review = previews.getByRole('region', { name: 'What becomes of the additions' }).first()
  await expect(review).toContainText('PRISM charges')
  await expect(review.getByRole('button', { name: /^Say what it is/ })).toBeVisible()
  await expectNoFinding(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/previews.png` })
  for (const clean of cleaning) await clean()
})
