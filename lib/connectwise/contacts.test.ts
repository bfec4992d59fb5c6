/** The domains of contacts' mail (J7): read in bulk, and only of contacts that are in use. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { tinySeed } from '#standin/connectwise/testing.ts'
import { createClock } from '#standin/http/clock.ts'
import { createConnectWiseClient } from './client.ts'
import { mailDomainOf } from './inferred.ts'

const MANY = 2_500
const contact = (id: number, company: number | null, ...communicationItems: object[]) => ({
  id,
  name: `Contact ${id}`,
  ...(company === null ? {} : { company: { id: company } }),
  inactiveFlag: false,
  communicationItems,
})
const mail = (value: string) => ({ id: 1, value, communicationType: 'Email' })

const connectWise = createConnectWise({
  seed: tinySeed({
    contacts: [
      contact(1, 10, mail('Ann@Wingtip.example'), mail('ann@wingtip.example'), {
        id: 2,
        value: '02 5550 1234',
        communicationType: 'Phone',
      }),
      { ...contact(2, 10, mail('gone@elsewhere.example')), inactiveFlag: true },
      contact(3, null, mail('nobody@nowhere.example')),
      contact(20, 10),
      ...Array.from({ length: MANY }, (_, at) => contact(100 + at, 11, mail(`p${at}@fabrikam.example`))),
    ],
  }),
  clock: createClock('2026-09-15'),
})
let url: string
let client: ReturnType<typeof createConnectWiseClient>
beforeAll(async () => {
  url = await connectWise.listen(0)
  client = createConnectWiseClient({
    site: url,
    companyId: 'acme',
    publicKey: 'pub',
    privateKey: new Secret('priv'),
    clientId: 'client-id-of-ours',
    codebase: 'v2025_1',
    guard: createGuard({ trustedHosts: new Set([new URL(url).host]) }),
  })
})
afterAll(() => connectWise.close())

const deny = (denied: readonly string[]) =>
  fetch(`${url}/control/role`, { method: 'PUT', body: JSON.stringify({ denied }) })
const requests = () => connectWise.requests.report().requests.length

describe('contacts', () => {
  it('of some companies are those in use, each with the domains of its mail once [J7]', async () => {
    const { records } = await client.contactsOfCompanies([10])
    expect(records).toEqual([
      { id: 1, companyId: 10, mailDomains: ['wingtip.example'] },
      { id: 20, companyId: 10, mailDomains: [] },
    ])
  })

  it('of all companies are a request for each 1,000 [J7]', async () => {
    const before = requests()
    const { records } = await client.everyContact()
    expect(records.length).toBe(MANY + 3)
    expect(records.find(({ id }) => id === 3)).toEqual({
      id: 3,
      companyId: null,
      mailDomains: ['nowhere.example'],
    })
    expect(requests() - before).toBe(3)
  })

  it('of many companies are a request for each 100 of them', async () => {
    const before = requests()
    await client.contactsOfCompanies(Array.from({ length: 250 }, (_, at) => 1_000 + at))
    expect(requests() - before).toBe(3)
  })

  it('that the role may not read are refused with what the preflight says, too [A6]', async () => {
    await deny(['Companies/Contacts:Inquire'])
    await expect(client.everyContact()).rejects.toMatchObject({ status: 403 })
    expect(await client.permissions()).toContainEqual({
      area: 'Companies / Contacts',
      level: 'Inquire',
      state: 'missing',
      isOptional: true,
    })
    await deny([])
    expect(await client.permissions()).toContainEqual(
      expect.objectContaining({ area: 'Companies / Contacts', state: 'granted' }),
    )
  })
})

it.each([
  ['ann@wingtip.example', 'Email', 'wingtip.example'],
  [' Ann@WINGTIP.example ', '', 'wingtip.example'],
  ['ann@wingtip.example', 'Work E-Mail', 'wingtip.example'],
  ['ann@wingtip.example', 'Fax', null],
  ['02 5550 1234', 'Email', null],
  ['ann@', 'Email', null],
  ['a@b@c.example', 'Email', null],
  ['', '', null],
])('takes the address %j of the type %j for mail at %j', (value, communicationType, domain) => {
  expect(mailDomainOf({ value, communicationType })).toBe(domain)
})
