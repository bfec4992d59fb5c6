/** Customers that are mapped nowhere are matched: accepted as suggested, taken back, or never mapped (J7). */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { previewSchema } from '#lib/billing/plan-money.ts'
import { connectWiseSeed, prismClient } from '../../standin/data/index.ts'
import { generateMisspelt } from '../../standin/generator/misspelt-seeds.ts'
import { auditSchema } from './schemas/audit.ts'
import { customersSchema, mappedCustomerSchema } from './schemas/customers.ts'
import { matchedSchema, matchesTakenBackSchema, neverMappedSchema, reviewSchema } from './schemas/mappings.ts'
import { mappingSuggestionsSchema } from './schemas/suggestions.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  operatorSecret,
  routeFiles,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { anotherOrganisation, connect, joined, switchSyncOn, work } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const { prism, connectWise, partner } = generateMisspelt({
  seed: 7,
  tenants: 120,
  companies: 150,
  book: 'by-hand',
  most: 2,
  site: connectWiseSeed().site,
  clients: [prismClient],
})

let world: ApiWorld
let api: CallApi
let clerk: CallApi
let viewer: CallApi
let theirs: CallApi
beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret }, connectWise, prism)
  api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  theirs = (await anotherOrganisation()).api
  const invited = async (role: string) => {
    const body = { email: `${role}@northwind.example`, role }
    const answer = await api('POST', '/api/people/invitations', { body })
    return joined(((await answer.json()) as { link: string }).link)
  }
  clerk = await invited('clerk')
  viewer = await invited('viewer')
  await world.issueNextInvoice()
  await work()
})
afterAll(() => world.stop())

const page = (more = '', who = api) =>
  readAnswer(who, mappingSuggestionsSchema, 'GET', `${P}/suggestions?additions=yes${more}`)
const mapped = async () =>
  new Map(
    (await readAnswer(api, customersSchema, 'GET', `${P}/customers?state=mapped`)).customers.map((each) => [
      each.tenantId,
      each.mapping,
    ]),
  )
const clear = async () => {
  for (;;) {
    const all = [...(await mapped()).keys()]
    if (all.length === 0) return
    for (const tenantId of all) await done(api, 'DELETE', `${P}/customers/${tenantId}/mapping?leave=true`)
  }
}
beforeEach(clear)

type Suggested = Awaited<ReturnType<typeof page>>['customers'][number]
const matchOf = ({ tenantId, suggested }: Suggested) => ({
  tenantId,
  companyId: suggested?.company.id ?? 0,
  agreementId: suggested?.agreement?.id ?? 0,
})
const above = async () => (await page()).customers.filter(({ isAboveLine }) => isAboveLine)
const review = (matches: object[], who = api) =>
  readAnswer(who, reviewSchema, 'POST', `${P}/customers/match/review`, { matches })
const accept = (body: object, who = api) =>
  readAnswer(who, matchedSchema, 'POST', `${P}/customers/match`, body)
const refused = (body: object, who = api) => refusal(who('POST', `${P}/customers/match`, { body }))
const undo = (acceptance: string, who = api) =>
  readAnswer(who, matchesTakenBackSchema, 'POST', `${P}/customers/match/${acceptance}/undo`)

describe('the customers to match', () => {
  it('are gone on with where the list was left, whoever of it was mapped since, and companies are read once', async () => {
    const first = await page()
    expect(first).toMatchObject({ total: 120, left: 70, pageSize: 50 })
    const [one] = first.customers.filter(({ isAboveLine }) => isAboveLine)
    if (one === undefined) throw new Error('One is above the line')
    await accept({ matches: [matchOf(one)] })
    const asked = () =>
      world.connectWise.requests.report().requests.filter(({ path }) => /company\/companies(\?|$)/.test(path))
        .length
    const before = asked()
    const second = await page(`&after=${first.customers.at(-1)?.tenantId}`)
    const third = await page(`&after=${second.customers.at(-1)?.tenantId}`)
    expect(asked()).toBe(before)
    const all = [first, second, third].flatMap(({ customers }) => customers.map(({ tenantId }) => tenantId))
    expect(new Set(all).size).toBe(120)
    expect([second.total, second.left, third.left, third.customers.length]).toEqual([119, 20, 0, 20])
  })

  it('have a second candidate and what the newest invoice has of them', async () => {
    const { customers, currency } = await page()
    expect(currency).toBe('AUD')
    expect(customers.some(({ second }) => second !== null)).toBe(true)
    const invoiced = customers.map(({ invoiced }) => invoiced)
    expect(invoiced.every((each) => each?.period === '2026-04' && Number(each.price) > 0)).toBe(true)
  })

  it('above the line are whose they are in truth', async () => {
    const found = await above()
    expect(found.length).toBeGreaterThan(20)
    for (const each of found) expect(matchOf(each)).toMatchObject(partner.truth.get(each.tenantId) ?? {})
  })
})

describe('suggestions that are accepted', () => {
  it('are mapped as they were shown but for who is left out, their Sync off, and noted', async () => {
    const found = (await above()).slice(0, 4)
    const matches = found.map(matchOf)
    const { seen, counts } = await review(matches, clerk)
    expect(counts).toMatchObject({ map: 4, wrong: 0 })
    expect((await mapped()).size).toBe(0)
    const leftOut = [matches[1]?.tenantId]
    const { saved, acceptance } = await accept({ matches, seen, leftOut }, clerk)
    expect(saved).toBe(3)
    const now = await mapped()
    expect([...now.keys()].sort()).toEqual(
      matches
        .filter((_, at) => at !== 1)
        .map(({ tenantId }) => tenantId)
        .sort(),
    )
    expect([...now.values()].every((each) => each?.syncEnabled === false)).toBe(true)
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events[0]).toMatchObject({
      action: 'accept-mappings',
      actor: 'clerk@northwind.example',
      detail: { saved: 3, acceptance },
    })
  })

  it('are none where one of them was mapped, or is never to be, since they were shown', async () => {
    const [one, two, three] = await above()
    if (one === undefined || two === undefined || three === undefined)
      throw new Error('Three are above the line')
    const matches = [one, two, three].map(matchOf)
    const { seen } = await review(matches)
    await accept({ matches: [matchOf(two)] })
    expect(await refused({ matches, seen })).toMatchObject({ code: 'conflict' })
    expect([...(await mapped()).keys()]).toEqual([two.tenantId])
    await clear()
    await done(api, 'PUT', `${P}/customers/${three.tenantId}/never`, { reason: 'ours' })
    expect(await refused({ matches, seen })).toMatchObject({ code: 'conflict' })
    expect((await review(matches)).changes[0]).toMatchObject({
      does: 'wrong',
      tenantId: three.tenantId,
      problems: [{ says: expect.stringMatching(/says that it is never mapped \(ours\)/) }],
    })
    await done(api, 'DELETE', `${P}/customers/${three.tenantId}/never`)
    expect((await mapped()).size).toBe(0)
  })

  it('one by one need no review, and are refused with the reason', async () => {
    const [one, two] = await above()
    if (one === undefined || two === undefined) throw new Error('Two are above the line')
    expect(await refused({ matches: [one, two].map(matchOf) })).toMatchObject({ code: 'request-invalid' })
    expect(await refused({ matches: [matchOf(one), matchOf(one)], seen: 'a'.repeat(64) })).toMatchObject({
      code: 'request-invalid',
    })
    expect(
      await refused({ matches: [{ ...matchOf(one), agreementId: matchOf(two).agreementId }] }),
    ).toMatchObject({ code: 'conflict', detail: expect.stringMatching(/belongs to/) })
    await accept({ matches: [matchOf(one)] })
    expect(await refused({ matches: [matchOf(one)] })).toMatchObject({
      code: 'conflict',
      detail: expect.stringMatching(/^It is mapped to .* since this was suggested/),
    })
  })

  it('are never on an agreement that may not be used', async () => {
    const unfit = partner.companies.flatMap(({ id, agreements }) =>
      agreements
        .filter(({ isFit }) => !isFit)
        .map((agreement) => ({ companyId: id, agreementId: agreement.id })),
    )[0]
    const [one] = await above()
    expect(await refused({ matches: [{ tenantId: one?.tenantId, ...unfit }] })).toMatchObject({
      code: 'conflict',
      detail: expect.stringMatching(/does not prorate/),
    })
  })
})

describe('what was accepted together', () => {
  const together = async (count: number) => {
    const matches = (await above()).slice(0, count).map(matchOf)
    const { seen } = await review(matches)
    const { acceptance } = await accept({ matches, seen })
    return { matches, acceptance }
  }

  it('is taken back, that alone, and noted', async () => {
    const [, , other] = await above()
    if (other === undefined) throw new Error('Three are above the line')
    const { matches, acceptance } = await together(2)
    await accept({ matches: [matchOf(other)] })
    expect(await undo(acceptance, clerk)).toEqual({
      takenBack: expect.arrayContaining(matches.map(({ tenantId }) => tenantId)),
      kept: [],
    })
    expect([...(await mapped()).keys()]).toEqual([other.tenantId])
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events[0]).toMatchObject({
      action: 'undo-accepted-mappings',
      detail: { takenBack: 2, kept: 0, acceptance },
    })
    expect(events.slice(1, 3).map(({ action }) => action)).toEqual(['unmap-customer', 'unmap-customer'])
    expect(await refusal(api('POST', `${P}/customers/match/${acceptance}/undo`))).toMatchObject({
      code: 'not-found',
    })
  })

  it('stays where a sync has written since, and where somebody moved it', async () => {
    const { matches, acceptance } = await together(3)
    const [first, second, third] = matches
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('Three were accepted')
    const { tenantId, ...place } = first
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${P}/customers/${tenantId}/mapping`, {
      ...place,
      syncEnabled: true,
    })
    await api('POST', `${P}/customers/${tenantId}/sync`)
    await work()
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${P}/customers/${third.tenantId}/mapping`, {
      companyId: second.companyId,
      agreementId: second.agreementId,
      syncEnabled: false,
      leave: true,
    })
    const found = await undo(acceptance)
    expect((await mapped()).get(third.tenantId)).toMatchObject({ agreementId: second.agreementId })
    expect(found).toMatchObject({
      takenBack: [second.tenantId],
      kept: [{ tenantId, says: 'A sync has taken it up since.' }],
    })
    expect(found.kept[0]?.name).toBe(partner.tenants.find(({ id }) => id === tenantId)?.name)
    await done(api, 'DELETE', `${P}/customers/${tenantId}/mapping?leave=true`)
  })

  it('is previewed together where two customers share an agreement', async () => {
    const [match] = (await above()).map(matchOf)
    const other = partner.tenants.find(({ id }) => partner.truth.get(id) === null)
    if (match === undefined || other === undefined) throw new Error('One has no company')
    const { tenantId, ...place } = match
    for (const id of [tenantId, other.id]) await accept({ matches: [{ ...place, tenantId: id }] })
    const customersOf = async (query: string) => {
      const plan = await readAnswer(api, previewSchema, 'GET', `${P}/customers/${tenantId}/plan${query}`)
      return new Set(plan.periods.flatMap(({ subscriptions }) => subscriptions.map((row) => row.tenantId)))
    }
    expect((await customersOf('')).has(other.id)).toBe(false)
    expect(await customersOf('?others=yes')).toEqual(new Set([tenantId, other.id]))
  })
})

describe('a customer that is never mapped', () => {
  const never = (who = api) => readAnswer(who, neverMappedSchema, 'GET', `${P}/never`)

  it('waits no more, with who said so and why, until that is taken back or it is mapped', async () => {
    const [one, two] = await above()
    if (one === undefined || two === undefined) throw new Error('Two are above the line')
    for (const { tenantId } of [one, two])
      await done(clerk, 'PUT', `${P}/customers/${tenantId}/never`, { reason: ' our own ' })
    const { customers } = await never()
    expect(customers.map(({ tenantId }) => tenantId).sort()).toEqual([one.tenantId, two.tenantId].sort())
    expect(customers[0]).toMatchObject({ reason: 'our own', saidBy: 'clerk@northwind.example' })
    expect((await page()).total).toBe(118)
    await done(api, 'DELETE', `${P}/customers/${one.tenantId}/never`)
    expect(await refusal(api('DELETE', `${P}/customers/${one.tenantId}/never`))).toMatchObject({
      code: 'not-found',
    })
    const { tenantId, ...place } = matchOf(two)
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${P}/customers/${tenantId}/mapping`, {
      ...place,
      syncEnabled: false,
    })
    expect((await never()).customers).toEqual([])
    expect(
      await refusal(api('PUT', `${P}/customers/${tenantId}/never`, { body: { reason: 'x' } })),
    ).toMatchObject({ code: 'conflict', detail: expect.stringMatching(/^The customer is mapped to/) })
  })

  it('is said with a reason that can be stored', async () => {
    const [one] = (await page()).customers
    const path = `${P}/customers/${one?.tenantId}/never`
    for (const reason of ['', ' ', 'a\u0000b', 'x'.repeat(301), 7])
      expect(await refusal(api('PUT', path, { body: { reason } }))).toMatchObject({ code: 'request-invalid' })
    expect(await refusal(api('PUT', `${P}/customers/a%00b/never`, { body: { reason: 'x' } }))).toMatchObject({
      code: 'not-found',
    })
    expect((await never()).customers).toEqual([])
  })
})

describe('another organisation, and who only looks', () => {
  it('match, take back and see nobody of ours [I2]', async () => {
    const matches = (await above()).slice(0, 2).map(matchOf)
    const { seen } = await review(matches)
    const { acceptance } = await accept({ matches, seen })
    const [first] = matches
    expect(await refused({ matches, seen }, theirs)).toMatchObject({ code: 'connectwise-not-connected' })
    expect(await refusal(theirs('POST', `${P}/customers/match/${acceptance}/undo`))).toMatchObject({
      code: 'not-found',
    })
    expect(
      await refusal(theirs('PUT', `${P}/customers/${first?.tenantId}/never`, { body: { reason: 'x' } })),
    ).toMatchObject({ code: 'not-found' })
    await clear()
    await done(api, 'PUT', `${P}/customers/${first?.tenantId}/never`, { reason: 'ours' })
    expect((await readAnswer(theirs, neverMappedSchema, 'GET', `${P}/never`)).customers).toEqual([])
    expect(await refusal(theirs('DELETE', `${P}/customers/${first?.tenantId}/never`))).toMatchObject({
      code: 'not-found',
    })
    await done(api, 'DELETE', `${P}/customers/${first?.tenantId}/never`)
  })

  it('a viewer may do none of it', async () => {
    const [match] = (await above()).map(matchOf)
    const tries = [
      ['POST', 'customers/match/review', { matches: [match] }],
      ['POST', 'customers/match', { matches: [match] }],
      ['GET', 'never', undefined],
      ['PUT', `customers/${match?.tenantId}/never`, { reason: 'x' }],
    ] as const
    for (const [method, path, body] of tries)
      expect(await refusal(viewer(method, `${P}/${path}`, { body }))).toMatchObject({ code: 'not-allowed' })
  })
})

it('has had a good answer of every endpoint of these', () => {
  expect(notAnswered(routeFiles.filter((file) => /\/never$|\/customers\/match/.test(file)))).toEqual([])
})
