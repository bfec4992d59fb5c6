/** Muting through the API (J3): who may, of what, that it shows where the cause does, and that it is an organisation's own. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { mutes } from '#db/mappings/lasting-table.ts'
import { previewSchema } from '#lib/billing/plan-money.ts'
import { answersSchema } from './schemas/answers.ts'
import { auditSchema } from './schemas/audit.ts'
import { mutedSchema, mutesSchema } from './schemas/mutes.ts'
import { organisationOptionsSchema } from './schemas/session.ts'
import { type ApiWorld, type CallApi } from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { customer, type InboxWorld } from './testing/inbox-world.ts'
import { claimOf, podOf, publicIdOf } from './testing/members.ts'
import { joined, startWithInvoice } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
let world: ApiWorld
let api: CallApi
let stranger: CallApi
let of: InboxWorld

beforeAll(async () => {
  ;({ world, api, stranger, of } = await startWithInvoice())
  for (const key of ['wideworld', 'coho'] as const) await of.map(key)
  await of.work()
})
afterAll(() => world.stop())

const { path, tenantId, place } = customer('wideworld')
const cause = 'ignored/annual'
const items = async () => (await of.items('ignored')).filter((item) => item.of.tenant?.id === tenantId)
/** What the item's button sends, with what is written and chosen. */
const bodyOf = async (more: object = {}) => {
  const [item] = await items()
  return { ...of.action(item, 'mute').body, reason: 'billed by hand', term: 'one-month', ...more }
}
const muted = async () => (await readAnswer(api, mutesSchema, 'GET', `${P}/mutes`)).mutes
const database = async () => (await import('#app/process/process.ts')).server().db
beforeEach(async () => {
  await (await database()).delete(mutes)
})

describe('muting', () => {
  it('takes a cause of a customer out of the inbox, lists it, and unmuting brings it back [J3]', async () => {
    const before = (await of.inbox()).waiting
    const [item, ...others] = await items()
    expect([item?.of.tenant?.name, others]).toEqual(['Wide World Importers', []])
    const { mute } = await readAnswer(api, mutedSchema, 'POST', `${path}/mutes`, await bodyOf())
    expect(mute).toMatchObject({
      tenant: { id: tenantId, name: 'Wide World Importers' },
      cause,
      money: { amount: item?.money?.amount, per: 'once' },
      reason: 'billed by hand',
      untilNextInvoice: false,
      mutedBy: 'owner@northwind.example',
    })
    expect(await muted()).toEqual([mute])
    expect(await items()).toEqual([])
    expect((await of.inbox()).waiting).toBe(before - 1)
    expect(
      (await of.inbox(`?agreementId=${place.agreementId}`)).groups.map((each) => each.cause),
    ).not.toContain(cause)
    await done(api, 'DELETE', `${path}/mutes/${mute.id}`)
    expect(await muted()).toEqual([])
    expect((await of.inbox()).waiting).toBe(before)
    expect(await refusal(api('DELETE', `${path}/mutes/${mute.id}`))).toMatchObject({ code: 'not-found' })
    const { events } = await readAnswer(api, auditSchema, 'GET', '/api/audit')
    expect(events.slice(0, 2).map(({ action, subject }) => [action, subject])).toEqual([
      ['unmute', tenantId],
      ['mute', tenantId],
    ])
  })

  it('pressed twice at once mutes once [I2]', async () => {
    const body = await bodyOf()
    const both = await Promise.all(
      [1, 2].map(() => readAnswer(api, mutedSchema, 'POST', `${path}/mutes`, body)),
    )
    expect(both[0]).toEqual(both[1])
    expect(await muted()).toHaveLength(1)
  })

  it('shows among what was answered of its agreement, with what plans call it [J3]', async () => {
    await readAnswer(api, mutedSchema, 'POST', `${path}/mutes`, await bodyOf({ term: 'next-invoice' }))
    const answers = `${P}/agreements/${place.agreementId}/answers`
    const { mutes: shown } = await readAnswer(api, answersSchema, 'GET', answers)
    expect(shown).toMatchObject([{ tenantId, reason: 'billed by hand', untilNextInvoice: true, codes: [] }])
    const elsewhere = `${P}/agreements/${customer('coho').place.agreementId}/answers`
    expect((await readAnswer(api, answersSchema, 'GET', elsewhere)).mutes).toEqual([])
  })

  it.each([
    ['no reason', { reason: ' ' }, 'request-invalid'],
    ['a reason of two lines', { reason: 'one\ntwo' }, 'request-invalid'],
    ['no time', { term: 'for ever' }, 'request-invalid'],
    ['a day that has passed', { term: '2020-01-01' }, 'request-invalid'],
    ['a day in more than a year', { term: '2090-01-01' }, 'request-invalid'],
    ['what must be answered', { cause: 'guard' }, 'request-invalid'],
    ['a cause that the customer does not have', { cause: 'below-cost' }, 'not-found'],
    ['another amount than is there', { amount: '0.01' }, 'conflict'],
    ['no amount', { amount: 'all of it' }, 'request-invalid'],
  ])('is refused with %s', async (_, more, code) => {
    expect(await refusal(api('POST', `${path}/mutes`, { body: await bodyOf(more) }))).toMatchObject({ code })
    expect(await muted()).toEqual([])
  })

  it('is another organisation’s own: neither its list nor its ids are anybody else’s [I2]', async () => {
    const body = await bodyOf()
    const { mute } = await readAnswer(api, mutedSchema, 'POST', `${path}/mutes`, body)
    expect((await readAnswer(stranger, mutesSchema, 'GET', `${P}/mutes`)).mutes).toEqual([])
    expect(await refusal(stranger('POST', `${path}/mutes`, { body }))).toMatchObject({ code: 'not-found' })
    expect(await refusal(stranger('DELETE', `${path}/mutes/${mute.id}`))).toMatchObject({ code: 'not-found' })
    // Another customer's path is none of its own, either.
    expect(await refusal(api('DELETE', `${customer('coho').path}/mutes/${mute.id}`))).toMatchObject({
      code: 'not-found',
    })
    expect(await muted()).toEqual([mute])
  })

  it('is offered to who may answer, in the pod of its agreement, too; a viewer sees what is muted [B6, H4]', async () => {
    const invited = await api('POST', '/api/people/invitations', {
      body: { email: 'viewer@northwind.example', role: 'viewer' },
    })
    const { link } = (await invited.json()) as { link: string }
    const viewer = await joined(link)
    expect(await refusal(viewer('POST', `${path}/mutes`, { body: await bodyOf() }))).toMatchObject({
      code: 'not-allowed',
    })
    await api('PUT', '/api/members', { body: { right: 'map-and-sync' } })
    const session = await fetch(`${world.connectWise.url}/host/session`)
    const { members } = (await session.json()) as { members: { identifier: string }[] }
    const claim = await claimOf(world.connectWise, members[0]?.identifier ?? '')
    const record = { type: 'agreement', id: place.agreementId } as const
    const member = await podOf({ org: await publicIdOf(api), claim, record })
    const { mute } = await readAnswer(member, mutedSchema, 'POST', `${path}/mutes`, await bodyOf())
    expect(mute.mutedBy).toContain('ConnectWise member')
    expect((await readAnswer(viewer, mutesSchema, 'GET', `${P}/mutes`)).mutes).toEqual([mute])
    const body = { cause, amount: mute.money.amount, reason: 'x', term: 'one-month' }
    expect(await refusal(member('POST', `${customer('coho').path}/mutes`, { body }))).toMatchObject({
      code: 'not-allowed',
    })
  })
})

describe('a price that is offered', () => {
  const coho = customer('coho')
  const items = async () =>
    (await of.items('difference')).filter((item) => item.of.tenant?.id === coho.tenantId)
  const running = () =>
    world.connectWise.store.additionsOf(coho.place.agreementId).filter(({ cancelledDate }) => !cancelledDate)

  it('is previewed as a plan, written after a yes, and once however often that is pressed [J3]', async () => {
    const [addition] = running()
    world.connectWise.store.put(
      'additions',
      { ...addition, id: Number(addition?.id), unitPrice: 500 },
      'GClerk',
    )
    await of.sync('coho')
    const [item, ...others] = await items()
    expect(others).toEqual([])
    const action = of.action(item, 'bill-price')
    expect(action.text).toMatch(/^Bill \d+\.\d\d from 1 May 2026$/)
    const offered = `${coho.path}/price/${action.path['subscriptionId']}`
    const { periods, money } = await readAnswer(api, previewSchema, 'GET', offered)
    const changes = periods.flatMap(({ subscriptions }) => subscriptions.flatMap((row) => row.changes))
    expect(changes.filter(({ kind }) => kind !== 'keep')).toMatchObject([
      { kind: 'end', cancelledDate: '2026-04-30' },
      { kind: 'create', addition: { unitPrice: action.body?.['unitPrice'], effectiveDate: '2026-05-01' } },
    ])
    expect(Number(money?.next?.change.price)).toBeLessThan(0)
    expect(running().map(({ unitPrice }) => unitPrice)).toContain(500)
    const body = action.body
    expect(await refusal(api('POST', offered, { body: { ...body, unitPrice: '1' } }))).toMatchObject({
      code: 'conflict',
    })
    expect(await refusal(api('POST', offered, { body: { ...body, from: 'soon' } }))).toMatchObject({
      code: 'request-invalid',
    })
    expect(await refusal(stranger('GET', offered))).toMatchObject({ code: 'not-found' })
    expect((await stranger('POST', offered, { body })).ok).toBe(false)
    const both = await Promise.all([1, 2].map(() => api('POST', offered, { body })))
    expect(both.some(({ status }) => status === 202)).toBe(true)
    await of.work()
    expect(running().map(({ unitPrice }) => unitPrice)).not.toContain(500)
    expect(new Set(running().map(({ serialNumber }) => serialNumber)).size).toBe(running().length)
    expect(await items()).toEqual([])
    expect(await refusal(api('GET', offered))).toMatchObject({ code: 'not-found' })
  })
})

it('has a time zone of the organisation’s, in which its days end [J3]', async () => {
  const put = (timeZone: string) => api('PUT', '/api/organisation', { body: { timeZone } })
  expect(await refusal(put('Mars/Olympus'))).toMatchObject({ code: 'request-invalid' })
  const body = { timeZone: 'Australia/Sydney' }
  const options = await readAnswer(api, organisationOptionsSchema, 'PUT', '/api/organisation', body)
  expect(options.timeZone).toBe('Australia/Sydney')
})

it('has had a good answer of every endpoint of its own', () => {
  const price = 'programs/[program]/customers/[tenantId]/price/[subscriptionId]'
  const own = 'programs/[program]/customers/[tenantId]/mutes'
  expect(notAnswered(['programs/[program]/mutes', own, `${own}/[id]`, price])).toEqual([])
})
