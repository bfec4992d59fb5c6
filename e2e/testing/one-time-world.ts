/** Annual invoices and a One-Time agreement in the stand-ins, for tests of what carries them (J9). */
import { expect, type Page } from '@playwright/test'
import { customers, demoMappings, tenantId } from '../../standin/data/index.ts'
import { addressOf, connectWiseHeaders } from '../screens.ts'
import { app } from '../site.ts'

export const today = new Date().toISOString().slice(0, 10)
export const coho = tenantId('coho')
export const cohoMapping = demoMappings().find((each) => each.tenantId === coho)

const header =
  'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit'

/** PRISM issues an annual invoice of Coho's today, each line of so many seats for a year, 240.00 each. Gives its id. */
export async function issueAnnual(page: Page, seats: readonly number[]): Promise<string> {
  const tenant = customers.find(({ key }) => key === 'coho')?.tenant
  const [usageYear, usageMonth] = today.split('-').map(Number)
  const last = `${Number(usageYear) + 1}${today.slice(4)}`
  const rows = seats.map((count) =>
    [
      'Northwind',
      tenant?.domain,
      `7f0c8a52-1d3e-4b6a-9c11-00000000090${count}`,
      'Visio Plan 2 (NCE Product)',
      today,
      last,
      '',
      192,
      240,
      count,
      1,
      192 * count,
      240 * count,
      '1000001',
      '',
      tenant?.name,
      'Annual,1,YEARS',
    ].join(','),
  )
  const csv = [header, ...rows, ''].join('\n')
  const answer = await page.request.post(`${addressOf('prism')}/control/invoices`, {
    data: { usageYear, usageMonth, billingPeriodStart: today, csv },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return String(((await answer.json()) as { InvoiceId: number }).InvoiceId)
}

/** An agreement of Coho's company that bills once. Gives its id. */
export async function addOneTimeAgreement(page: Page): Promise<number> {
  const path = `${addressOf('connectWise')}/v2025_1/apis/3.0/finance/agreements`
  const headers = connectWiseHeaders
  const found = await page.request.get(`${path}/${cohoMapping?.agreementId}`, { headers })
  const { id: _, _info: __, ...like } = (await found.json()) as Record<string, unknown>
  const oneTime = {
    name: 'Annual licences',
    billingCycle: { id: 5 },
    prorateFlag: false,
    nextInvoiceDate: null,
  }
  const made = await page.request.post(path, { headers, data: { ...like, ...oneTime } })
  expect(made.ok(), await made.text()).toBe(true)
  return ((await made.json()) as { id: number }).id
}

/** The scheduled call, until nothing is left. */
export async function work(page: Page): Promise<void> {
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  await expect(async () => {
    const answer = await page.request.get(app('/api/cron/sync'), { headers })
    expect(((await answer.json()) as { jobsLeft: number }).jobsLeft).toBe(0)
  }).toPass({ timeout: 60_000 })
}
