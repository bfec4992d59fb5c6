/** A full scan of ConnectWise (J7), for two organisations beside each other, and what is found by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { storeTenants } from '#db/prism/tenants.ts'
import { auditSchema } from './schemas/audit.ts'
import { scanSchema, stoppedScanSchema, unclaimedCompaniesSchema } from './schemas/scan.ts'
import { companySuggestionsSchema, mappingSuggestionsSchema } from './schemas/suggestions.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  operatorSecret,
  routeFiles,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { anotherOrganisation, connect, scheduledCall, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = 'microsoft-csp'
/** Relecloud Hosting's agreement, on which nothing of Microsoft's is billed before these tests. */
const AGREEMENT = 31
/** A company that is no customer’s, and its agreement. */
const KITCHENS = 7_777
let world: ApiWorld
let api: CallApi
let theirs: CallApi
let companyId = 0

const ours = async () => {
  const { db } = (await import('#app/process/process.ts')).server()
  const { organisationIds } = await import('#db/directory/organisations.ts')
  const [of = ''] = await organisationIds(db)
  return { db, of }
}
const scan = (who = api) => readAnswer(who, scanSchema, 'GET', '/api/connectwise/scan')
const start = (who = api) => readAnswer(who, scanSchema, 'POST', '/api/connectwise/scan')
const stop = (who = api) => readAnswer(who, stoppedScanSchema, 'POST', '/api/connectwise/scan/stop')
const scanned = async () => {
  await start()
  await settled()
  return scan()
}
const deny = (denied: readonly string[]) =>
  fetch(`${world.connectWise.url}/control/role`, { method: 'PUT', body: JSON.stringify({ denied }) })
const unclaimed = (who = api) =>
  readAnswer(who, unclaimedCompaniesSchema, 'GET', `/api/programs/${P}/companies-without-customer`)
const additionReads = () =>
  world.connectWise.requests
    .report()
    .requests.flatMap(({ path }) => /agreements\/(\d+)\/additions/.exec(path)?.[1] ?? [])
const put = (
  table: 'additions' | 'catalog' | 'companies' | 'agreements',
  row: { readonly id: number } & Readonly<Record<string, unknown>>,
) => world.connectWise.store.put(table, row, 'clerk')

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  await connect(world, api)
  theirs = (await anotherOrganisation()).api
  await world.issueNextInvoice()
  await scheduledCall()
  await work()
  companyId =
    world.connectWise.store.all('companies').find((row) => row['identifier'] === 'Relecloud')?.id ?? 0
})
afterAll(() => world.stop())
beforeEach(() => world.connectWise.faults.clear())

describe('a full scan', () => {
  it('is none before somebody asks for it, and nothing is found by it', async () => {
    expect(await scan()).toMatchObject({ state: 'never', readAt: null, read: 0, of: 0 })
    expect(await unclaimed()).toMatchObject({ companies: [], total: 0, readAt: null })
    expect(await stop()).toEqual({ stopped: false })
  })

  it('reads each active agreement once, says how old it is, and who asked for it [J7]', async () => {
    const { store } = world.connectWise
    const active = store.all('agreements').filter((row) => row['cancelledFlag'] !== true)
    expect(await start()).toMatchObject({ state: 'running' })
    await settled()
    const found = await scan()
    expect(found).toMatchObject({ state: 'finished', refused: 0, note: null, contacts: null })
    expect(found.read).toBe(found.of)
    expect(found.of).toBeGreaterThan(10)
    expect(found.of).toBeLessThanOrEqual(active.length)
    expect(Date.now() - Date.parse(found.readAt ?? '')).toBeLessThan(60_000)
    const read = additionReads()
    expect(new Set(read).size).toBeGreaterThanOrEqual(found.of)
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit?action=scan-connectwise')
    expect(events.map(({ actor }) => actor)).toEqual(['owner@northwind.example'])
  })

  it('is of one organisation, and another’s is its own [I2]', async () => {
    expect(await scan(theirs)).toMatchObject({ state: 'never', readAt: null })
    expect(await refusal(theirs('POST', '/api/connectwise/scan'))).toMatchObject({
      code: 'connectwise-not-connected',
    })
    expect(await unclaimed(theirs)).toMatchObject({ total: 0, readAt: null })
  })

  it('leaves out what one agreement does not give, and counts it', async () => {
    world.connectWise.faults.add([{ kind: '403', path: `*/finance/agreements/${AGREEMENT}/additions*` }])
    expect(await scanned()).toMatchObject({ state: 'finished', refused: 1 })
  })

  it('goes without contacts where the role may not read them, and says so once [J7]', async () => {
    await deny(['Companies/Contacts'])
    const { state, contacts } = await scanned()
    await deny([])
    expect(state).toBe('finished')
    expect(contacts).toBe(
      'Contacts were not read: the API member’s role lacks “Companies / Contacts: Inquire”.',
    )
    expect((await scanned()).contacts).toBeNull()
  })

  it('has failed where ConnectWise cannot be asked, keeps what was read before, and goes on when it is asked to', async () => {
    const { readAt } = await scan()
    await deny(['Finance/Agreements'])
    expect(await scanned()).toMatchObject({ state: 'failed', readAt, note: expect.any(String) })
    await deny([])
    const again = await scanned()
    expect(again.state).toBe('finished')
    expect(Date.parse(again.readAt ?? '')).toBeGreaterThan(Date.parse(readAt ?? ''))
  })
})

describe('by a full scan', () => {
  const tenant = {
    id: 'far-away',
    customerId: '',
    customerName: 'Umbrella Soups',
    domain: 'umbrella-soups.example',
    status: 'Active',
    subscriptions: [
      {
        id: 'sub-of-soups',
        tenantId: 'far-away',
        productId: 'product',
        productName: 'Product',
        displayTemplate: '',
        status: 'Active',
      },
    ],
    keptSubscriptions: [],
  }
  const companiesOf = () =>
    readAnswer(api, companySuggestionsSchema, 'GET', `/api/programs/${P}/customers/far-away/suggestions`)

  it('a company is found by the ids on its additions though nothing of its name is alike, without reading additions again [J7]', async () => {
    const { db, of } = await ours()
    await storeTenants(db, of, P, [tenant])
    const [any] = world.connectWise.store.all('additions')
    put('additions', { ...any, id: 9_999, agreementId: AGREEMENT, serialNumber: 'SUB-OF-SOUPS' })
    expect((await companiesOf()).suggested).toEqual([])
    const { readAt } = await scanned()
    const before = additionReads().length
    const found = await companiesOf()
    expect(found).toMatchObject({ readAt, contacts: null })
    expect(found.suggested[0]).toMatchObject({ company: { id: companyId }, isLikely: true })
    expect(found.suggested[0]?.agreement?.id).toBe(AGREEMENT)
    const { customers } = await readAnswer(
      api,
      mappingSuggestionsSchema,
      'GET',
      `/api/programs/${P}/suggestions?page=1`,
    )
    expect(customers.find(({ tenantId }) => tenantId === 'far-away')?.suggested?.company.id).toBe(companyId)
    expect(additionReads().length).toBe(before)
  })

  it('a company with Microsoft’s products and no customer is listed with what it bills, by items of PRISM Connect’s, too [J7]', async () => {
    const { store } = world.connectWise
    const company = { ...store.get('companies', companyId), id: KITCHENS, identifier: 'Kitchens' }
    put('companies', { ...company, name: 'Pinkerton Kitchens' })
    const its = { company: { id: KITCHENS, identifier: 'Kitchens', name: 'Pinkerton Kitchens' } }
    put('agreements', { ...store.get('agreements', AGREEMENT), ...its, id: KITCHENS })
    const linked = store.all('catalog').find((row) => row['identifier'] === 'EXO-P1')
    const sku = String(linked?.['vendorSku']).trim()
    put('catalog', { ...linked, id: 8_888, identifier: `P1M:M ${sku}`, vendorSku: `P1M:M ${sku}` })
    const [any] = store.all('additions')
    const billed = {
      ...any,
      agreementId: KITCHENS,
      product: { id: 8_888 },
      quantity: 7,
      lessIncluded: 0,
      unitPrice: 12.5,
      billCustomer: 'Billable',
      cancelledDate: undefined,
    }
    put('additions', { ...billed, id: 9_996, serialNumber: 'unknown-to-prism' })
    put('additions', { ...billed, id: 9_998, serialNumber: '', quantity: 2 })
    put('additions', { ...billed, id: 9_997, serialNumber: '', billCustomer: 'DoNotBill' })
    await scanned()
    const { companies, currency, amount } = await unclaimed()
    const found = companies.find((each) => each.companyId === KITCHENS)
    expect(found).toMatchObject({
      companyName: 'Pinkerton Kitchens',
      amount: '112.5',
      agreements: [
        {
          id: KITCHENS,
          amount: '112.5',
          products: [{ quantity: '16' }],
          serials: { known: 0, unknown: 1, none: 2 },
        },
      ],
    })
    expect(currency).toBe('AUD')
    expect(Number(amount)).toBeGreaterThanOrEqual(112.5)
    expect(companies.map((each) => Number(each.amount))).toEqual(
      companies.map((each) => Number(each.amount)).toSorted((a, b) => b - a),
    )
  })

  it('a company is no longer listed once a customer is mapped to it, and nothing is kept of another ConnectWise', async () => {
    const { db, of } = await ours()
    const { putMapping } = await import('#db/mappings/mappings.ts')
    await putMapping(db, of, P, 'far-away', {
      companyId: KITCHENS,
      agreementId: KITCHENS,
      syncEnabled: false,
    })
    expect((await unclaimed()).companies.map((each) => each.companyId)).not.toContain(KITCHENS)
    await api('DELETE', '/api/connections/connectwise')
    expect(await scan()).toMatchObject({ state: 'never' })
  })
})

it('has had a good answer of every endpoint of these', () => {
  expect(
    notAnswered(routeFiles.filter((file) => /^connectwise\/scan|companies-without-customer$/.test(file))),
  ).toEqual([])
})
