import { afterEach, describe, expect, it } from 'vitest'
import { startPrism } from './prism.ts'
import {
  agreementId,
  licences,
  type PartnerParts,
  partner,
  product,
  quantity,
  start,
  tenant,
} from './testing.ts'

type Running = Awaited<ReturnType<typeof startPrism>>
const running: Running[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((prism) => prism.close()))
})

async function prismWith(
  parts: PartnerParts = {},
  options: { issuedAtStart?: number; nowMs?: () => number } = {},
) {
  const prism = await startPrism({ seed: { partners: [partner(parts)] }, ...options })
  running.push(prism)
  const token = await tokenOf(prism)
  const get = (path: string) => fetch(prism.url + path, { headers: { authorization: `Bearer ${token}` } })
  const json = async (path: string) => (await get(path)).json()
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${prism.url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return { ...prism, get, json, control }
}

async function tokenOf(prism: Running, changes: Record<string, string> = {}): Promise<string> {
  const answer = await askToken(prism, changes)
  return ((await answer.json()) as { access_token: string }).access_token
}

function askToken(prism: Running, changes: Record<string, string>) {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: 'secret',
    scope: 'rhipeapi',
  }
  const body = new URLSearchParams({ ...form, ...changes })
  return fetch(`${prism.url}/core/connect/token`, { method: 'POST', body })
}

describe('identity', () => {
  it('gives a token for client credentials and refuses a wrong secret, grant or scope', async () => {
    const prism = await prismWith()
    expect(await (await askToken(prism, {})).json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    for (const [changes, error] of [
      [{ client_secret: 'wrong' }, 'invalid_client'],
      [{ grant_type: 'password' }, 'unsupported_grant_type'],
      [{ scope: 'other' }, 'invalid_scope'],
    ] as const) {
      const refused = await askToken(prism, changes)
      expect([refused.status, await refused.json()]).toEqual([400, { error }])
    }
  })

  it('refuses a missing, unknown or expired token with 401', async () => {
    let now = 0
    const prism = await prismWith({}, { nowMs: () => now })
    expect((await prism.get('/api/v1/me')).status).toBe(200)
    now = 3_599_999
    expect((await prism.get('/api/v1/me')).status).toBe(200)
    now = 3_600_000
    expect((await prism.get('/api/v1/me')).status).toBe(401)
    const unknown = await fetch(`${prism.url}/api/v1/me`, { headers: { authorization: 'Bearer nonsense' } })
    expect(unknown.status).toBe(401)
    expect((await fetch(`${prism.url}/api/v1/me`)).status).toBe(401)
  })

  it('ends tokens by a control call', async () => {
    const prism = await prismWith()
    await prism.control('POST', '/tokens/expire')
    expect((await prism.get('/api/v1/me')).status).toBe(401)
  })

  it('shows a partner only what is its own', async () => {
    const other = partner({
      customerId: 200,
      name: 'Other',
      clients: [{ clientId: 'other', clientSecret: 'secret' }],
      tenants: [],
      histories: [],
    })
    const prism = await startPrism({ seed: { partners: [partner(), other] }, issuedAtStart: 1 })
    running.push(prism)
    const authorization = `Bearer ${await tokenOf(prism, { client_id: 'other' })}`
    const get = async (path: string) => fetch(prism.url + path, { headers: { authorization } })
    expect(await (await get('/api/v1/me')).json()).toMatchObject({ CustomerId: 200 })
    expect((await get('/api/v1/me/invoice/90001/csv')).status).toBe(404)
    expect((await get('/api/v1/me/invoice/90002/csv')).status).toBe(200)
  })
})

describe('tenants', () => {
  it('shows subscriptions as they are after the last issued invoice', async () => {
    const prism = await prismWith({ histories: [licences(start(5), quantity(8, '2026-04-16'))] })
    const shown = async () => {
      const [first] = await prism.json(`/api/v2/contractagreements/${agreementId}/tenants`)
      return first.Subscriptions[0]
    }
    expect(await shown()).toMatchObject({
      SubscriptionId: 'sub-1',
      Status: 'Active',
      ProductId: 'a',
      Quantity: 5,
    })
    await prism.control('POST', '/invoices/next')
    expect(await shown()).toMatchObject({ Quantity: 8 })
    expect(await prism.json('/api/v2/microsoftcsp/subscriptions/SUB-1')).toMatchObject({ Quantity: 8 })
    expect(await prism.json('/api/v2/microsoftcsp/tenants/tenant-1')).toMatchObject({
      TenantDomain: 'cohowinery.example',
    })
    expect(await prism.json('/api/v1/me/customers')).toMatchObject([
      { CustomerId: 501, CustomerProgramAgreements: [{ Id: 'tenant-1', ContractAgreementId: agreementId }] },
    ])
  })

  it('answers 404 for a tenant, subscription or agreement that is not there', async () => {
    const prism = await prismWith()
    for (const path of [
      'microsoftcsp/tenants/x',
      'microsoftcsp/subscriptions/x',
      'contractagreements/x/tenants',
    ])
      expect((await prism.get(`/api/v2/${path}`)).status).toBe(404)
  })
})

describe('the price list', () => {
  it('shows by date which products appear, change price and retire', async () => {
    const products = [
      { ...product('new'), listedFrom: '2026-05-01' },
      { ...product('old'), retiredFrom: '2026-05-01' },
      product('dearer', '10', '12', [{ from: '2026-05-01', cost: '11.5', rrp: '13' }]),
    ]
    const prism = await prismWith({ products, histories: [] })
    const on = async (date: string) => {
      const list = await prism.json(
        `/api/v2/me/pricing/${agreementId}/pricelist/${date}/?excludeTieredProducts=true`,
      )
      return list.ProductGroups.flatMap((group: { Products: { ProductId: string; UnitPrice: number }[] }) =>
        group.Products.map((one) => `${one.ProductId} ${one.UnitPrice}`),
      )
    }
    expect(await on('2026/4/30')).toEqual(['old 10', 'dearer 10'])
    expect(await on('2026/5/1')).toEqual(['new 10', 'dearer 11.5'])
    expect((await prism.get(`/api/v2/me/pricing/${agreementId}/pricelist/2026/2/31/`)).status).toBe(400)
  })
})

describe('invoices', () => {
  it('issues one month after the other', async () => {
    const prism = await prismWith()
    expect(await prism.json('/api/v2/invoices')).toEqual({ Records: [] })
    const answer = await prism.control('POST', '/invoices/next')
    expect(await answer.json()).toMatchObject({ invoiceId: 90001, usage: '2026-04', nextUsage: '2026-05' })
    await prism.control('POST', '/invoices/next')
    expect(await prism.json('/api/v2/invoices')).toEqual({
      Records: [
        {
          InvoiceId: 90001,
          ProgramName: 'Microsoft CSP Indirect',
          UsageYear: 2026,
          UsageMonth: 4,
          BillingPeriodStart: '2026-05-01T00:00:00+00:00',
        },
        {
          InvoiceId: 90002,
          ProgramName: 'Microsoft CSP Indirect',
          UsageYear: 2026,
          UsageMonth: 5,
          BillingPeriodStart: '2026-06-01T00:00:00+00:00',
        },
      ],
    })
    const csv = await prism.get('/api/v1/me/invoice/90002/csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await csv.text()).toContain('2026-05-01T00:00:00.0000000+00:00,2026-05-31')
  })

  it('issues one invoice per contract agreement, each with its own tenants [F14]', async () => {
    const second = {
      tenantId: 'tenant-2',
      customerId: 502,
      name: 'Fabrikam',
      domain: 'fabrikam.example',
      contractAgreementId: 'second',
    }
    const histories = [
      licences(start(5)),
      { ...licences(start(6)), subscriptionId: 'sub-2', tenantId: 'tenant-2' },
    ]
    const contractAgreements = [
      { id: agreementId, number: '1000001' },
      { id: 'second', number: '1000002' },
    ]
    const tenants = [tenant('tenant-1'), second]
    const prism = await prismWith({ contractAgreements, tenants, histories }, { issuedAtStart: 1 })
    const files = await Promise.all(
      [90001, 90002].map(async (id) => (await prism.get(`/api/v1/me/invoice/${id}/csv`)).text()),
    )
    expect(
      files.map((file) => [file.includes('sub-1'), file.includes('sub-2'), file.includes(',1000002,')]),
    ).toEqual([
      [true, false, false],
      [false, true, true],
    ])
  })

  it('lets a customer that is renamed be called so on the next invoice, and leaves issued ones alone', async () => {
    const prism = await prismWith({}, { issuedAtStart: 1 })
    const file = async (id: number) => (await prism.get(`/api/v1/me/invoice/${id}/csv`)).text()
    const april = await file(90001)
    const names = { name: 'Coho Vineyard', domain: 'cohovineyard.example' }
    expect(await (await prism.control('PUT', '/tenants/TENANT-1', names)).json()).toEqual({
      tenantId: 'tenant-1',
      ...names,
    })
    await prism.control('POST', '/invoices/next')
    expect(await file(90002)).toContain('Managed Services,cohovineyard.example,sub-1,')
    expect(await file(90002)).toContain(',Coho Vineyard,Monthly')
    expect(await file(90001)).toBe(april)
    expect(await prism.json('/api/v2/microsoftcsp/tenants/tenant-1')).toMatchObject({
      TenantDomain: names.domain,
      CustomerName: names.name,
    })
    expect(await prism.json('/api/v1/me/customers')).toMatchObject([{ CustomerName: names.name }])
    await prism.control('PUT', '/tenants/tenant-1', { domain: 'coho.example' })
    expect(await prism.json('/api/v1/me/customers')).toMatchObject([{ CustomerName: names.name }])
    expect((await prism.control('PUT', '/tenants/none', names)).status).toBe(404)
    expect((await prism.control('PUT', '/tenants/tenant-1', { name: 5 })).status).toBe(400)
  })

  it('lets a subscription that is moved be of the other tenant from the next invoice on', async () => {
    const other = { ...tenant('tenant-2', 'Fabrikam', 'fabrikam.example') }
    const prism = await prismWith({ tenants: [tenant('tenant-1'), other] }, { issuedAtStart: 1 })
    const file = async (id: number) => (await prism.get(`/api/v1/me/invoice/${id}/csv`)).text()
    const idsOf = async (tenantId: string) => {
      const { Subscriptions } = await prism.json(`/api/v2/microsoftcsp/tenants/${tenantId}`)
      return Subscriptions.map((each: { SubscriptionId: string }) => each.SubscriptionId)
    }
    const april = await file(90001)
    const move = (id: string, tenantId: unknown) =>
      prism.control('PUT', `/subscriptions/${id}/tenant`, { tenantId })
    expect((await move('SUB-1', 'tenant-2')).status).toBe(200)
    expect([await idsOf('tenant-1'), await idsOf('tenant-2')]).toEqual([[], ['sub-1']])
    await prism.control('POST', '/subscriptions/sub-1/quantity', { quantity: 9, from: '2026-05-16' })
    await prism.control('POST', '/invoices/next')
    expect(await file(90001)).toBe(april)
    expect(await file(90002)).toContain('Managed Services,fabrikam.example,sub-1,')
    expect(await file(90002)).not.toContain('cohowinery')
    expect((await move('sub-1', 'tenant-1')).status).toBe(200)
    expect([await idsOf('tenant-1'), await idsOf('tenant-2')]).toEqual([['sub-1'], []])
    expect((await move('sub-1', 'none')).status).toBe(404)
    expect((await move('none', 'tenant-1')).status).toBe(404)
    expect((await move('sub-1', 5)).status).toBe(400)
  })

  it("lets a person's change of quantity show on the next invoice and leaves issued ones alone", async () => {
    const prism = await prismWith({}, { issuedAtStart: 1 })
    const file = async (id: number) => (await prism.get(`/api/v1/me/invoice/${id}/csv`)).text()
    const april = await file(90001)
    const change = await prism.control('POST', '/subscriptions/sub-1/quantity', {
      quantity: 9,
      from: '2026-05-16',
    })
    expect(change.status).toBe(200)
    await prism.control('POST', '/invoices/next')
    expect(await file(90002)).toContain(',10,12,9,0.516129032,46.45,55.74,')
    expect(await file(90001)).toBe(april)
    const late = await prism.control('POST', '/subscriptions/sub-1/quantity', {
      quantity: 9,
      from: '2026-05-31',
    })
    expect(late.status).toBe(409)
    expect(
      (await prism.control('POST', '/subscriptions/none/quantity', { quantity: 9, from: '2026-06-01' }))
        .status,
    ).toBe(404)
    expect(
      (await prism.control('POST', '/subscriptions/sub-1/quantity', { quantity: -1, from: '2026-06-01' }))
        .status,
    ).toBe(400)
  })

  it('takes any file as an invoice, and another file under the same id', async () => {
    const prism = await prismWith({}, { issuedAtStart: 1 })
    const added = await prism.control('POST', '/invoices', {
      usageYear: 2026,
      usageMonth: 4,
      csv: 'nonsense',
      programName: 'Credit',
    })
    expect(await added.json()).toMatchObject({ InvoiceId: 90002, ProgramName: 'Credit', UsageMonth: 4 })
    expect(await (await prism.get('/api/v1/me/invoice/90002/csv')).text()).toBe('nonsense')
    await fetch(`${prism.url}/control/invoices/90001/csv`, { method: 'PUT', body: '\uFEFFother' })
    const bytes = new Uint8Array(await (await prism.get('/api/v1/me/invoice/90001/csv')).arrayBuffer())
    expect(Array.from(bytes.slice(0, 4))).toEqual([0xef, 0xbb, 0xbf, 'o'.charCodeAt(0)])
  })

  it('writes files with CRLF where it is told to, back to LF after a restart', async () => {
    const prism = await prismWith()
    await prism.control('PUT', '/csv-format', { crlf: true, bom: false })
    await prism.control('POST', '/invoices/next')
    const file = async () => await (await prism.get('/control/invoices/90001/csv')).text()
    expect((await file()).split('\r\n')).toHaveLength(3)
    await prism.control('POST', '/restart', { issued: 1 })
    expect(await file()).not.toContain('\r')
  })

  it('goes back to its seed on a reset', async () => {
    const prism = await prismWith({}, { issuedAtStart: 1 })
    await prism.control('POST', '/subscriptions/sub-1/quantity', { quantity: 9, from: '2026-05-16' })
    await prism.control('POST', '/invoices/next')
    await prism.control('POST', '/reset')
    const state = await (await prism.control('GET', '/state')).json()
    expect(state).toMatchObject({
      today: '2026-05-02',
      nextUsage: '2026-05',
      invoices: [{ InvoiceId: 90001 }],
    })
    expect(state.tenants[0].subscriptions).toEqual([
      { subscriptionId: 'sub-1', kind: 'licences', productId: 'a', quantity: 5, status: 'Active' },
    ])
  })
})

it('shows its own page, with names as text', async () => {
  const tenants = [tenant('tenant-1', '<b>Coho</b>')]
  const prism = await prismWith({ tenants })
  const page = await (await fetch(prism.url)).text()
  expect(page).toContain('Issue Apr 2026 usage')
  expect(page).toContain('&lt;b&gt;Coho&lt;/b&gt;')
  expect(page).not.toContain('<b>Coho</b>')
})

describe('deactivated customers (docs/facts/prism.md, "Endpoints")', () => {
  it('are listed only where the client asks for them', async () => {
    const tenants = [
      tenant('tenant-1'),
      { ...tenant('tenant-2', 'Fabrikam', 'fabrikam.example'), isActive: false as const },
    ]
    const prism = await prismWith({ tenants })
    const names = async (query: string) =>
      ((await prism.json(`/api/v1/me/customers${query}`)) as { CustomerName: string }[]).map(
        (one) => one.CustomerName,
      )
    expect(await names('')).toEqual(['Coho Winery'])
    expect(await names('?includeDeactivatedCustomers=false')).toEqual(['Coho Winery'])
    expect(await names('?includeDeactivatedCustomers=True')).toEqual(['Coho Winery', 'Fabrikam'])
  })
})
