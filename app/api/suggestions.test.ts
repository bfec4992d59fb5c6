/** Suggested customers of a company and companies of a customer (J7), over the API and against ConnectWise's stand-in. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { organisationIds } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { storeTenants } from '#db/prism/tenants.ts'
import { podContentSchema } from './schemas/pod.ts'
import { companySuggestionsSchema } from './schemas/suggestions.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = 'microsoft-csp'
/** Relecloud Hosting's agreement that may be mapped, and the id of the company. */
const AGREEMENT = 31
let companyId = 0
let world: ApiWorld
let api: CallApi

const ours = async () => {
  const { db } = (await import('#app/process/process.ts')).server()
  const [of = ''] = await organisationIds(db)
  return { db, of }
}
/** What PRISM lists in one look. */
const look = async (tenants: readonly (readonly [id: string, name: string, domain: string])[]) => {
  const { db, of } = await ours()
  await storeTenants(
    db,
    of,
    P,
    tenants.map(([id, customerName, domain]) => ({
      id,
      customerId: '',
      customerName,
      domain,
      status: 'Active',
      subscriptions: [],
      keptSubscriptions: [],
    })),
  )
}
const company = (set: object) => {
  const { store } = world.connectWise
  store.put('companies', { ...store.get('companies', companyId), ...set, id: companyId }, 'a clerk')
}
const unmapped = async () => {
  const content = await readAnswer(api, podContentSchema, 'GET', `/api/hosted/agreements/${AGREEMENT}`)
  if (content.state !== 'unmapped') throw new Error('Nothing is mapped to the agreement')
  return content
}
const suggestedTenants = async () =>
  (await unmapped()).suggested.map(({ customer, evidence }) => [
    customer.tenantId,
    ...evidence.map(({ reason }) => reason),
  ])
const companiesOf = (tenantId: string) =>
  readAnswer(api, companySuggestionsSchema, 'GET', `/api/programs/${P}/customers/${tenantId}/suggestions`)

beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await api('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  await settled()
  companyId =
    world.connectWise.store.all('companies').find((row) => row['identifier'] === 'Relecloud')?.id ?? 0
  await look([
    ...Array.from({ length: 60 }, (_, at) => [`other-${at}`, `Relecloud ${at}`, `r${at}.example`] as const),
    ['named', 'Relecloud Hosting GmbH', 'elsewhere.example'],
    ['at-domain', 'Something Else', 'hosting.example'],
    ['empty', 'Pty Ltd', ''],
  ])
})
afterAll(() => world.stop())

describe('the pod of an agreement without a customer [H1][J7]', () => {
  it('has the customers that may be its company, of all and not of a page, each with why', async () => {
    expect(await suggestedTenants()).toEqual([['named', 'same name']])
    company({ website: 'https://www.hosting.example/contact' })
    expect(await suggestedTenants()).toEqual([
      ['named', 'same name'],
      ['at-domain', 'same domain'],
    ])
    expect(await unmapped()).toMatchObject({ search: 'Relecloud' })
  })

  it('has two customers of the same name both, and the mapped one last', async () => {
    await look([
      ['named', 'Relecloud Hosting GmbH', 'elsewhere.example'],
      ['zz-named-too', 'RELECLOUD  HOSTING', ''],
    ])
    expect((await suggestedTenants()).slice(0, 2)).toEqual([
      ['zz-named-too', 'same name'],
      ['named', 'same name'],
    ])
    const { db, of } = await ours()
    const other = { companyId, agreementId: 30, syncEnabled: false }
    await putMapping(db, of, P, 'zz-named-too', other)
    const suggested = (await unmapped()).suggested
    expect(suggested.map(({ customer }) => customer.tenantId)).toEqual(['named', 'at-domain', 'zz-named-too'])
    expect(suggested.at(-1)?.customer.mapping).toMatchObject({ agreementId: 30 })
  })

  it('has a customer by what it was called before', async () => {
    await look([['other-7', 'Relecloud Hosting', 'r7.example']])
    await look([['other-7', 'Umbrella Tea', 'umbrella.example']])
    expect(await suggestedTenants()).toContainEqual(['other-7', 'formerly named relecloud hosting'])
  })

  it('tells the company by its name alone where ConnectWise does not give the rest', async () => {
    world.connectWise.faults.add([{ kind: '403', path: '*/company/companies/*' }])
    const suggested = await suggestedTenants()
    world.connectWise.faults.clear()
    expect(suggested).toContainEqual(['named', 'same name'])
    expect(suggested).not.toContainEqual(['at-domain', 'same domain'])
  })
})

describe('the suggested companies of a customer [E2][J7]', () => {
  it('are found in ConnectWise by its name and by its domain, and others by a word of the name', async () => {
    expect(await companiesOf('named')).toMatchObject({
      suggested: [{ company: { id: companyId }, evidence: [{ kind: 'name', reason: 'same name' }] }],
      others: [],
      search: 'Relecloud',
    })
    expect(await companiesOf('at-domain')).toMatchObject({
      suggested: [{ company: { id: companyId }, evidence: [{ kind: 'domain', reason: 'same domain' }] }],
      search: 'Something',
    })
    expect(await companiesOf('other-3')).toMatchObject({ suggested: [], others: [{ id: companyId }] })
  })

  it('are found by what the customer was called before', async () => {
    const { suggested } = await companiesOf('other-7')
    expect(suggested.map(({ evidence }) => evidence.map(({ kind }) => kind))).toEqual([['former-name']])
  })

  it('are none of a customer whose name says nothing', async () => {
    expect((await companiesOf('empty')).suggested).toEqual([])
  })

  it('are not there for a customer that nobody has', async () => {
    const asked = api('GET', `/api/programs/${P}/customers/nobody/suggestions`)
    expect(await refusal(asked)).toMatchObject({ code: 'not-found' })
  })
})
