/** Suggested customers of a company and companies of a customer (J7), over the API and against ConnectWise's stand-in. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { organisationIds } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { storeTenants } from '#db/prism/tenants.ts'
import { podContentSchema } from './schemas/pod.ts'
import { companySuggestionsSchema, mappingSuggestionsSchema } from './schemas/suggestions.ts'
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
const lookAtSubscription = async (tenantId: string, name: string, subscriptionId: string) => {
  const { db, of } = await ours()
  const subscription = {
    id: subscriptionId,
    tenantId,
    productId: 'product',
    productName: 'Product',
    displayTemplate: '',
    status: 'Active',
  }
  await storeTenants(db, of, P, [
    {
      id: tenantId,
      customerId: '',
      customerName: name,
      domain: '',
      status: 'Active',
      subscriptions: [subscription],
      keptSubscriptions: [],
    },
  ])
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
      suggested: [
        {
          company: { id: companyId },
          isLikely: false,
          evidence: [
            { kind: 'name', reason: 'same name' },
            { kind: 'against', reason: 'but not the domain elsewhere.example' },
          ],
        },
      ],
      others: [],
      search: 'Relecloud',
    })
    expect(await companiesOf('at-domain')).toMatchObject({
      suggested: [
        {
          company: { id: companyId },
          evidence: [{ kind: 'domain', reason: 'same domain' }, { kind: 'prefix' }],
        },
      ],
      search: 'Something',
    })
    expect(await companiesOf('other-3')).toMatchObject({ suggested: [], others: [{ id: companyId }] })
  })

  it('are found by what the customer was called before', async () => {
    const { suggested } = await companiesOf('other-7')
    expect(suggested.map(({ evidence }) => evidence.map(({ kind }) => kind))).toEqual([
      ['former-name', 'against'],
    ])
  })

  it('are likely by the ids on additions, and so is the agreement, in a bounded number of requests', async () => {
    await lookAtSubscription('with-ids', 'Relecloud Cellars', 'SUB-OF-CELLARS')
    const { store, requests } = world.connectWise
    const [any] = store.all('additions')
    // Its name alone, of which the one word is everybody's, says too little.
    expect(await companiesOf('with-ids')).toMatchObject({ suggested: [], others: [{ id: companyId }] })
    store.put(
      'additions',
      { ...any, id: 9_999, agreementId: AGREEMENT, serialNumber: 'sub-of-cellars' },
      'clerk',
    )
    // PRISM, which says in which currency it invoices, is not connected here.
    const { currency: _, ...agreement } = store.get('agreements', AGREEMENT) ?? { id: AGREEMENT }
    store.put('agreements', { ...agreement, id: AGREEMENT }, 'clerk')
    const asked = requests.report().total
    const { suggested, agreements } = await companiesOf('with-ids')
    expect(suggested[0]).toMatchObject({
      company: { id: companyId },
      isLikely: true,
      agreement: { id: AGREEMENT, isLikely: true },
    })
    expect(suggested[0]?.evidence[0]?.kind).toBe('serial')
    expect(agreements.read).toBe(Math.min(8, agreements.of))
    // Four searches, the agreements and contacts of the candidates, their additions, and the items of these.
    expect(requests.report().total - asked).toBeLessThanOrEqual(4 + 1 + 1 + agreements.read + 1)
  })

  it('are found by the domain of their contacts’ mail, and without it where the role may not read them, which is said [J7]', async () => {
    await look([['by-mail', 'Relecloud Hosting', 'relecloud-mail.example']])
    const { store, url } = world.connectWise
    const deny = (denied: readonly string[]) =>
      fetch(`${url}/control/role`, { method: 'PUT', body: JSON.stringify({ denied }) })
    const item = { id: 1, value: 'ann@relecloud-mail.example', communicationType: 'Email' }
    const row = { id: 9_001, name: 'Ann', company: { id: companyId }, inactiveFlag: false }
    store.put('contacts', { ...row, communicationItems: [item] }, 'clerk')
    const kinds = async () => {
      const { suggested, contacts } = await companiesOf('by-mail')
      return { contacts, kinds: suggested[0]?.evidence.map(({ kind }) => kind) }
    }
    expect(await kinds()).toEqual({ contacts: null, kinds: ['contact-domain', 'name', 'identifier'] })
    await deny(['Companies/Contacts'])
    try {
      const found = await kinds()
      expect(found.kinds).not.toContain('contact-domain')
      expect(found.contacts).toBe(
        'Contacts were not read: the API member’s role lacks “Companies / Contacts: Inquire”.',
      )
    } finally {
      await deny([])
      store.remove('contacts', 9_001, 'clerk')
    }
  })

  it('are suggested without what ConnectWise does not give of their agreements', async () => {
    world.connectWise.faults.add([{ kind: '403', path: '*/finance/agreements*' }])
    const found = await companiesOf('named')
    world.connectWise.faults.clear()
    expect(found).toMatchObject({
      suggested: [{ company: { id: companyId }, isLikely: false, agreement: null }],
      agreements: { read: 0, of: 0 },
    })
  })

  it('are none of a customer whose name says nothing', async () => {
    expect((await companiesOf('empty')).suggested).toEqual([])
  })

  it('are not there for a customer that nobody has', async () => {
    const asked = api('GET', `/api/programs/${P}/customers/nobody/suggestions`)
    expect(await refusal(asked)).toMatchObject({ code: 'not-found' })
  })
})

describe('the customers that are mapped nowhere [J7]', () => {
  const page = (number: number, more = '') =>
    readAnswer(api, mappingSuggestionsSchema, 'GET', `/api/programs/${P}/suggestions?page=${number}${more}`)

  it('are listed with their best suggestion, likely ones first, in one reading of all companies', async () => {
    await look([['at-once', 'Relecloud Hosting Pty Ltd', 'hosting.example']])
    await look([
      ['named', 'Umbrella Soups', ''],
      ['at-domain', 'Umbrella Stews', ''],
    ])
    const { requests } = world.connectWise
    const asked = requests.report().total
    const first = await page(1)
    expect(requests.report().total - asked).toBe(3)
    expect(first.customers[0]).toMatchObject({
      tenantId: 'at-once',
      suggested: { company: { id: companyId }, isLikely: true },
    })
    expect(first.customers.length).toBe(first.pageSize)
    expect(first.companies).toBeGreaterThan(20)
    const all = [...first.customers, ...(await page(2)).customers]
    expect(new Set(all.map(({ tenantId }) => tenantId)).size).toBe(first.total)
    // Mapped above.
    expect(all.map(({ tenantId }) => tenantId)).not.toContain('zz-named-too')
    expect(all.filter(({ suggested }) => suggested?.isLikely).length).toBe(first.likely)
    for (const { isAboveLine, suggested } of all)
      expect(isAboveLine).toBe(suggested?.isLikely === true && suggested.agreement?.isLikely === true)
  })
  it('are above the line by what additions carry, where these are read', async () => {
    // Of its name only a word is everybody's, so that it is found by the additions of a company of which the name is alike.
    await look([['with-ids', 'Relecloud Hosting Cellars', '']])
    const rowOf = async (more: string) => {
      const all = [...(await page(1, more)).customers, ...(await page(2, more)).customers]
      return all.find(({ tenantId }) => tenantId === 'with-ids')
    }
    expect(await rowOf('')).toMatchObject({ isAboveLine: false, suggested: { company: { id: companyId } } })
    expect(await rowOf('&additions=yes')).toMatchObject({
      isAboveLine: true,
      suggested: { company: { id: companyId }, agreement: { id: AGREEMENT } },
    })
    const { agreements } = await page(1, '&additions=yes')
    expect(agreements.read).toBeGreaterThan(0)
    expect(agreements.read).toBeLessThanOrEqual(150)
  })
})
