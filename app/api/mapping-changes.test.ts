/** Many mappings at once: by a file, and by switching the Sync of a selection (E1-E4), with a second organisation beside it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { customers, demoMappings, tenantId as idOf } from '../../standin/data/index.ts'
import { auditSchema } from './schemas/audit.ts'
import { customersSchema, mappedCustomerSchema } from './schemas/customers.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { reviewSchema, savedSchema } from './schemas/mappings.ts'
import { runSchema } from './schemas/runs.ts'
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
import { anotherOrganisation, connect, joined, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const [coho, other] = demoMappings()
if (coho === undefined || other === undefined) throw new Error('The demo maps at least two customers')
const tenantOf = (key: string) => {
  const found = customers.find((each) => each.key === key)
  if (found === undefined) throw new Error(`The demo has ${key}`)
  return { id: idOf(key), domain: found.tenant.domain }
}
const [relecloud, bestForYou] = [tenantOf('relecloud'), tenantOf('bestforyou')]

let world: ApiWorld
let api: CallApi
let theirs: CallApi
let clerk: CallApi
let viewer: CallApi
beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  theirs = (await anotherOrganisation()).api
  const invited = async (role: string) => {
    const answer = await api('POST', '/api/people/invitations', {
      body: { email: `${role}@northwind.example`, role },
    })
    return joined(((await answer.json()) as { link: string }).link)
  }
  clerk = await invited('clerk')
  viewer = await invited('viewer')
  await world.issueNextInvoice()
  await scheduledCall()
})
afterAll(() => world.stop())

const shown = () => readAnswer(api, customersSchema, 'GET', `${P}/customers?search=`)
const mapped = async () => {
  const found = (await shown()).customers.filter(({ mapping }) => mapping !== null)
  return new Map(found.map((each) => [each.tenantId, each.mapping]))
}
const clearAll = async () => {
  for (const tenantId of (await mapped()).keys())
    await done(api, 'DELETE', `${P}/customers/${tenantId}/mapping?leave=true`)
}
beforeEach(clearAll)

const base64 = (file: string | Uint8Array) => Buffer.from(file).toString('base64')
const review = (file: string | Uint8Array, who = api) =>
  readAnswer(who, reviewSchema, 'POST', `${P}/mappings/review`, { file: base64(file) })
const save = (file: string | Uint8Array, seen: string, more: object = {}, who = api) =>
  readAnswer(who, savedSchema, 'POST', `${P}/mappings/import`, { file: base64(file), seen, ...more })
const refused = (file: string | Uint8Array, seen: string, who = api) =>
  refusal(who('POST', `${P}/mappings/import`, { body: { file: base64(file), seen } }))
const exported = async (who = api, query = '') => {
  const answer = await who('GET', `${P}/mappings/csv${query}`)
  expect(answer.status).toBe(200)
  return new Uint8Array(await answer.arrayBuffer())
}
const line = ({ tenantId, companyId, agreementId }: NonNullable<typeof coho>, sync = '') =>
  `${tenantId};${companyId};${agreementId};${sync}`
const HEAD = 'Tenant ID;Company ID;Agreement ID;Sync'

describe('a file of mappings', () => {
  it('is shown row by row before it is saved: what each would do, what is wrong with it, and its first month [E2][E6]', async () => {
    const file = [
      `\uFEFF${HEAD}`,
      line(coho, 'on'),
      `${relecloud.id};Relecloud;99999;`,
      `nobody;;;`,
      line(other, ''),
      '',
    ].join('\r\n')
    const found = await review(file)
    expect(found.counts).toEqual({ map: 2, 'sync-on': 0, 'sync-off': 0, wrong: 2, nothing: 0 })
    expect(
      found.changes.map(({ row, does, problems, to, months }) => ({
        row,
        does,
        says: problems.map(({ column, says }) => `${column}: ${says}`),
        to: to === null ? null : [to.agreementId, to.syncEnabled],
        months: months.map(({ period }) => period),
      })),
    ).toEqual([
      {
        row: 3,
        does: 'wrong',
        says: ['Agreement ID: ConnectWise has no agreement 99999.'],
        to: null,
        months: [],
      },
      {
        row: 4,
        does: 'wrong',
        says: ['Tenant ID: PRISM lists no customer with the tenant id “nobody”.'],
        to: null,
        months: [],
      },
      { row: 2, does: 'map', says: [], to: [coho.agreementId, true], months: ['2026-04'] },
      { row: 5, does: 'map', says: [], to: [other.agreementId, false], months: [] },
    ])
    expect((await mapped()).size).toBe(0)

    expect(await save(file, found.seen, {}, clerk)).toEqual({ saved: 2 })
    const now = await mapped()
    expect([now.get(coho.tenantId), now.get(other.tenantId)]).toMatchObject([
      { agreementId: coho.agreementId, syncEnabled: true },
      { agreementId: other.agreementId, syncEnabled: false },
    ])
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events.slice(0, 3).map(({ action, actor, detail }) => [action, actor, detail['saved']])).toEqual([
      ['import-mappings', 'clerk@northwind.example', 2],
      ['map-customer', 'clerk@northwind.example', undefined],
      ['map-customer', 'clerk@northwind.example', undefined],
    ])
  })

  it('is refused, and nothing of it saved, once something has changed since it was shown', async () => {
    const file = `${HEAD}\n${line(coho)}\n${line(other)}`
    const { seen } = await review(file)
    expect(await refused(`${file}\n${relecloud.id};;;`, seen)).toMatchObject({ code: 'conflict' })
    await readAnswer(api, mappedCustomerSchema, 'PUT', `${P}/customers/${coho.tenantId}/mapping`, {
      companyId: other.companyId,
      agreementId: other.agreementId,
      syncEnabled: false,
    })
    expect(await refused(file, seen)).toMatchObject({ code: 'conflict' })
    expect((await mapped()).has(other.tenantId)).toBe(false)
  })

  it('obeys the rules of the form: an unfit agreement, another company’s, a move [E4][E5]', async () => {
    const agreements = world.connectWise.store.all('agreements')
    const named = (name: string) => agreements.find((each) => each['name'] === name)?.id
    const unfit = named('Microsoft CSP, not prorated')
    await save(`${HEAD}\n${line(coho)}`, (await review(`${HEAD}\n${line(coho)}`)).seen)
    const file = `${HEAD}\n${relecloud.id};;${unfit};\n${coho.tenantId};;${other.agreementId};on\n${bestForYou.id};Relecloud;${other.agreementId};`
    const found = await review(file)
    expect(found.changes.map(({ problems }) => problems[0])).toEqual([
      { column: 'Agreement ID', says: expect.stringMatching(/^The agreement does not prorate/) },
      { column: 'Agreement ID', says: expect.stringMatching(/^It is mapped to .* moved on its own page/) },
      { column: 'Agreement ID', says: expect.stringMatching(/belongs to .*, not to Relecloud Hosting/) },
    ])
    expect(await refused(file, found.seen)).toMatchObject({ code: 'conflict' })
    expect((await mapped()).get(coho.tenantId)).toMatchObject({
      agreementId: coho.agreementId,
      syncEnabled: false,
    })
  })

  it('maps two customers to one agreement, and by names and domains as a spreadsheet saves them [E2]', async () => {
    const text = `sep=;\r\nSYNC;Agreement;Company;Domain\r\n;Microsoft CSP;"Relecloud Hosting";${relecloud.domain.toUpperCase()}\r\n;"Microsoft CSP";Relecloud; ${bestForYou.domain}\r\n\r\n`
    const file = Buffer.from(`\uFEFF${text}`, 'utf16le')
    const { seen, counts } = await review(file)
    expect(counts).toMatchObject({ map: 2, wrong: 0 })
    await save(file, seen)
    const now = await mapped()
    expect(now.get(relecloud.id)?.agreementId).toBe(now.get(bestForYou.id)?.agreementId)
  })

  it('is what the export gives, and changes nothing then; a formula in a name is none in it', async () => {
    const file = `${HEAD}\n${line(coho, 'on')}\n${line(other)}`
    await save(file, (await review(file)).seen)
    const { store } = world.connectWise
    const row = store.all('companies').find(({ id }) => id === coho.companyId)
    const bytes = await exported()
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    expect(
      text.startsWith('\uFEFFTenant ID,Domain,Customer,Company ID,Company,Agreement ID,Agreement,Sync\r\n'),
    ).toBe(true)
    expect(text.split('\r\n').filter((each) => each.startsWith(coho.tenantId))).toEqual([
      expect.stringMatching(
        new RegExp(`,${coho.companyId},"?${String(row?.['name'])}"?,${coho.agreementId},.*,on$`),
      ),
    ])
    const before = world.connectWise.requests.report().requests.length
    expect((await review(bytes)).counts).toMatchObject({ map: 0, 'sync-on': 0, 'sync-off': 0, wrong: 0 })
    expect(world.connectWise.requests.report().requests.length).toBe(before)
    const off = new TextEncoder().encode(text.replace(/,on\r\n/, ',off\r\n'))
    expect((await review(off)).changes).toMatchObject([{ does: 'sync-off', tenantId: coho.tenantId }])
    expect(
      new TextDecoder()
        .decode(await exported(api, '?state=mapped'))
        .trim()
        .split('\r\n'),
    ).toHaveLength(2)
  })

  it('says in a sentence what keeps it from being read, and how large it may be', async () => {
    const answer = (body: object) => refusal(api('POST', `${P}/mappings/review`, { body }))
    expect(await answer({ file: base64('PK\u0003\u0004') })).toMatchObject({
      code: 'request-invalid',
      detail: expect.stringMatching(/workbook/),
    })
    expect(await answer({ file: '*' })).toMatchObject({ detail: 'Send the bytes of a CSV file in Base64.' })
    expect(await answer({ file: base64('x'.repeat(3 * 1024 * 1024)) })).toMatchObject({
      code: 'body-too-large',
      detail: 'A file has at most 2 MB.',
    })
    const large = `${HEAD}\n${`${'y'.repeat(100)};;;\n`.repeat(10_000)}`
    expect((await review(large)).counts.wrong).toBe(10_000)
  })

  it('is of one organisation: nobody names the customers of another one, or sees them [I2]', async () => {
    const file = `${HEAD}\n${line(coho, 'off')}`
    await save(file, (await review(file)).seen)
    const sync = `Tenant ID;Sync\n${coho.tenantId};off`
    const found = await review(sync, theirs)
    expect(found.changes[0]?.problems[0]?.says).toMatch(/^PRISM lists no customer/)
    expect(await refused(sync, found.seen, theirs)).toMatchObject({ code: 'conflict' })
    expect(await refused(file, found.seen, theirs)).toMatchObject({ code: 'connectwise-not-connected' })
    expect(
      new TextDecoder()
        .decode(await exported(theirs))
        .trim()
        .split('\r\n'),
    ).toHaveLength(1)
  })

  it('is read by who may map, and exported by who may look', async () => {
    const body = { file: base64(`${HEAD}\n${line(coho)}`) }
    expect(await refusal(viewer('POST', `${P}/mappings/review`, { body }))).toMatchObject({
      code: 'not-allowed',
    })
    expect((await exported(viewer)).length).toBeGreaterThan(100)
  })
})

describe('the Sync of a selection', () => {
  const both = [coho.tenantId, other.tenantId]
  const ask = (body: object, who = api) =>
    readAnswer(who, reviewSchema, 'POST', `${P}/customers/switch/review`, body)
  const put = (body: object, who = api) => readAnswer(who, savedSchema, 'POST', `${P}/customers/switch`, body)
  beforeEach(async () => {
    const file = `${HEAD}\n${line(coho)}\n${line(other, 'on')}`
    await save(file, (await review(file)).seen)
  })

  it('is switched on as it was shown, with what the next sync takes, and off without asking ConnectWise [E3][E6]', async () => {
    const asked = await ask({ tenantIds: both, syncEnabled: true })
    expect(asked.counts).toMatchObject({ 'sync-on': 1, nothing: 1, wrong: 0 })
    expect(asked.changes).toMatchObject([
      { row: null, does: 'sync-on', tenantId: coho.tenantId, isFirst: true, months: [{ period: '2026-04' }] },
    ])
    expect(await put({ tenantIds: both, syncEnabled: true, seen: asked.seen, missed: 'latest' })).toEqual({
      saved: 1,
    })
    expect((await mapped()).get(coho.tenantId)?.syncEnabled).toBe(true)
    const before = world.connectWise.requests.report().requests.length
    const off = await ask({ tenantIds: both, syncEnabled: false })
    expect(await put({ tenantIds: both, syncEnabled: false, seen: off.seen })).toEqual({ saved: 2 })
    expect(world.connectWise.requests.report().requests.length).toBe(before)
    expect([...(await mapped()).values()].map((each) => each?.syncEnabled)).toEqual([false, false])
  })

  it('stays off where the agreement became unfit or was deleted, and can be switched off there [E4][F13]', async () => {
    const { store } = world.connectWise
    const [first, second] = [
      store.get('agreements', coho.agreementId),
      store.get('agreements', other.agreementId),
    ]
    store.put('agreements', { ...first, id: coho.agreementId, prorateFlag: false }, 'a clerk')
    store.remove('agreements', other.agreementId, 'a clerk')
    try {
      const on = await ask({ tenantIds: [coho.tenantId], syncEnabled: true })
      expect(on.changes[0]?.problems).toEqual([
        { column: null, says: expect.stringMatching(/does not prorate/) },
      ])
      const off = await ask({ tenantIds: [other.tenantId], syncEnabled: false })
      expect(await put({ tenantIds: [other.tenantId], syncEnabled: false, seen: off.seen })).toEqual({
        saved: 1,
      })
    } finally {
      store.put('agreements', { ...first, id: coho.agreementId }, 'a clerk')
      store.put('agreements', { ...second, id: other.agreementId }, 'a clerk')
    }
  })

  it('is refused of who is not mapped, of another organisation’s customers, and once it was shown otherwise', async () => {
    const post = (body: object, who: CallApi) =>
      refusal(who('POST', `${P}/customers/switch/review`, { body }))
    expect(await post({ tenantIds: [relecloud.id], syncEnabled: true }, api)).toMatchObject({
      code: 'not-mapped',
    })
    expect(await post({ tenantIds: both, syncEnabled: false }, theirs)).toMatchObject({ code: 'not-mapped' })
    const { seen } = await ask({ tenantIds: both, syncEnabled: false })
    const body = { tenantIds: both, syncEnabled: true, seen }
    expect(await refusal(api('POST', `${P}/customers/switch`, { body }))).toMatchObject({ code: 'conflict' })
  })

  it('of all that fit is of those that are mapped, and refused where others fit than were shown [E3]', async () => {
    const all = (await shown()).total
    const fit = { search: '', state: '', count: all }
    const asked = await ask({ fit, syncEnabled: true })
    expect(asked.counts).toMatchObject({ 'sync-on': 1, nothing: 1, wrong: 0 })
    expect(await put({ fit, syncEnabled: true, seen: asked.seen, missed: 'latest' })).toEqual({ saved: 1 })
    const syncing = { search: '', state: 'syncing', count: 2 }
    const off = await ask({ fit: syncing, syncEnabled: false })
    expect(off.counts).toMatchObject({ 'sync-off': 2, nothing: 0 })
    const post = (body: object, who = api) =>
      refusal(who('POST', `${P}/customers/switch`, { body: { ...body, seen: off.seen } }))
    expect(await post({ fit: { ...syncing, count: 3 }, syncEnabled: false })).toMatchObject({
      code: 'conflict',
      detail: '2 customers fit now, and 3 were shown.',
    })
    expect(await post({ fit: syncing, syncEnabled: false }, theirs)).toMatchObject({ code: 'conflict' })
    const named = { tenantIds: both, fit: syncing, syncEnabled: false }
    expect(await post(named)).toMatchObject({ code: 'request-invalid' })
    expect(await post({ syncEnabled: false })).toMatchObject({ code: 'request-invalid' })
    expect([...(await mapped()).values()].map((each) => each?.syncEnabled)).toEqual([true, true])
    expect(await put({ fit: syncing, syncEnabled: false, seen: off.seen })).toEqual({ saved: 2 })
  })

  it('syncs those of all that fit that sync, in one run [E3]', async () => {
    const fit = { search: '', state: 'mapped', count: 1 }
    expect(await refusal(api('POST', `${P}/customers/sync`, { body: { fit } }))).toMatchObject({
      code: 'sync-off',
    })
    const refused = await refusal(api('POST', `${P}/customers/sync`, { body: { fit: { ...fit, count: 9 } } }))
    expect(refused).toMatchObject({ code: 'conflict' })
    const everybody = { ...fit, state: '', count: (await shown()).total }
    const body = { fit: everybody }
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${P}/customers/sync`, body)
    await settled()
    const { customers: synced } = await readAnswer(api, runSchema, 'GET', `/api/runs/${runId}`)
    expect(synced.map(({ agreementId }) => agreementId)).toEqual([other.agreementId])
  })

  it('syncs those that sync in one run, or everybody, and says so where nobody does [E3]', async () => {
    const start = (body: object) => readAnswer(api, startedRunSchema, 'POST', `${P}/customers/sync`, body)
    const { runId } = await start({ tenantIds: both })
    await settled()
    const agreements = async (id: string) =>
      (await readAnswer(api, runSchema, 'GET', `/api/runs/${id}`)).customers.map(
        ({ agreementId }) => agreementId,
      )
    expect(await agreements(runId)).toEqual([other.agreementId])
    expect(await agreements((await start({})).runId)).toEqual([other.agreementId])
    await settled()
    for (const [body, code] of [
      [{ tenantIds: [coho.tenantId] }, 'sync-off'],
      [{ tenantIds: [relecloud.id] }, 'not-mapped'],
    ] as const)
      expect(await refusal(api('POST', `${P}/customers/sync`, { body }))).toMatchObject({ code })
    expect(await refusal(theirs('POST', `${P}/customers/sync`, { body: {} }))).toMatchObject({
      code: 'sync-off',
    })
  })
})

it('has had a good answer of every endpoint of these', () => {
  expect(
    notAnswered(routeFiles.filter((file) => /\/(mappings\/|customers\/(sync|switch))/.test(file))),
  ).toEqual([])
})
