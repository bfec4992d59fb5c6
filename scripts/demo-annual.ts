/**
 * Annual invoices of the demo (J9), beside its months. Those of customers with terms of all motions came with their months, and are taken
 * over. Three more: one carried to a One-Time agreement, one that waits for such an agreement, both dated today, so that they are carried
 * whenever the demo is started, and one that was issued before these terms were switched on.
 */
import { connectWiseSeed, customers, demoMappings, tenantId } from '#standin/data/index.ts'
import { type App, call } from './app-caller.ts'

export interface AnnualSettings {
  readonly connectWiseUrl: string
  readonly prismUrl: string
  readonly app: App
  /** Until nothing is left to do. */
  readonly runJobs: () => Promise<void>
}

const PROGRAM = '/api/programs/microsoft-csp'
const COLUMNS =
  'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit'

export async function setUpAnnual(settings: AnnualSettings): Promise<void> {
  const { app, runJobs } = settings
  const today = new Date().toISOString().slice(0, 10)
  await app('PUT', PROGRAM, { annualTermsAtOnce: true })
  await takeOver(settings)
  await issue(settings, { customer: 'coho', seats: 2, first: '2026-06-17', issuedOn: '2026-06-18', id: 901 })
  await issue(settings, { customer: 'coho', seats: 5, first: today, issuedOn: today, id: 902 })
  await issue(settings, { customer: 'fabrikam', seats: 8, first: today, issuedOn: today, id: 903 })
  const { companyId, agreementId } = mappingOf('coho')
  const oneTimeId = await addOneTimeAgreement(settings, agreementId)
  await mapOneTime(settings, tenantId('coho'), companyId, oneTimeId)
  for (const { tenantId: tenant, ...mapping } of demoMappings({ motions: true }))
    if (mapping.oneTimeAgreementId !== undefined)
      await mapOneTime(settings, tenant, mapping.companyId, mapping.oneTimeAgreementId)
  await runJobs()
}

async function mapOneTime(
  { app }: AnnualSettings,
  tenant: string,
  companyId: number,
  agreementId: number,
): Promise<void> {
  const body = { companyId, agreementId, syncEnabled: true }
  await app('PUT', `${PROGRAM}/customers/${tenant}/one-time-mapping`, body)
}

/** What came with the months was issued before these terms were switched on. */
async function takeOver({ app }: AnnualSettings): Promise<void> {
  const { invoices } = (await (await app('GET', '/api/invoices')).json()) as {
    invoices: { id: string; state: string }[]
  }
  for (const { id, state } of invoices) if (state === 'annual') await app('POST', `/api/invoices/${id}/take`)
}

function mappingOf(key: string) {
  const found = demoMappings().find((each) => each.tenantId === tenantId(key))
  if (found === undefined) throw new Error(`The demo maps ${key}`)
  return found
}

interface Order {
  readonly customer: string
  readonly seats: number
  /** The first day of its year. */
  readonly first: string
  readonly issuedOn: string
  readonly id: number
}

/** Listed with the last month that the demo has, whose number of invoices says how far it is. */
async function issue({ prismUrl }: AnnualSettings, order: Order): Promise<void> {
  const tenant = customers.find(({ key }) => key === order.customer)?.tenant
  if (tenant === undefined) throw new Error(`The demo has ${order.customer}`)
  const last = `${Number(order.first.slice(0, 4)) + 1}${order.first.slice(4)}`
  const row = [
    'Northwind Managed Services',
    tenant.domain,
    `7f0c8a52-1d3e-4b6a-9c11-000000000${order.id}`,
    'Visio Plan 2 (NCE Product)',
    order.first,
    last,
    '',
    '229.37',
    '275.88',
    order.seats,
    '1',
    (229.37 * order.seats).toFixed(2),
    (275.88 * order.seats).toFixed(2),
    '1000001',
    '',
    tenant.name,
    'Annual,1,YEARS',
  ]
  await call('POST', `${prismUrl}/control/invoices`, {
    body: {
      usageYear: 2026,
      usageMonth: 9,
      billingPeriodStart: order.issuedOn,
      csv: `${COLUMNS}\n${row.join(',')}\n`,
    },
  })
}

/** As a person makes it in ConnectWise: like the customer's own, billed once. */
async function addOneTimeAgreement({ connectWiseUrl }: AnnualSettings, agreementId: number): Promise<number> {
  const { companyId, publicKey, privateKey } = connectWiseSeed().site
  const headers = {
    authorization: `Basic ${Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64')}`,
    clientid: '00000000-0000-4000-8000-000000000000',
  }
  const path = `${connectWiseUrl}/v2025_1/apis/3.0/finance/agreements`
  const {
    id: _,
    _info: __,
    ...like
  } = (await (await call('GET', `${path}/${agreementId}`, { headers })).json()) as Record<string, unknown>
  const body = {
    ...like,
    name: 'Annual licences',
    billingCycle: { id: 5 },
    prorateFlag: false,
    nextInvoiceDate: null,
  }
  const made = (await (await call('POST', path, { headers, body })).json()) as { id: number }
  return made.id
}
