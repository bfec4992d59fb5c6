import { afterEach, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { createLog } from '#lib/base/log.ts'
import { Secret } from '#lib/base/secrets.ts'
import { type Answer, allOf, type Received, startTestServer } from '#lib/base/testing/test-server.ts'
import { daySchema } from '#lib/billing/types.ts'
import { startPrism } from '#standin/prism/prism.ts'
import { agreementId, licences, partner, product, start, tenant } from '#standin/prism/testing.ts'
import { createPrismClient, type PrismSettings } from './client.ts'
import { PrismError } from './errors.ts'
import { readInvoiceCsv } from './invoice-csv.ts'
import { tokenUrl, usableMs } from './token.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const retries = { tries: 3, firstWaitMs: 1, longestWaitMs: 2_000 }
const day = daySchema.parse('2026-04-03')

function clientOf(url: string, settings: Partial<PrismSettings> = {}) {
  return createPrismClient({
    apiUrl: url,
    identityUrl: url,
    clientId: 'client',
    clientSecret: new Secret('secret'),
    guard: createGuard({ trustedHosts: new Set([new URL(url).host]) }),
    retries,
    ...settings,
  })
}

async function standin(parts: Parameters<typeof partner>[0] = {}) {
  const prism = await startPrism({ seed: { partners: [partner(parts)] }, issuedAtStart: 1 })
  closing.push(() => prism.close())
  return { prism, client: clientOf(prism.url) }
}

/** A PRISM that gives a token and answers everything else as told. */
async function answering(reply: (received: Received, count: number) => Answer) {
  let count = 0
  const server = await startTestServer((received) => {
    if (received.path.endsWith('/connect/token'))
      return { body: { access_token: `token-${count}`, token_type: 'Bearer', expires_in: 3600 } }
    count += 1
    return reply(received, count)
  })
  closing.push(() => server.close())
  const asked = () => server.received.filter(({ path }) => !path.endsWith('/connect/token'))
  const tokens = () => server.received.length - asked().length
  return { server, asked, tokens, client: clientOf(server.url) }
}

async function failure(run: Promise<unknown>): Promise<PrismError> {
  const error = await run.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(PrismError)
  return error as PrismError
}

describe('reading PRISM', () => {
  it('gives the account, agreements, tenants with subscriptions, and products in our words', async () => {
    const { client } = await standin({
      products: [product('a', '5.37', '6.45')],
      tenants: [tenant('tenant-1'), tenant('tenant-2', 'Fabrikam', 'fabrikam.example')],
      histories: [licences(start(12))],
    })
    expect(await client.me()).toEqual({ name: 'Northwind Managed Services', partnerId: '100' })
    expect(await client.contractAgreements()).toEqual({
      records: [{ id: agreementId, programName: 'Microsoft CSP Indirect' }],
      setAside: [],
      kept: [],
    })
    const { records: tenants } = await client.tenants(agreementId)
    expect(tenants.map(({ id, domain }) => [id, domain])).toEqual([
      ['tenant-1', 'cohowinery.example'],
      ['tenant-2', 'fabrikam.example'],
    ])
    expect(tenants[0]).toMatchObject({ customerId: '501', customerName: 'Coho Winery', status: 'Active' })
    expect(tenants[0]?.subscriptions).toMatchObject([
      { id: 'sub-1', tenantId: 'tenant-1', productId: 'a', quantity: '12', status: 'Active' },
    ])
    expect((await client.priceList(agreementId, day)).records).toEqual([
      { productId: 'a', sku: 'A', name: 'Product a', unitCost: '5.37', unitPrice: '6.45', current: true },
    ])
  })

  it('lists invoices by usage month and streams the CSV', async () => {
    const { client } = await standin()
    const [invoice] = (await client.invoices()).records
    expect(invoice).toMatchObject({ programName: 'Microsoft CSP Indirect', period: '2026-04' })
    expect(invoice?.invoicedOn).toMatch(/^2026-05-\d\d$/)
    const lines = await allOf(readInvoiceCsv(await client.invoiceCsv(invoice?.id ?? '')))
    expect(lines).toMatchObject([{ row: 2, subscriptionId: 'sub-1', first: '2026-04-01', quantity: '5' }])
  })

  it('takes ids as numbers or texts, missing names, envelopes, and fields it does not know', async () => {
    const { client } = await answering(() => ({
      body: {
        Records: [
          {
            TenantId: 7,
            CustomerId: '501',
            New: { x: 1 },
            Subscriptions: [{ SubscriptionId: 9, Quantity: '3' }],
          },
        ],
      },
    }))
    expect((await client.tenants('x/y')).records).toMatchObject([
      {
        id: '7',
        customerId: '501',
        customerName: '',
        subscriptions: [{ id: '9', tenantId: '7', quantity: '3' }],
      },
    ])
  })

  it('reads on where an envelope counts more records than it holds, and stops at a repeated page', async () => {
    const row = (id: number) => ({ InvoiceId: id, ProgramName: 'x', UsageYear: 2026, UsageMonth: '4' })
    const { client, asked } = await answering(({ path }) => {
      const page = Number(new URLSearchParams(path.split('?')[1]).get('page') ?? 1)
      return {
        body: {
          TotalRecords: 9,
          Records: [row(page * 2), row(page * 2 + 1)].map((one) => (page > 3 ? row(6) : one)),
        },
      }
    })
    const ids = (await client.invoices()).records.map(({ id }) => id)
    expect(ids).toEqual(['2', '3', '4', '5', '6', '7'])
    expect(asked()).toHaveLength(4)
  })
})

describe('the token', () => {
  it('is asked for once by calls at the same time, and again after its time', async () => {
    const { prism, client } = await standin()
    await Promise.all([client.me(), client.invoices(), client.me()])
    const tokens = () => prism.requests.report().byRoute['POST /core/connect/token']
    expect(tokens()).toBe(1)
  })

  it('is refreshed 10 minutes before its end, or a fifth of a short life', () => {
    expect(usableMs(3600)).toBe(3_000_000)
    expect(usableMs(600)).toBe(480_000)
  })

  it('is renewed once on a 401, and the call repeated', async () => {
    const { prism, client } = await standin()
    await client.me()
    prism.tokens.expireAll()
    expect(await client.me()).toEqual({ name: 'Northwind Managed Services', partnerId: '100' })
    expect(prism.requests.report().byRoute['POST /core/connect/token']).toBe(2)
  })

  it('is not renewed for ever where PRISM goes on refusing', async () => {
    const { client, asked, tokens } = await answering(() => ({ status: 401 }))
    expect(await failure(client.me())).toMatchObject({ outcome: 'refused', status: 401 })
    expect([asked().length, tokens()]).toEqual([2, 2])
  })

  it('is asked below /core whether the address has it or not', () => {
    const expected = 'https://identity.example/core/connect/token'
    expect(tokenUrl('https://identity.example')).toBe(expected)
    expect(tokenUrl('https://identity.example/core/')).toBe(expected)
  })

  it('that is refused says so without the secret [B5]', async () => {
    const { prism } = await standin()
    const lines: string[] = []
    const log = createLog({ write: (line) => lines.push(line) })
    const error = await failure(clientOf(prism.url, { clientSecret: new Secret('wrong-hunter2') }).me())
    log.unexpected(error)
    expect(error).toMatchObject({ outcome: 'refused', code: 'prism-refused' })
    expect(`${JSON.stringify(error)} ${error.stack} ${lines.join()}`).not.toContain('hunter2')
  })
})

describe('a list with odd records', () => {
  const listOf = async (body: unknown) => (await answering(() => ({ body }))).client
  const month = { ProgramName: 'Microsoft CSP Indirect', UsageYear: 2026, UsageMonth: 4 }

  it('of invoices: a credit note without a usage month is set aside, the rest is read [J16]', async () => {
    const client = await listOf({
      Records: [
        { InvoiceId: 1, ...month },
        { InvoiceId: 2, ProgramName: 'Credit note', UsageYear: null, UsageMonth: null },
        { InvoiceId: 3, ...month, UsageMonth: 13 },
        { ...month },
        null,
        { InvoiceId: '4', ...month, UsageMonth: '5' },
        { InvoiceId: 5, ...month, ProgramName: null },
        { InvoiceId: 6, ...month, ProgramName: ' ' },
      ],
    })
    expect(await client.invoices()).toEqual({
      records: [
        expect.objectContaining({ id: '1', period: '2026-04' }),
        expect.objectContaining({ id: '4', period: '2026-05' }),
      ],
      setAside: [
        { record: 'Credit note (2)', reason: 'UsageYear is missing' },
        { record: 'Microsoft CSP Indirect (3)', reason: 'UsageMonth is not understood' },
        { record: 'Microsoft CSP Indirect', reason: 'InvoiceId is missing' },
        { record: 'row 5 of the list', reason: 'it is not a record' },
        { record: '5', reason: 'ProgramName is missing' },
        { record: '6', reason: 'ProgramName is missing' },
      ],
      kept: null,
    })
  })

  it('of invoices: one that is listed twice counts once, and of two that differ the first', async () => {
    const client = await listOf([
      { InvoiceId: 1, ...month },
      { InvoiceId: 1, ...month },
      { InvoiceId: '1', ...month, UsageMonth: 5 },
    ])
    expect(await client.invoices()).toMatchObject({
      records: [{ id: '1', period: '2026-04' }],
      setAside: [{ reason: 'it is listed twice and the two differ; the first counts' }],
    })
  })

  const priceListOf = async (...Products: unknown[]) =>
    (await listOf({ ProductGroups: [{ Products }] })).priceList('x', day)
  const visio = { ProductId: 'a', ProductSku: 'A', ProductName: 'Visio', UnitPrice: 5, RetailUnitPrice: 6 }

  it('of products: a price that is null or no number sets that product aside, and keeps what is stored of it', async () => {
    const list = await priceListOf(
      visio,
      { ...visio, ProductId: 'b', ProductSku: 'B', UnitPrice: null },
      { ...visio, ProductId: 'c', ProductSku: 'C', ProductName: 'Project', RetailUnitPrice: 'on request' },
      { ...visio, ProductId: 'd', ProductSku: '  ' },
    )
    expect(list).toMatchObject({
      records: [{ productId: 'a' }],
      setAside: [
        { record: 'Visio (b)', reason: 'UnitPrice is missing' },
        { record: 'Project (c)', reason: 'RetailUnitPrice is not understood' },
        { record: 'Visio (d)', reason: 'ProductSku is missing' },
      ],
      kept: ['b', 'B', 'c', 'C', 'd'],
    })
  })

  it('of products: prices come as other programs write them, cut where ConnectWise cannot hold them', async () => {
    const { records } = await priceListOf({
      ...visio,
      UnitPrice: '1E-05',
      RetailUnitPrice: '7.9166666666666666666666666667',
    })
    expect(records).toMatchObject([{ unitCost: '0.00001', unitPrice: '7.91666667' }])
  })

  it('of products: a group that is no group keeps all that is stored', async () => {
    const client = await listOf({
      ProductGroups: [{ Products: [visio] }, { Products: 'none' }, { Products: null }],
    })
    expect(await client.priceList('x', day)).toMatchObject({
      records: [{ productId: 'a' }],
      setAside: [{ record: 'row 2 of the list', reason: 'Products is not understood' }],
      kept: null,
    })
  })

  it('of tenants: an odd subscription is set aside alone, and a tenant without id alone', async () => {
    const tenant = { TenantId: 't1', CustomerName: 'Coho\u0000 Winery', TenantDomain: null }
    const client = await listOf([
      { ...tenant, Subscriptions: [{ SubscriptionId: 's1' }, { SubscriptionId: 's2', ProductId: {} }, {}] },
      { TenantId: '00000000-0000-0000-0000-000000000000', CustomerName: 'Nobody' },
      { TenantId: 't2', CustomerName: 'Fabrikam', Subscriptions: null },
      { TenantId: 't3\ud83d', CustomerName: 'Wingtip' },
    ])
    expect(await client.tenants('x')).toMatchObject({
      records: [
        {
          id: 't1',
          customerName: 'Coho Winery',
          domain: '',
          subscriptions: [{ id: 's1' }],
          keptSubscriptions: null,
        },
        { id: 't2', subscriptions: [], keptSubscriptions: [] },
      ],
      setAside: [
        { record: 'Nobody', reason: 'TenantId is not understood' },
        { record: expect.stringContaining('Wingtip'), reason: 'TenantId is not understood' },
        { record: 'subscription s2 of Coho Winery', reason: 'ProductId is not understood' },
        { record: 'subscription row 3 of the list of Coho Winery', reason: 'SubscriptionId is missing' },
      ],
      kept: null,
    })
  })

  it('of tenants: one in two rows has the subscriptions of both; a subscription of two tenants is nobody’s here', async () => {
    const coho = { TenantId: 't1', CustomerName: 'Coho Winery' }
    const client = await listOf([
      { ...coho, Subscriptions: [{ SubscriptionId: 's1' }] },
      { ...coho, Subscriptions: [{ SubscriptionId: 's1' }, { SubscriptionId: 's2' }] },
      { TenantId: 't2', CustomerName: 'Fabrikam', Subscriptions: [{ SubscriptionId: 'S2' }] },
      { ...coho, CustomerName: 'Someone else', Subscriptions: [{ SubscriptionId: 's3' }] },
    ])
    expect(await client.tenants('x')).toMatchObject({
      records: [
        {
          id: 't1',
          customerName: 'Coho Winery',
          subscriptions: [{ id: 's1' }, { id: 's3' }],
          keptSubscriptions: ['s2'],
        },
        { id: 't2', subscriptions: [], keptSubscriptions: ['S2'] },
      ],
      setAside: [
        { record: 'Someone else (t1)' },
        { record: 'subscription s2', reason: 'it is listed for several customers: Coho Winery, Fabrikam' },
      ],
    })
  })

  it('of 150,000 records is read', async () => {
    const client = await listOf(Array.from({ length: 150_000 }, (_, at) => ({ InvoiceId: at + 1, ...month })))
    expect((await client.invoices()).records).toHaveLength(150_000)
  })
})

describe('a failed read', () => {
  it('is tried again on 5xx and on a cut connection', async () => {
    const { client, asked } = await answering((_received, count) =>
      count === 1 ? { status: 503 } : count === 2 ? 'cut' : { body: { Records: [] } },
    )
    expect(await client.invoices()).toEqual({ records: [], setAside: [], kept: [] })
    expect(asked()).toHaveLength(3)
  })

  it('waits as long as a 429 asks', async () => {
    const { client } = await answering((_received, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { body: { Records: [] } },
    )
    const started = performance.now()
    await client.invoices()
    expect(performance.now() - started).toBeGreaterThan(950)
  })

  it.each([
    [404, 'refused', 1],
    [403, 'refused', 1],
    [500, 'unreachable', 3],
    [302, 'unreadable', 1],
  ])('with %d is an error, never an empty list', async (status, outcome, requests) => {
    const { client, asked } = await answering(() => ({ status, body: '[]' }))
    expect(await failure(client.tenants('x'))).toMatchObject({ outcome, status })
    expect(asked()).toHaveLength(requests)
  })

  it.each([
    ['no JSON', '<html>'],
    ['JSON cut short', '{"Records": [{"Invoi'],
    ['nothing', ''],
    ['no list', '{"Message": "try later"}'],
  ])('of %s is unreadable, never an empty list', async (_what, body) => {
    const { client } = await answering(() => ({ body }))
    expect(await failure(client.invoices())).toMatchObject({
      outcome: 'unreadable',
      code: 'prism-unreadable',
    })
  })

  it('of a CSV that breaks off is unreachable, not the end of the file', async () => {
    const { client } = await answering(() => (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('SubscriptionId,', () => response.destroy())
    })
    const csv = await client.invoiceCsv('1')
    expect(await failure(allOf(csv))).toMatchObject({ outcome: 'unreachable', status: null })
  })
})

describe('an answer over a limit', () => {
  const trickling: Answer = (response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  }

  it.each<[string, Answer]>([
    ['trickles', trickling],
    ['never comes', () => {}],
  ])('that %s is given up after the time that all tries share', async (_what, answer) => {
    const { server, asked } = await answering(() => answer)
    const started = performance.now()
    const error = await failure(clientOf(server.url, { timeoutMs: 150 }).invoices())
    expect(error).toMatchObject({ outcome: 'unreachable', status: null })
    expect(error.message).toMatch(/PRISM's answer for the list of invoices did not come within \d+ ms\.$/)
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(asked().length).toBeLessThanOrEqual(3)
  })

  it('in size is unreadable and not asked for again', async () => {
    const { client, asked } = await answering(() => (response) => {
      response.writeHead(200, { 'content-length': String(65 * 2 ** 20) }).write('[')
    })
    const error = await failure(client.invoices())
    expect(error).toMatchObject({ outcome: 'unreadable', code: 'prism-unreadable' })
    expect(error.message).toContain("PRISM's answer for the list of invoices is larger than 64 MB.")
    expect(asked()).toHaveLength(1)
  })

  it('of a file says so as well', async () => {
    const { client } = await answering(() => (response) => {
      response.writeHead(200, { 'content-length': String(1025 * 2 ** 20) }).write('x')
    })
    const error = await failure(client.invoiceCsv('7').then(allOf))
    expect(error.message).toContain("PRISM's answer for the file of invoice 7 is larger than 1 GB.")
  })
})
