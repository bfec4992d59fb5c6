/** The search box over the API (J15): what is found of each kind, in which order, for whom, and what odd texts come to. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { products } from '#db/prism/tables.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { type Found, type SearchKind, searchSchema } from './schemas/search.ts'
import { type ApiWorld, asOwner, type CallApi, operatorSecret, startApiWorld } from './testing/api-world.ts'
import { customer } from './testing/inbox-world.ts'
import {
  anotherOrganisation,
  connect,
  joined,
  mapCustomer,
  switchSyncOn,
  work,
} from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

let world: ApiWorld
let api: CallApi
let stranger: CallApi

const found = (q: string, by = api): Promise<Found> =>
  readAnswer(by, searchSchema, 'GET', `/api/search?${new URLSearchParams({ q })}`)
const hits = ({ groups }: Found, kind: SearchKind) => groups.find((group) => group.kind === kind)?.hits ?? []
const kinds = ({ groups }: Found): string[] => groups.map(({ kind }) => kind)

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  await world.issueNextInvoice()
  await mapCustomer(api, coho)
  await work()
  stranger = (await anotherOrganisation()).api
})
afterAll(() => world.stop())

describe('the search box [J15]', () => {
  it('finds a customer by words of its name, by its domain and by its id, and leads to its page', async () => {
    const page = `${P}/customers/${coho.tenantId}`
    for (const q of [
      'Coho Winery',
      'coho',
      'winery coho',
      '  COHO   win ',
      'cohowinery.example',
      coho.tenantId,
    ])
      expect(hits(await found(q), 'customers')[0], q).toMatchObject({ title: 'Coho Winery', href: page })
  })

  it('finds what the customer is mapped to, by name and by number', async () => {
    const page = `${P}/customers/${coho.tenantId}`
    const byName = await found('coho winery pty')
    expect(hits(byName, 'companies')).toMatchObject([
      { title: 'Coho Winery Pty Ltd', detail: `company ${coho.companyId}`, href: page },
    ])
    expect(hits(byName, 'agreements')[0]).toMatchObject({ href: `${page}/mapping` })
    for (const q of [String(coho.agreementId).padStart(2, '0'), `#${coho.agreementId}`])
      expect(hits(await found(q), 'agreements')[0], q).toMatchObject({ href: `${page}/mapping` })
    expect(hits(await found('4294967296'), 'agreements')).toEqual([])
  })

  it('finds subscriptions by id, also by its beginning, and by name, with whose they are', async () => {
    const [first] = hits(await found('Business Premium'), 'subscriptions')
    expect(first?.title).toContain('Business Premium')
    const id = first?.detail.split(' · ')[1] ?? ''
    expect(id).not.toBe('')
    for (const q of [id, id.toUpperCase(), id.slice(0, 13)])
      expect(
        hits(await found(q), 'subscriptions').map(({ detail }) => detail.split(' · ')[1]),
        q,
      ).toContain(id)
    expect(kinds(await found(id))[0]).toBe('subscriptions')
  })

  it('finds products by SKU and name, and leads to the preview of that SKU', async () => {
    const { server } = await import('#app/process/process.ts')
    const [entry] = await server().db.select().from(products).limit(1)
    const [hit] = hits(await found(entry?.sku ?? ''), 'products')
    const search = new URLSearchParams({ search: entry?.sku ?? '' })
    expect(hit).toMatchObject({ href: `${P}/products?${search}` })
    expect(hits(await found(entry?.name ?? ''), 'products')[0]?.title).toBe(entry?.name)
  })

  it('finds a month, its invoice and its syncs by each way to write it', async () => {
    for (const q of ['April 2026', 'apr 2026', '2026-04']) {
      const all = await found(q)
      expect(hits(all, 'months'), q).toMatchObject([{ title: 'April 2026', href: `${P}/months/2026-04` }])
      expect(hits(all, 'invoices'), q).toHaveLength(1)
      expect(hits(all, 'runs').length, q).toBeGreaterThan(0)
    }
    const [invoice] = hits(await found('April 2026'), 'invoices')
    const id = invoice?.title.replace('Invoice ', '') ?? ''
    expect(hits(await found(id), 'invoices')).toEqual([invoice])
    const [run] = hits(await found('April 2026'), 'runs')
    const runId = run?.href.replace('/runs/', '') ?? ''
    for (const q of [runId, runId.slice(0, 8)]) expect(hits(await found(q), 'runs')[0], q).toEqual(run)
  })

  it('finds what a message means, by a word and by the message as it is read', async () => {
    const message =
      "There are multiple products in the ConnectWise product catalog with the VendorSku of 'CFQ7'"
    expect(hits(await found(message), 'messages')).toMatchObject([{ href: '/help/multiple-products' }])
    expect(hits(await found('inconsistent'), 'messages').map(({ href }) => href)).toContain(
      '/help/inconsistent-additions',
    )
  })

  it('finds pages by their names and by what else they are called, the one that is meant first', async () => {
    const all = await found('connections')
    expect(kinds(all)[0]).toBe('pages')
    expect(hits(all, 'pages')[0]).toMatchObject({ title: 'Connections', href: '/connections' })
    expect(hits(await found('preflight'), 'pages')).toMatchObject([{ href: '/preparation' }])
  })

  it('gives at most eight of a kind and says that there are more', async () => {
    const { groups } = await found('microsoft')
    for (const { hits: shown, more } of groups) expect(shown.length, String(more)).toBeLessThanOrEqual(8)
    expect(groups.find(({ kind }) => kind === 'subscriptions')?.more).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['what matches anything in SQL', '%%'],
    ['one place in SQL', '__'],
    ['a backslash', '\\\\'],
    ['a quote', "'; DROP TABLE runs; --"],
    ['letters of other scripts', '日本 ünïcode 😀'],
    ['many words', 'qqq zzz xxx jjj '.repeat(20)],
    ['what is an operator in patterns', '.* [a] (b|c)'],
    ['a number too large for any id', '99999999999999999999'],
    ['as long as may be', 'x'.repeat(500)],
  ])('answers %s with what fits it, which is nothing', async (_, q) => {
    expect((await found(q)).groups).toEqual([])
  })

  it.each([
    ['a NUL', 'co\0ho'],
    ['two lines', 'co\nho'],
    ['10,000 letters', 'x'.repeat(10_000)],
  ])('refuses %s in a sentence', async (_, q) => {
    const problem = await refusal(api('GET', `/api/search?${new URLSearchParams({ q })}`))
    expect(problem).toMatchObject({ code: 'request-invalid', status: 400 })
    expect(problem.fields).toEqual([
      { field: 'q', message: 'Enter what to look for of at most 500 characters, or nothing.' },
    ])
  })

  it('finds nothing of another organisation’s [I2]', async () => {
    for (const q of ['coho', coho.tenantId, 'April 2026', 'microsoft']) {
      const all = await found(q, stranger)
      const theirs = all.groups.filter(({ kind }) => kind !== 'pages' && kind !== 'messages')
      expect(theirs, q).toEqual([])
    }
  })

  it('leads nobody to a page that their role may not see', async () => {
    const body = { email: 'viewer@northwind.example', role: 'viewer' }
    const { link } = (await (await api('POST', '/api/people/invitations', { body })).json()) as {
      link: string
    }
    const viewer = await joined(link)
    for (const q of ['audit', 'connections', 'pods']) {
      expect(hits(await found(q), 'pages'), q).not.toEqual([])
      expect(hits(await found(q, viewer), 'pages'), q).toEqual([])
    }
    expect(hits(await found('coho', viewer), 'customers')).toHaveLength(1)
  })

  it('finds an agreement that a customer has left, as long as it is known', async () => {
    const { path, place } = customer('fabrikam')
    await api('PUT', `${path}/mapping`, { body: { ...place, syncEnabled: false } })
    expect(hits(await found(String(place.agreementId)), 'agreements').length).toBeGreaterThan(0)
    await api('DELETE', `${path}/mapping`)
    const [left] = hits(await found(String(place.agreementId)), 'agreements')
    expect(left).toMatchObject({ href: `${path.replace('/api', '')}/mapping` })
    expect(left?.detail).toMatch(/ · left$/)
  })
})
