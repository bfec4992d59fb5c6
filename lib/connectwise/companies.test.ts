/** The picker of companies finds anything, also among 20,000 (E2). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createClock } from '#standin/http/clock.ts'
import { createConnectWiseClient } from './client.ts'
import type { ConnectWiseClient } from './values.ts'

const COMPANIES = 20_000
const company = (id: number, name: string, identifier = `c${id}`) => ({
  id,
  name,
  identifier,
  deletedFlag: false,
})

const closing: (() => Promise<void>)[] = []
async function among(companies: number) {
  const connectWise = createConnectWise({
    seed: tinySeed({
      companies: [
        ...Array.from({ length: companies }, (_, at) => company(1_000 + at, `Aaa ${at % 7} Trading Zest`)),
        company(1, 'Zest'),
        company(2, 'The Zoo', 'Trading'),
        company(3, 'Zz Traders O’Neil'),
        company(4, `Zz "Quoted" Trading`),
        company(5, '100%'),
        { ...company(6, 'Zest'), deletedFlag: true },
      ],
    }),
    clock: createClock('2026-09-15'),
  })
  const url = await connectWise.listen(0)
  closing.push(() => connectWise.close())
  const client = createConnectWiseClient({
    site: url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'client-id-of-ours',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(url).host]) }),
  })
  return { client, requests: () => connectWise.requests.report().requests.length }
}

let client: ConnectWiseClient
let requests: () => number
beforeAll(async () => {
  ;({ client, requests } = await among(COMPANIES))
})
afterAll(async () => {
  for (const close of closing) await close()
})

const found = async (search: string) => (await client.companies(search)).records
const firstOf = async (search: string) => (await found(search))[0]?.id

describe('a search among 20,000 companies that all have its word', () => {
  it('has first what is called so, by name and by identifier, behind whatever it comes by name', async () => {
    expect(await firstOf('Zest')).toBe(1)
    expect(await firstOf('zest')).toBe(1)
    expect(await firstOf('trading')).toBe(2)
    expect(await firstOf('c15432')).toBe(15_432)
  })
  it('has first what begins so, and shows a hundred', async () => {
    expect(await firstOf('the z')).toBe(2)
    expect(await found('trading')).toHaveLength(100)
  })
  it('finds words in any order, and what is typed with too many spaces', async () => {
    expect(await firstOf(' zoo  the ')).toBe(2)
    expect(await found('zest  6   aaa')).toHaveLength(100)
    expect(await found('zest zoo')).toEqual([])
  })
  it('costs one request, and three more where the page is full', async () => {
    const before = requests()
    await found('neil')
    expect(requests() - before).toBe(1)
    await found('trading')
    expect(requests() - before).toBeLessThanOrEqual(5)
  })
})

it('finds what ConnectWise cannot be asked for, on whichever page it is', async () => {
  const { client: of } = await among(2_500)
  const firstId = async (search: string) => (await of.companies(search)).records[0]?.id
  expect(await firstId('"quoted" trading')).toBe(4)
  expect(await firstId('100%')).toBe(5)
  expect(await firstId(`'trading`)).toBeUndefined()
  const quoted = await of.companiesNamed({ ids: [], texts: [`zz "quoted" trading`] })
  expect(quoted.records.map(({ id }) => id)).toContain(4)
})

it('gives many companies by id, identifier and name in short addresses, and no deleted one', async () => {
  const before = requests()
  const many = Array.from({ length: 250 }, (_, at) => 1_000 + at)
  const { records } = await client.companiesNamed({
    ids: [...many, 999_999],
    texts: ['ZEST', 'trading', 'nobody'],
  })
  expect(records.map(({ id }) => id).sort((a, b) => a - b)).toEqual([1, 2, ...many])
  expect(requests() - before).toBe(5)
})

it('gives the agreements of many companies, one request per 100', async () => {
  const before = requests()
  const { records } = await client.agreementsOfCompanies([
    10,
    ...Array.from({ length: 199 }, (_, at) => at + 500),
  ])
  expect(records.map(({ id, company: { id: of } }) => [id, of])).toEqual([[30, 10]])
  expect(requests() - before).toBe(2)
})
