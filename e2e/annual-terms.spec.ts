/** Annual terms billed at once (J9): switched on, what waits for a One-Time agreement, and the mapping that carries it. */
import { expect, type Page } from '@playwright/test'
import { customers, demoMappings, tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf, connectWiseHeaders } from './screens.ts'
import { app, expectSound, signIn } from './site.ts'
import { test } from './test.ts'

const PROGRAM = '/programs/microsoft-csp'
const MAPPING = `${PROGRAM}/customers/${tenantId('coho')}/mapping`

test.use({ alone: 'annual-terms' })
test.describe.configure({ mode: 'serial' })
test.beforeEach(({ page }) => signIn(page))

/** PRISM issues an annual invoice of the customer's: five seats for a year, 240.00 each. */
async function issueAnnual(page: Page, issuedOn: string): Promise<void> {
  const tenant = customers.find(({ key }) => key === 'coho')?.tenant
  const columns =
    'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit'
  const last = `${Number(issuedOn.slice(0, 4)) + 1}${issuedOn.slice(4)}`
  const row = `Northwind,${tenant?.domain},7f0c8a52-1d3e-4b6a-9c11-${issuedOn.replaceAll('-', '')}0901,Visio Plan 2 (NCE Product),${issuedOn},${last},,192,240,5,1,960,1200,1000001,,${tenant?.name},Annual,1,YEARS`
  const answer = await page.request.post(`${addressOf('prism')}/control/invoices`, {
    data: { usageYear: 2026, usageMonth: 9, billingPeriodStart: issuedOn, csv: `${columns}\n${row}\n` },
  })
  expect(answer.ok()).toBe(true)
}

/** Like the customer's own, but billed once. */
async function addOneTimeAgreement(page: Page): Promise<void> {
  const like = demoMappings().find((each) => each.tenantId === tenantId('coho'))?.agreementId
  const path = `${addressOf('connectWise')}/v2025_1/apis/3.0/finance/agreements`
  const found = await page.request.get(`${path}/${like}`, { headers: connectWiseHeaders })
  const { id: _, _info: __, ...own } = (await found.json()) as Record<string, unknown>
  const made = await page.request.post(path, {
    headers: connectWiseHeaders,
    data: {
      ...own,
      name: 'Annual licences',
      billingCycle: { id: 5 },
      prorateFlag: false,
      nextInvoiceDate: null,
    },
  })
  expect(made.ok(), await made.text()).toBe(true)
}

async function work(page: Page): Promise<void> {
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  await expect(async () => {
    const answer = await page.request.get(app('/api/cron/sync'), { headers })
    expect(((await answer.json()) as { jobsLeft: number }).jobsLeft).toBe(0)
  }).toPass({ timeout: 60_000 })
}

test('are switched on from today; what was issued before is left out with its amount, and taken over by a button', async ({
  page,
}) => {
  await issueAnnual(page, '2026-06-18')
  await work(page)
  await page.goto(app(PROGRAM))
  const options = page.getByRole('region', { name: 'Options' })
  await expect(options).toContainText(
    /leave out what PRISM issued before today: 1 annual invoice, A\$1,200\.00/,
  )
  await options.getByRole('switch', { name: /^Annual terms billed at once/ }).check()
  await options.getByRole('button', { name: 'Save' }).click()
  await expect(options.getByRole('status')).toHaveText('Saved.')
  await page.reload()
  await expect(options).toContainText(
    /Annual invoices are carried since .*left out: 1 annual invoice, A\$1,200\.00/,
  )
  await options.getByRole('link', { name: 'Invoices' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Annual invoice of 18 Jun 2026' })
  await expect(row).toContainText('Not carried')
  await expect(row).toContainText('issued before')
  await row.getByRole('button', { name: /^Take over invoice/ }).click()
  await expect(row).toContainText(/taken over by/)
  await expectNoFinding(page)
  await row.getByRole('button', { name: /^Take back invoice/ }).click()
  await expect(row).toContainText('Not carried')
})

test('wait with their amount until the customer is mapped to a One-Time agreement, one of its company’s', async ({
  page,
}) => {
  test.slow()
  await issueAnnual(page, new Date().toISOString().slice(0, 10))
  await addOneTimeAgreement(page)
  await work(page)
  await page.goto(app('/todo?kind=annual-waits'))
  await expect(
    page.getByText(/charges Coho Winery, and no One-Time agreement carries it/).first(),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: /^Choose the agreement/ })).toBeVisible()
  await page.goto(app(`${PROGRAM}/customers?search=Coho`))
  await page.getByRole('link', { name: 'Annual: A$1,200.00 has no One-Time agreement' }).click()
  await expect(page).toHaveURL(/\/mapping$/)
  const part = page.getByRole('region', { name: 'Annual terms billed at once' })
  await expect(part).toContainText('A$1,200.00 of annual invoices is billed nowhere')
  await part.getByRole('button', { name: 'Choose agreement' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Company: Coho Winery Pty Ltd')
  await expect(dialog.getByRole('radio', { name: /^Microsoft CSP/ })).toBeDisabled()
  await expect(dialog).toContainText('It bills Coho Winery by the month')
  await expect(dialog.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('radio', { name: /^Annual licences/ }).check()
  await dialog.getByRole('switch', { name: /^Sync/ }).uncheck()
  await expectNoFinding(page)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/one-time-dialog.png` })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(part).toContainText('Coho Winery Pty Ltd, Annual licences')
  await expect(part).toContainText('Sync off')
})

test('have pages without a finding of the accessibility check, which fit a phone', async ({ page }) => {
  test.slow()
  await expectSound(page, [
    MAPPING,
    `${PROGRAM}/customers?search=Coho`,
    '/todo?kind=annual-waits',
    `${PROGRAM}/invoices`,
    PROGRAM,
  ])
})

test('are cleared from their agreement, and nothing of it is ended', async ({ page }) => {
  await page.goto(app(MAPPING))
  const part = page.getByRole('region', { name: 'Annual terms billed at once' })
  await part.getByRole('button', { name: 'Edit agreement' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click()
  await expect(part).toContainText('No One-Time agreement carries its annual invoices.')
})
