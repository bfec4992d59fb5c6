/** A customer that was billed by hand before: what becomes of its additions is looked at before its Sync is on (F5). */
import { expect } from '@playwright/test'
import { addressOf } from './screens.ts'
import { app, expectNoFinding, signIn } from './site.ts'
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
