import { afterEach, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { createLog } from '#lib/base/log.ts'
import { Secret } from '#lib/base/secrets.ts'
import { type Answer, type Received, startTestServer } from '#lib/base/testing/test-server.ts'
import { additionDraftSchema, createCatalogItemChangeSchema } from '#lib/billing/types.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import type { Records } from '#standin/connectwise/store.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createClock } from '#standin/http/clock.ts'
import type { FaultRule } from '#standin/http/faults.ts'
import { type ConnectWiseSettings, createConnectWiseClient } from './client.ts'
import { ConnectWiseError } from './errors.ts'
import { checkSetup } from './setup-ids.ts'
import { discoverCodebase } from './site.ts'
import type { AdditionCreation } from './values.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const retries = { tries: 3, firstWaitMs: 1, longestWaitMs: 5_000 }
const names = {
  category: 'Miscellaneous',
  subcategory: 'Miscellaneous',
  productType: 'Miscellaneous',
  unitOfMeasure: 'Each',
}

function clientOf(url: string, settings: Partial<ConnectWiseSettings> = {}) {
  return createConnectWiseClient({
    site: url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'client-id-of-ours',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(url).host]) }),
    retries,
    ...settings,
  })
}

/** The stand-in with one agreement (30) of one company (10) and two catalog items (40, 41). */
async function standin(records: Records = {}, settings: Partial<ConnectWiseSettings> = {}) {
  const connectWise = createConnectWise({ seed: tinySeed(records), clock: createClock('2026-09-15') })
  const url = await connectWise.listen(0)
  closing.push(() => connectWise.close())
  const fault = (rule: FaultRule) => connectWise.faults.add([rule])
  const requests = () => connectWise.requests.report().requests
  const additions = () => connectWise.store.all('additions')
  return { client: clientOf(url, settings), url, connectWise, fault, requests, additions }
}

/** A ConnectWise that answers as told. */
async function answering(
  reply: (received: Received, count: number) => Answer,
  settings: Partial<ConnectWiseSettings> = {},
) {
  const server = await startTestServer(reply)
  closing.push(() => server.close())
  return { client: clientOf(server.url, settings), server }
}

const draft = (more: object = {}): AdditionCreation => ({
  ...additionDraftSchema.parse({
    catalogItemId: 40,
    sku: 'CFQ7TTC0LCHC:0001',
    serialNumber: 'sub-1',
    quantity: '5',
    lessIncluded: '0',
    unitCost: '17.6',
    unitPrice: '22',
    effectiveDate: '2026-09-15',
    cancelledDate: null,
    billCustomer: 'Billable',
    taxable: true,
    invoiceDescription: '',
    invoiceGrouping: null,
    ...more,
  }),
  catalogItemId: 40,
})

async function failure(run: Promise<unknown>): Promise<ConnectWiseError> {
  const error = await run.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConnectWiseError)
  return error as ConnectWiseError
}

const none = { additions: [], unreadable: [] }
const additionsPath = '*/finance/agreements/30/additions*'

describe('companies and agreements', () => {
  it('finds companies by part of their name or id, without deleted ones [E2]', async () => {
    const { client } = await standin()
    const found = async (search: string) => (await client.companies(search)).records
    expect(await found('wing')).toEqual([
      { id: 10, identifier: 'Wingtip', name: 'Wingtip Toys', website: '' },
    ])
    expect(await found('fabrikam')).toEqual([])
    expect(await found('')).toHaveLength(1)
    expect(await found(`Wing"tip`)).toEqual([])
    expect(await client.company(10)).toMatchObject({ name: 'Wingtip Toys' })
    expect(await client.company(999)).toBeNull()
  })

  it('lists every company that is not deleted, and the agreements of several [J7]', async () => {
    const { client } = await standin()
    expect((await client.everyCompany()).records).toEqual((await client.companies('')).records)
    const { records } = await client.agreementsOfCompanies([10, 999, 10])
    expect(records).toEqual((await client.agreements(10)).records)
    expect(records.length).toBeGreaterThan(0)
    expect(await client.agreementsOfCompanies([])).toEqual({ records: [], unreadable: [] })
  })

  it('finds companies by the domain of their website, and none where it may not ask so [J7]', async () => {
    const { client, connectWise } = await standin()
    const row = connectWise.store.get('companies', 10)
    connectWise.store.put('companies', { ...row, id: 10, website: 'https://www.Wingtip.example' }, 'a clerk')
    const found = async (domain: string) => (await client.companiesByWebsite(domain)).records
    expect((await found('wingtip.example')).map(({ id }) => id)).toEqual([10])
    expect(await found('tailspin.example')).toEqual([])
    const refusing = await answering(() => ({ status: 400, body: { code: 'InvalidObject', message: 'No.' } }))
    expect(await refusing.client.companiesByWebsite('wingtip.example')).toEqual({
      records: [],
      unreadable: [],
    })
    const failing = await answering(() => ({ status: 403, body: { message: 'No.' } }))
    expect(await failure(failing.client.companiesByWebsite('wingtip.example'))).toMatchObject({
      code: 'connectwise-refused',
    })
  })

  it('gives an agreement with the facts that A5 looks at', async () => {
    const { client } = await standin()
    const agreement = {
      id: 30,
      name: 'Cloud Subscriptions',
      startDate: '2026-01-01',
      endDate: null,
      nextInvoiceDate: '2026-09-01',
      company: { id: 10, name: 'Wingtip Toys' },
      type: 'Cloud Subscriptions',
      status: 'Active',
      cancelled: false,
      dateCancelled: null,
      prorate: true,
      invoicingCycle: 'CalendarYear',
      periodType: 'Current',
      billStartDate: '2026-01-01',
      billingCycle: 'Monthly',
      billsMonthly: true,
      currency: null,
      parentAgreementId: null,
    }
    expect(await client.agreement(30)).toEqual(agreement)
    expect(await client.agreements(10)).toEqual({ records: [agreement], unreadable: [] })
    expect(await client.agreements(11)).toEqual({ records: [], unreadable: [] })
    expect((await client.agreementsByIds([30, 31, 30])).records).toEqual([agreement])
    expect(await client.agreement(31)).toBeNull()
  })

  it('names what it cannot read of a list, and gives the rest', async () => {
    const { client } = await answering(({ path }) => ({
      body: path.includes('/company/')
        ? [
            { id: 1, name: 'A' },
            { id: 2, name: [] },
          ]
        : [{ id: '5', startDate: '2026-01-01' }, null],
    }))
    expect(await client.companies('')).toEqual({
      records: [{ id: 1, identifier: '', name: 'A', website: '' }],
      unreadable: [{ record: 'company 2', reason: 'Company is not understood' }],
    })
    expect(await client.agreements(10)).toMatchObject({
      records: [{ id: 5 }],
      unreadable: [{ record: 'row 2 of the list', reason: 'it is not a record' }],
    })
  })

  it('says what of one agreement cannot be read', async () => {
    const { client } = await answering(() => ({ body: { id: 30, name: 'Cloud', startDate: 'soon' } }))
    expect(await failure(client.agreement(30))).toMatchObject({
      code: 'connectwise-unreadable',
      message: "ConnectWise's answer for agreement 30 cannot be read: Date Start is not understood.",
    })
  })

  it('reads many agreements with one request per 100, in short URLs', async () => {
    const { client, requests } = await standin()
    await client.agreementsByIds(Array.from({ length: 250 }, (_, index) => 10_000_000 + index))
    expect(requests()).toHaveLength(3)
    for (const { path } of requests()) expect(path.length).toBeLessThan(1_900)
  })
})

describe('additions', () => {
  it('are created, changed, ended, opened again and deleted', async () => {
    const { client } = await standin()
    const created = await client.createAddition(30, draft({ invoiceDescription: 'Seats', quantity: '2.5' }))
    expect(created).toEqual({
      id: created.id,
      catalogItemId: 40,
      serialNumber: 'sub-1',
      quantity: '2.5',
      lessIncluded: '0',
      unitCost: '17.6',
      unitPrice: '22',
      effectiveDate: '2026-09-15',
      cancelledDate: null,
      billCustomer: 'Billable',
      taxable: true,
      invoiceDescription: 'Seats',
      invoiceGrouping: null,
    })
    expect(await client.additions(30)).toMatchObject({ additions: [created], unreadable: [] })
    const set = {
      serialNumber: 'sub-2',
      cancelledDate: '2026-09-30',
      unitCost: '0.1',
      unitPrice: '-3',
    } as never
    expect(await client.patchAddition(30, created.id, set)).toEqual({ ...created, ...(set as object) })
    expect(await client.patchAddition(30, created.id, { cancelledDate: null })).toMatchObject({
      cancelledDate: null,
    })
    await client.deleteAddition(30, created.id)
    expect(await client.additions(30)).toMatchObject(none)
  })

  it('say when they were changed last, and of an agreement’s invoices when they were made', async () => {
    const { client, connectWise, url } = await standin()
    const post = async (path: string): Promise<void> => {
      expect((await fetch(`${url}/control/${path}`, { method: 'POST' })).ok).toBe(true)
    }
    connectWise.clock.set('2026-09-20')
    const { id } = await client.createAddition(30, draft())
    connectWise.clock.set('2026-09-21')
    await client.patchAddition(30, id, { serialNumber: 'sub-2' })
    expect((await client.additions(30)).changedAt).toEqual(new Map([[id, '2026-09-21T12:00:00Z']]))
    expect(await client.invoiceTimes(30, 2)).toEqual([])
    for (const today of ['2026-10-01', '2026-11-01', '2026-12-01']) {
      connectWise.clock.set(today)
      await post('agreements/30/invoice')
    }
    expect(await client.invoiceTimes(30, 2)).toEqual(['2026-12-01T12:00:00Z', '2026-11-01T12:00:00Z'])
    expect(await client.invoiceTimes(31, 2)).toEqual([])
  })

  it('go without the times of invoices where the role may not read them', async () => {
    const { client, url } = await standin()
    expect((await fetch(`${url}/control/agreements/30/invoice`, { method: 'POST' })).ok).toBe(true)
    expect(await client.invoiceTimes(30, 1)).toHaveLength(1)
    const body = JSON.stringify({ denied: ['Finance/Invoicing:Inquire'] })
    expect((await fetch(`${url}/control/role`, { method: 'PUT', body })).ok).toBe(true)
    expect(await client.invoiceTimes(30, 1)).toEqual([])
  })

  it('are read to the last of 2,500, forward only, with the fields that are needed', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => ({
      id: 100 + index,
      agreementId: 30,
      product: { id: 40 },
      quantity: 1,
      unitPrice: 0.1,
      unitCost: 0.07,
      billCustomer: 'Billable',
      serialNumber: `sub-${index}`,
    }))
    const { client, requests } = await standin({ additions: many })
    const { additions } = await client.additions(30)
    expect(additions.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
    expect(additions[0]).toMatchObject({ unitPrice: '0.1', unitCost: '0.07', effectiveDate: null })
    expect(requests()).toHaveLength(3)
    expect(requests()[2]?.path).toContain('pageId=2099')
  })

  it('that cannot be read are given with what can be said of them', async () => {
    const amounts = { quantity: 1, unitPrice: 2, unitCost: 1 }
    const good = { ...amounts, product: { id: 40 }, billCustomer: 'Billable' }
    const rows = [
      { ...good, id: 1, product: { id: '40' } },
      {
        ...amounts,
        id: 2,
        product: { id: 41 },
        serialNumber: 'sub-2',
        cancelledDate: '2026-08-31T00:00:00Z',
      },
      { ...good, id: 3, product: 'x', serialNumber: 7, quantity: {} },
      { ...good, id: 4, serialNumber: 'a' },
      { ...good, id: 4, serialNumber: 'b' },
      null,
    ]
    const { client } = await answering(() => ({ body: rows }))
    const { additions, unreadable } = await client.additions(30)
    const nothing = { serialNumber: null, catalogItemId: null, cancelledDate: null }
    expect(additions.map(({ id }) => id)).toEqual([1])
    expect(unreadable).toEqual([
      {
        id: 2,
        record: 'addition 2',
        reason: 'Bill Customer is missing',
        serialNumber: 'sub-2',
        catalogItemId: 41,
        cancelledDate: '2026-08-31',
      },
      { ...nothing, id: 3, record: 'addition 3', reason: 'Product ID is not understood', serialNumber: '7' },
      { ...nothing, id: null, record: 'row 6 of the list', reason: 'it is not a record' },
      {
        ...nothing,
        id: 4,
        record: 'addition 4',
        reason: 'it is listed twice with different values',
        catalogItemId: 40,
      },
    ])
  })

  it('of one short page take one request', async () => {
    const { client, requests } = await standin()
    await client.additions(30)
    expect(requests()).toHaveLength(1)
  })
})

describe('a refusal', () => {
  it('carries the texts of errors[] joined by a space, and what ConnectWise said of each field [D8, F8]', async () => {
    const { client } = await standin()
    const error = await failure(
      client.createAddition(30, draft({ effectiveDate: '2025-12-31', serialNumber: 'x'.repeat(51) })),
    )
    expect(error).toMatchObject({
      outcome: 'refused',
      status: 400,
      code: 'connectwise-refused',
      remoteCode: 'InvalidObject',
      method: 'POST',
      path: '/finance/agreements/30/additions',
    })
    expect(error.message).toBe(error.fieldErrors.map(({ message }) => message).join(' '))
    expect(error.fieldErrors[0]?.field).not.toBe('')
  })

  it('without errors[] carries the top message, and without a body its status', async () => {
    const { client } = await answering(({ path }) =>
      path.includes('/30/')
        ? { status: 403, body: { code: 'Security', message: 'No permission.', errors: null } }
        : { status: 409 },
    )
    expect(await failure(client.additions(30))).toMatchObject({
      message: 'No permission.',
      remoteCode: 'Security',
    })
    expect(await failure(client.additions(31))).toMatchObject({
      message: 'It gave no reason (status 409).',
      status: 409,
    })
  })

  it('joins several texts', async () => {
    const errors = [
      { code: 'a', message: 'First.', field: 'x' },
      { code: 'b', message: 'Second.', field: 'y' },
    ]
    const { client } = await answering(() => ({
      status: 400,
      body: { code: 'InvalidObject', message: 'top', errors },
    }))
    expect((await failure(client.createAddition(30, draft()))).message).toBe('First. Second.')
  })

  it('of the credentials is definite', async () => {
    const { url } = await standin()
    expect(await failure(clientOf(url, { privateKey: new Secret('wrong') }).test())).toMatchObject({
      outcome: 'refused',
      status: 401,
    })
    await clientOf(url).test()
  })

  it('never shows keys or client id, in no form [B5]', async () => {
    const { url, fault } = await standin()
    const client = clientOf(url, { privateKey: new Secret('hunter2-private') })
    fault({ kind: 'cut-before', method: 'POST' })
    const lines: string[] = []
    const log = createLog({ write: (line) => lines.push(line) })
    const encoded = Buffer.from('acme+pub:hunter2-private').toString('base64')
    for (const error of [await failure(client.test()), await failure(client.createAddition(30, draft()))]) {
      log.unexpected(error)
      const shown = [
        JSON.stringify(error),
        error.stack,
        String(error),
        Object.values(error).join(),
        ...lines,
      ].join()
      for (const secret of ['hunter2', encoded, 'client-id-of-ours']) expect(shown).not.toContain(secret)
      expect(error.cause).toBeUndefined()
    }
  })
})

describe('sending again', () => {
  it('a GET and a PATCH that got 429 are sent again, intact, after Retry-After', async () => {
    const { client, fault, requests } = await standin()
    const { id } = await client.createAddition(30, draft())
    fault({ kind: '429', method: 'GET', path: additionsPath, nth: 1, retryAfter: 1 })
    fault({ kind: '429', method: 'PATCH', nth: 1, retryAfter: 1 })
    const started = performance.now()
    expect((await client.additions(30)).additions).toHaveLength(1)
    expect(performance.now() - started).toBeGreaterThan(950)
    expect(await client.patchAddition(30, id, { serialNumber: 'after' })).toMatchObject({
      serialNumber: 'after',
    })
    expect(
      requests()
        .filter(({ method }) => method === 'PATCH')
        .map(({ status }) => status),
    ).toEqual([429, 200])
  })

  it('a POST that got 429 is sent again, and makes one addition', async () => {
    const { client, fault, additions } = await standin()
    fault({ kind: '429', method: 'POST', nth: 1, retryAfter: 1 })
    await client.createAddition(30, draft())
    expect(additions()).toHaveLength(1)
  })

  it('a 429 that does not end is refused in the end, with what it asked for', async () => {
    const { client, fault, requests } = await standin({}, { retries: { ...retries, longestWaitMs: 1_000 } })
    fault({ kind: '429', method: 'POST', retryAfter: 30 })
    expect(await failure(client.createAddition(30, draft()))).toMatchObject({
      outcome: 'refused',
      status: 429,
      retryAfterMs: 30_000,
      remoteCode: 'ConnectWiseAPI',
    })
    expect(requests()).toHaveLength(1)
  })

  it.each([
    ['500' as const, 500],
    ['cut-before' as const, null],
  ])('a read is sent again on %s, a few times', async (kind, status) => {
    const { client, fault, requests } = await standin()
    fault({ kind, method: 'GET', times: 2 })
    expect(await client.additions(30)).toMatchObject(none)
    fault({ kind, method: 'GET' })
    expect(await failure(client.additions(30))).toMatchObject({ outcome: 'unreachable', status })
    expect(requests()).toHaveLength(6)
  })

  it.each([
    ['cut-before' as const, null, 0],
    ['cut-after' as const, null, 1],
    ['500' as const, 500, 0],
    ['truncated-json' as const, 200, 1],
  ])('a POST that met %s is sent once, its outcome unknown', async (kind, status, made) => {
    const { client, fault, requests, additions } = await standin()
    fault({ kind, method: 'POST' })
    expect(await failure(client.createAddition(30, draft()))).toMatchObject({
      outcome: 'unknown',
      status,
      code: 'connectwise-unknown',
    })
    expect([requests().length, additions().length]).toEqual([1, made])
  })

  it('a POST without an answer in time is sent once, its outcome unknown', async () => {
    const { client, fault, requests } = await standin({}, { timeoutMs: 100 })
    fault({ kind: 'timeout', method: 'POST', ms: 300 })
    expect(await failure(client.createAddition(30, draft()))).toMatchObject({
      outcome: 'unknown',
      status: null,
      message: "ConnectWise's answer did not come within 100 ms.",
    })
    await expect.poll(() => requests().length).toBe(1)
  })

  it('an answer that trickles in does not hold a write beyond its time', async () => {
    const { client, fault } = await standin({}, { timeoutMs: 150 })
    fault({ kind: 'slow-body', method: 'POST', ms: 1_000 })
    expect(await failure(client.createAddition(30, draft()))).toMatchObject({
      outcome: 'unknown',
      status: null,
    })
  })

  it.each([408, 500, 502, 503])('a DELETE answered %d is unknown', async (status) => {
    const { client, server } = await answering(() => ({ status }))
    expect(await failure(client.deleteAddition(30, 1))).toMatchObject({ outcome: 'unknown', status })
    expect(server.received).toHaveLength(1)
  })

  it.each([400, 401, 403, 404, 409, 415])('a write answered %d is refused', async (status) => {
    const { client } = await answering(() => ({ status }))
    expect(await failure(client.deleteAddition(30, 1))).toMatchObject({ outcome: 'refused', status })
  })

  it.each(['{}', 'null', '', '<html>'])('a list that is %j is unreachable, never empty', async (body) => {
    const { client } = await answering(() => ({ body }))
    const error = await failure(client.additions(30))
    expect(error).toMatchObject({ outcome: 'unreachable', code: 'connectwise-unreadable' })
    expect(error.message).toContain('expected array')
  })

  it('holds all requests while a 429 asks to wait', async () => {
    const { client, fault, requests } = await standin()
    fault({ kind: '429', method: 'GET', nth: 1, retryAfter: 1 })
    await Promise.all([
      client.additions(30),
      new Promise((resolve) => setTimeout(resolve, 200)).then(() => client.agreement(30)),
    ])
    const [first, ...later] = requests().map(({ at }) => Date.parse(at))
    for (const at of later) expect(at - (first ?? 0)).toBeGreaterThan(900)
  })
})

describe('limits', () => {
  it('keeps to so many requests at once, and asks the pace before each', async () => {
    let paced = 0
    const pace = async () => void (paced += 1)
    const { client, fault, connectWise } = await standin({}, { parallel: 2, pace })
    fault({ kind: 'latency', ms: 30 })
    await Promise.all(Array.from({ length: 10 }, () => client.agreement(30)))
    expect([connectWise.requests.report().mostAtOnce, paced]).toEqual([2, 10])
  })
})

describe('the request as ConnectWise gets it', () => {
  it('names the API version, the client id and the keys, and follows no redirect', async () => {
    const { client, server } = await answering(() => ({
      status: 302,
      headers: { location: 'http://169.254.169.254/' },
    }))
    await failure(client.additions(30))
    expect(server.received).toHaveLength(1)
    expect(server.received[0]?.headers).toMatchObject({
      accept: expect.stringContaining('application/vnd.connectwise.com+json; version=2025.1'),
      clientid: 'client-id-of-ours',
      authorization: `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`,
      'pagination-type': 'forward-only',
    })
  })

  it('sends PATCH operations with bare paths', async () => {
    const { client, server } = await answering(() => ({ status: 400 }))
    await failure(client.patchAddition(30, 7, { cancelledDate: '2026-09-30', unitPrice: '5.37' } as never))
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual([
      { op: 'replace', path: 'unitPrice', value: 5.37 },
      { op: 'replace', path: 'cancelledDate', value: '2026-09-30T00:00:00Z' },
    ])
    expect(server.received[0]?.path).toBe('/v2025_1/apis/3.0/finance/agreements/30/additions/7')
  })

  it('goes to no address that the guard refuses', async () => {
    const { url, requests } = await standin()
    const untrusting = clientOf(url, { guard: createGuard({ trustedHosts: new Set() }) })
    await expect(untrusting.additions(30)).rejects.toMatchObject({ code: 'address-refused' })
    const byName = clientOf(url.replace('127.0.0.1', 'localhost').replace('http:', 'https:'), {
      guard: createGuard({ trustedHosts: new Set() }),
    })
    await expect(byName.createAddition(30, draft())).rejects.toMatchObject({ code: 'address-refused' })
    expect(requests()).toHaveLength(0)
  })

  it('is sent to the new codebase after ConnectWise has moved, once, and says so', async () => {
    const moved: string[] = []
    const { client, server } = await answering(
      ({ path }) => {
        if (path.startsWith('/login/companyinfo/')) return { body: { Codebase: 'v2025_2/' } }
        return path.startsWith('/v2025_2/') ? { body: [] } : { status: 404 }
      },
      { onCodebase: (codebase) => moved.push(codebase) },
    )
    expect(await client.additions(30)).toMatchObject(none)
    expect(await client.additions(31)).toMatchObject(none)
    expect(moved).toEqual(['v2025_2'])
    expect(server.received.map(({ path }) => path.split('/')[1])).toEqual([
      'v2025_1',
      'login',
      'v2025_2',
      'v2025_2',
    ])
  })

  it('reaches the new codebase from requests that were under way to the old one when it was found', async () => {
    const { client, server } = await answering(({ path }) => (response) => {
      const slow = path.includes('/31/')
      const answer = path.startsWith('/login/')
        ? '{"Codebase":"v2025_2/"}'
        : path.startsWith('/v2025_2/')
          ? '[]'
          : ''
      setTimeout(() => response.writeHead(answer === '' ? 404 : 200).end(answer), slow ? 150 : 0)
    })
    expect(await Promise.all([client.additions(30), client.additions(31)])).toMatchObject([none, none])
    expect(server.received.filter(({ path }) => path.startsWith('/login/'))).toHaveLength(1)
  })

  it('finds a stand-in by its site', async () => {
    const { url } = await standin()
    const guard = createGuard({ trustedHosts: new Set([new URL(url).host]) })
    expect(await discoverCodebase({ site: url, companyId: 'acme', guard })).toMatchObject({
      codebase: 'v2025_1',
    })
  })
})

describe('the catalog', () => {
  const item = (id: number, vendorSku: string, more: object = {}) => ({
    id,
    identifier: `item-${id}`,
    description: `Item ${id}`,
    customerDescription: 'x',
    category: { id: 1 },
    subcategory: { id: 1 },
    type: { id: 1 },
    unitOfMeasure: { id: 1 },
    inactiveFlag: false,
    taxableFlag: false,
    price: 22.5,
    cost: 17.6,
    vendorSku,
    ...more,
  })

  it('is asked by Vendor SKU, ignoring case and spaces around it, inactive items included [D1, D6]', async () => {
    const catalog = [
      item(1, ' ABC '),
      item(2, 'abc', { inactiveFlag: true }),
      item(3, 'abcd'),
      item(4, 'x-abc'),
    ]
    const { client } = await standin({ catalog })
    const { items: found } = await client.catalogByVendorSku(['Abc', ' abc', ''])
    expect(found.map(({ id, inactive }) => [id, inactive])).toEqual([
      [1, false],
      [2, true],
    ])
    expect(found[0]).toMatchObject({
      identifier: 'item-1',
      unitCost: '17.6',
      unitPrice: '22.5',
      taxable: false,
    })
  })

  it('finds a Vendor SKU with a quote, by asking wider and comparing here', async () => {
    const catalog = [item(1, `12" TFT`), item(2, 'TFT'), item(3, `O'Neil`)]
    const { client } = await standin({ catalog })
    expect((await client.catalogByVendorSku([`12" tft`, `o'neil`])).items.map(({ id }) => id)).toEqual([1, 3])
  })

  it('is asked for 35 SKUs a request, in URLs that ConnectWise takes', async () => {
    const guid = (n: number) => `0F0F0F0F-0000-4000-8000-${String(n).padStart(12, '0')}`
    const skus = Array.from({ length: 70 }, (_, index) => guid(index))
    const { client, requests } = await standin({
      catalog: skus.map((sku, index) => item(index + 1, sku.toLowerCase())),
    })
    expect((await client.catalogByVendorSku(skus)).items).toHaveLength(70)
    // Two batches, and one question for SKUs with spaces around them.
    expect(requests()).toHaveLength(3)
    for (const { path } of requests()) expect(path.length).toBeLessThan(1_900)
  })

  it('is read page by page where that is fewer requests than asking for the SKUs [docs/architecture.md, "Budgets"]', async () => {
    const skus = Array.from({ length: 500 }, (_, index) => `SKU-${index}`)
    const others = Array.from({ length: 2_600 }, (_, index) => item(10_000 + index, ''))
    const { client, requests } = await standin({
      catalog: [...skus.map((sku, index) => item(index + 1, ` ${sku.toLowerCase()}`)), ...others],
    })
    expect((await client.catalogByVendorSku(skus)).items).toHaveLength(500)
    // One count, and 3,100 items in pages of 1,000, against 15 batches and the question about spaces.
    expect(requests()).toHaveLength(5)
  })

  it('finds what names a product otherwise, where no item has its Vendor SKU', async () => {
    const catalog = [
      item(1, 'P1M:M:ABC', { identifier: 'P1M:M:ABC' }),
      item(2, '', { identifier: 'def' }),
      item(3, 'GHI'),
      item(4, 'P1M:M GHI'),
      item(5, 'else', { identifier: 'ABC' }),
    ]
    const { client } = await standin({ catalog })
    const { items: found } = await client.catalogOfProducts(['abc', 'DEF', 'ghi'])
    expect(found.map(({ id }) => id)).toEqual([1, 2, 3])
    const refusing = await answering(({ path }) =>
      path.includes('like') ? { status: 400 } : { body: [item(1, 'abc')] },
    )
    expect((await refusing.client.catalogOfProducts(['abc', 'def'])).items.map(({ id }) => id)).toEqual([1])
  })

  it('gives what is taken over its Vendor SKU, with cost and price [D1]', async () => {
    const { client, connectWise } = await standin({ catalog: [item(1, 'P1M:M:abc')] })
    const before = connectWise.store.get('catalog', 1)
    const values = { unitCost: '3.75', unitPrice: '5', vendorSku: 'abc' } as Parameters<
      typeof client.updateCatalogItem
    >[1]
    await client.updateCatalogItem(1, values)
    expect(connectWise.store.get('catalog', 1)).toEqual({ ...before, cost: 3.75, price: 5, vendorSku: 'abc' })
  })

  it('has cost and price written, and nothing else [D3]', async () => {
    const { client, connectWise } = await standin({ catalog: [item(1, 'abc', { identifier: 'renamed' })] })
    const before = connectWise.store.get('catalog', 1)
    const amounts = { unitCost: '3.75', unitPrice: '0' } as Parameters<typeof client.updateCatalogItem>[1]
    expect(await client.updateCatalogItem(1, amounts)).toMatchObject(amounts)
    expect(connectWise.store.get('catalog', 1)).toEqual({ ...before, cost: 3.75, price: 0 })
  })

  it('loses nothing where the question about spaces is refused', async () => {
    const { client } = await answering(({ path }) =>
      path.includes('like') ? { status: 400 } : { body: [item(1, 'abc')] },
    )
    expect((await client.catalogByVendorSku(['abc'])).items.map(({ id }) => id)).toEqual([1])
  })

  it('names the items of these SKUs that cannot be read, and those whose SKU cannot', async () => {
    const rows = [
      item(1, 'abc'),
      item(2, 'def', { cost: 'free' }),
      item(3, 'other', { cost: 'free' }),
      { id: 4, vendorSku: {} },
    ]
    const { client } = await answering(({ path }) => ({ body: path.includes('like') ? [] : rows }))
    expect(await client.catalogByVendorSku(['abc', 'DEF'])).toMatchObject({
      items: [{ id: 1 }],
      unreadable: [
        { id: 2, record: 'item-2', reason: 'Unit Cost is not understood', vendorSku: 'def' },
        { id: 4, record: 'product 4', reason: 'Vendor SKU is not understood', vendorSku: null },
      ],
    })
  })

  it('is asked by ids', async () => {
    const { client } = await standin()
    expect((await client.catalogByIds([41, 40, 99])).items.map(({ id }) => id)).toEqual([40, 41])
    expect(await client.catalogByIds([])).toEqual({ items: [], unreadable: [] })
  })

  const change = createCatalogItemChangeSchema.parse({
    kind: 'createCatalogItem',
    reason: { rule: 'missing-product' },
    sku: 'CFQ7TTC0XXXX:0001',
    identifier: 'CFQ7TTC0XXXX:0001',
    description: 'Visio Plan 2',
    customerDescription: 'Visio Plan 2 (NCE Product)',
    unitCost: '10.1',
    unitPrice: '12.55',
    ...names,
    taxable: true,
  })

  it('gets a new item with the default records, found by name [D2]', async () => {
    const { client, connectWise } = await standin()
    const setup = checkSetup(await client.setupRecords(names), names)
    if (!setup.usable) throw new Error(setup.message)
    const created = await client.createCatalogItem(change, setup.ids)
    expect(created).toMatchObject({
      vendorSku: change.sku,
      unitCost: '10.1',
      unitPrice: '12.55',
      taxable: true,
    })
    expect(connectWise.store.get('catalog', created.id)).toMatchObject({
      identifier: change.identifier,
      customerDescription: 'Visio Plan 2 (NCE Product)',
      subcategory: { id: 1 },
      unitOfMeasure: { id: 1 },
    })
    expect((await client.catalogByVendorSku([change.sku])).items).toEqual([created])
    expect((await failure(client.createCatalogItem(change, setup.ids))).outcome).toBe('refused')
  })

  it.each([
    ['subcategories', [], 'sub-category', 'Miscellaneous', 'does not exist'],
    [
      'productTypes',
      [{ id: 1, name: 'Miscellaneous', inactiveFlag: true }],
      'type',
      'Miscellaneous',
      'is inactive',
    ],
    ['unitOfMeasures', [{ id: 1, name: 'Hour' }], 'unit of measure', 'Each', 'does not exist'],
    [
      'categories',
      [{ id: 1, name: 'Miscellaneous', inactiveFlag: true }],
      'sub-category',
      'Miscellaneous',
      'is inactive',
    ],
  ] as const)(
    'says in exact words which default record is missing: %s [D7]',
    async (table, rows, kind, name, detail) => {
      const { client } = await standin({ [table]: rows })
      expect(checkSetup(await client.setupRecords(names), names)).toEqual({
        usable: false,
        message: `Unable to find the default product ${kind} of '${name}' when adding a new product`,
        detail: expect.stringContaining(detail),
      })
    },
  )

  it.each([
    [
      { id: 4, name: 'Each', inactiveFlag: 'perhaps' },
      { record: 'Each', reason: 'Inactive is not understood' },
    ],
    [
      { id: 4, name: {} },
      { record: 'record 4', reason: 'Name is not understood' },
    ],
    [null, { record: 'row 2 of the list', reason: 'it is not a record' }],
    [{ id: 4, name: 'Hour', inactiveFlag: 'perhaps' }, undefined],
  ])('does not call a default record missing that may be %j', async (row, unreadable) => {
    const { client } = await answering(({ path }) => ({
      body: path.includes('unitOfMeasures') ? [{ id: 3, name: 'Day' }, row] : [],
    }))
    const found = await client.setupRecords(names)
    expect([found.unitOfMeasure, found.unreadable.unitOfMeasure]).toEqual([null, unreadable])
  })

  it('takes the active one of several records of a name, in the right category', async () => {
    const { client } = await standin({
      categories: [
        { id: 1, name: 'miscellaneous', inactiveFlag: true },
        { id: 2, name: 'Miscellaneous', inactiveFlag: false },
        { id: 3, name: 'Cloud', inactiveFlag: false },
      ],
      subcategories: [
        { id: 5, name: 'Miscellaneous', category: { id: 3 } },
        { id: 6, name: 'Miscellaneous', category: { id: 2 } },
      ],
    })
    expect(await client.setupRecords(names)).toMatchObject({ category: { id: 2 }, subcategory: { id: 6 } })
  })
})

describe('pods', () => {
  it('are listed, set up, repaired and removed [H5]', async () => {
    const { client } = await standin()
    const screen = (await client.hostedScreens()).records.find(({ name }) => name === 'Agreement')
    expect(screen).toEqual({ id: 12, screenId: 'agreement', name: 'Agreement' })
    const pod = {
      screenId: 12,
      description: 'Prism Pod',
      type: 'Pod' as const,
      url: 'https://pod.example/pods/agreement?id=[cw_id]',
      origin: 'https://pod.example',
      podHeight: 400,
    }
    const { id } = await client.createHostedSetup(pod)
    expect((await client.hostedSetups()).records).toEqual([{ ...pod, id, disabled: false }])
    expect(await client.updateHostedSetup(id, { ...pod, podHeight: 500 })).toMatchObject({
      id,
      podHeight: 500,
    })
    await client.deleteHostedSetup(id)
    expect((await client.hostedSetups()).records).toEqual([])
  })
})
