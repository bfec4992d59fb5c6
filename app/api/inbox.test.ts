/**
 * The inbox through the API (J1): for each kind a real cause in the stand-ins makes the item, with its money and what is said of
 * it; its own action, called as it is given, or the mend that it names, settles it; and it is gone.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type InboxKind, inboxKinds } from '#lib/inbox/item.ts'
import { type ConnectWise, createConnectWise } from '../../standin/connectwise/server.ts'
import { connectWiseSeed, prismPod } from '../../standin/data/index.ts'
import { inboxSchema } from './schemas/inbox.ts'
import { podContentSchema } from './schemas/pod.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  connectWiseInputOf,
  operatorSecret,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { browser, nora } from './testing/browser.ts'
import { notAnswered } from './testing/contract-of.ts'
import { beginCases, type Case, inboxCases, type Stage } from './testing/inbox-cases.ts'
import { customer, type InboxWorld, inboxWorld, prismWorld } from './testing/inbox-world.ts'
import { claimOf, podOf, publicIdOf } from './testing/members.ts'
import { anotherOrganisation, connect, joined, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let api: CallApi
let elsewhere: ConnectWise
let stranger: CallApi
let stage: Stage
let of: InboxWorld
let theirs: InboxWorld

beforeAll(async () => {
  world = await startApiWorld({
    OPERATOR_SECRET: operatorSecret,
    PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
    PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
  })
  const seed = connectWiseSeed()
  elsewhere = createConnectWise({ seed })
  const theirUrl = await elsewhere.listen(0)
  vi.stubEnv('TRUSTED_HOSTS', `${process.env['TRUSTED_HOSTS']},${new URL(theirUrl).host}`)
  api = await asOwner()
  await connect(world, api)
  stranger = (await anotherOrganisation()).api
  await connect({ ...world, connectWiseInput: connectWiseInputOf(theirUrl, seed) }, stranger)
  of = inboxWorld({ api, connectWise: world.connectWise, settled, work })
  theirs = inboxWorld({ api: stranger, connectWise: { ...elsewhere, url: theirUrl }, settled, work })
  stage = {
    prism: prismWorld(world.prism),
    all: [of, theirs],
    async newcomer() {
      expect(await browser().signIn(nora)).toBe('/sign-in?waiting=yes')
    },
  }
  await beginCases(stage)
})
afterAll(async () => {
  await world.stop()
  await elsewhere.close()
})

it('has a case for each kind [J1]', () => {
  expect(Object.keys(inboxCases).sort()).toEqual([...inboxKinds].sort())
})

describe('each kind of what waits', () => {
  it.each(Object.entries(inboxCases) as [InboxKind, Case][])(
    '%s: is made by its cause in two organisations, says what it is about, and its own action settles it in one of them [J1, I2]',
    async (kind, { make, which = () => true, says, money, per = 'once', mend, action, choose, isOfOne }) => {
      await make?.(stage)
      const waitingOf = async (organisation: InboxWorld) => (await organisation.items(kind)).filter(which)
      const organisations = isOfOne === true ? [of] : stage.all
      if (isOfOne === true) expect(await waitingOf(theirs)).toEqual([])
      for (const one of organisations) {
        const waiting = await waitingOf(one)
        const causes = (await one.inbox()).groups.map(({ cause }) => cause)
        expect(waiting.length, JSON.stringify(causes)).toBeGreaterThan(0)
        const { groups, waiting: count } = await one.inbox(`?kind=${kind}`)
        expect(groups.every((group) => group.ifNothing.endsWith('.') && group.says !== '')).toBe(true)
        expect(groups.some(({ isDecided }) => isDecided) || count > 0).toBe(true)
        for (const item of waiting) {
          expect(item.says).toMatch(says)
          if (money === null) expect(item.money).toBeNull()
          else expect(item.money).toMatchObject({ amount: expect.stringMatching(money), per })
          expect(Date.parse(item.since)).toBeLessThanOrEqual(Date.now())
        }
      }
      for (const one of organisations) {
        const others = organisations.filter((each) => each !== one)
        const before = await Promise.all(others.map(waitingOf))
        await mend?.(one, stage)
        // One answer may settle several.
        for (let left = await waitingOf(one); left[0] !== undefined; left = await waitingOf(one)) {
          const [item] = left
          await one.press(one.action(item, action), choose?.(item))
          expect((await waitingOf(one)).map(({ key }) => key)).not.toContain(item.key)
        }
        expect(await Promise.all(others.map(waitingOf))).toEqual(before)
      }
      await of.work()
      for (const one of organisations) expect(await waitingOf(one)).toEqual([])
    },
  )
})

describe('the inbox', () => {
  it('has each cause once, with what waits of it, those about most money first, and what is decided last [J1]', async () => {
    const { groups, total, waiting, currency, next } = await of.inbox()
    expect(currency).toBe('AUD')
    expect(next).toBe('The December invoice for November 2026 usage is expected about 5 December 2026.')
    expect(total).toBe(groups.length)
    expect(new Set(groups.map(({ cause }) => cause)).size).toBe(total)
    const open = groups.filter(({ isDecided }) => !isDecided)
    expect(groups.slice(0, open.length)).toEqual(open)
    expect(waiting).toBe(open.reduce((all, { count }) => all + count, 0))
    const amounts = open.flatMap(({ money }) => (money === null ? [] : [Number(money.amount)]))
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a))
  })

  it('is a file with every item of every cause, CSV or JSON, as much of it as is asked for [J1]', async () => {
    const rowsOf = async (query: string) =>
      (await (await of.good('GET', `/api/inbox/csv?as=json${query}`)).json()) as Record<string, string>[]
    const { groups, waiting } = await of.inbox()
    const rows = await rowsOf('')
    expect(rows).toHaveLength(groups.reduce((all, { count }) => all + count, 0))
    expect(rows.filter((row) => row['Decided already'] === '')).toHaveLength(waiting)
    expect(new Set(rows.map((row) => row['Cause']))).toEqual(new Set(groups.map(({ says }) => says)))
    const [{ kind } = { kind: '' }] = groups
    const own = groups.filter((group) => group.kind === kind)
    expect(await rowsOf(`&kind=${kind}`)).toHaveLength(own.reduce((all, { count }) => all + count, 0))
    const csv = await (await of.good('GET', '/api/inbox/csv')).text()
    expect(csv).toMatch(/^Cause,Customer,Company,Agreement,Product,Subscription,Months,Amount,Of,Since,/)
  })

  it('pages the items of one cause, and of an agreement has only its own [J1]', async () => {
    const [group] = (await of.inbox()).groups
    const cause = encodeURIComponent(group?.cause ?? '')
    const page = await of.inbox(`?cause=${cause}`)
    expect([page.total, page.groups.length]).toEqual([group?.count, 1])
    expect(page.groups[0]?.items.map(({ key }) => key)).toEqual(
      expect.arrayContaining(group?.items.map(({ key }) => key) ?? []),
    )
    expect((await of.inbox(`?cause=${cause}&page=9`)).groups[0]?.items).toEqual([])
    expect((await of.inbox('?cause=nothing')).groups).toEqual([])
    for (const { agreementId } of [customer('fourthcoffee').place, customer('trey').place]) {
      const own = await of.inbox(`?agreementId=${agreementId}`)
      for (const { items } of own.groups)
        for (const item of items) expect(item.of.agreement?.id).toBe(agreementId)
    }
    expect(
      (await of.inbox(`?agreementId=${customer('fourthcoffee').place.agreementId}`)).waiting,
    ).toBeGreaterThan(0)
  })

  it('says in words what is wrong with what is asked, and is another organisation’s own [I2]', async () => {
    expect(await refusal(api('GET', '/api/inbox?kind=nothing'))).toMatchObject({ code: 'request-invalid' })
    expect(await refusal(api('GET', '/api/inbox?program=nothing'))).toMatchObject({ code: 'not-found' })
    const keysOf = async (whose: InboxWorld) => {
      const { groups } = await whose.inbox()
      return groups.flatMap(({ items }) => items.map(({ asked }) => asked?.runId ?? ''))
    }
    const ours = new Set((await keysOf(of)).filter(Boolean))
    expect((await keysOf(theirs)).filter((id) => ours.has(id))).toEqual([])
    const left = `${customer('phone').path}/left/${customer('phone').place.agreementId}`
    expect(await refusal(stranger('PUT', left, { body: { end: '2026-12' } }))).toMatchObject({
      code: 'not-found',
    })
    expect(await refusal(api('PUT', left, { body: { end: 'soon' } }))).toMatchObject({
      code: 'request-invalid',
    })
  })

  it('offers what a role may do and nothing else [B6]', async () => {
    const viewer = await joinedAs('viewer')
    const seen = await readAnswer(viewer, inboxSchema, 'GET', '/api/inbox')
    expect(seen.total).toBeGreaterThan(0)
    for (const group of seen.groups) {
      expect(group.actions).toEqual([])
      expect(group.kind).not.toBe('wants-in')
      for (const { actions } of group.items) expect(actions).toEqual([])
    }
  })

  it('shows a ConnectWise member what is of the record on the screen, and the calls that members may make [H4]', async () => {
    await api('PUT', '/api/members', { body: { right: 'map-and-sync' } })
    const session = await fetch(`${world.connectWise.url}/host/session`)
    const { members } = (await session.json()) as { members: { identifier: string }[] }
    const claim = await claimOf(world.connectWise, members[0]?.identifier ?? '')
    const org = await publicIdOf(api)
    const { agreementId, companyId } = customer('fourthcoffee').place
    for (const record of [
      { type: 'agreement', id: agreementId },
      { type: 'company', id: companyId },
    ] as const) {
      const member = await podOf({ org, claim, record })
      const seen = await readAnswer(member, inboxSchema, 'GET', '/api/inbox')
      const items = seen.groups.flatMap((each) => each.items)
      expect(items.length, record.type).toBeGreaterThan(0)
      for (const item of items) expect(item.of.agreement?.id).toBe(agreementId)
      const ids = items.flatMap(({ actions }) => actions.map(({ id }) => id))
      expect(ids).toContain('sync')
      expect(ids).not.toContain('skip')
      const another = `/api/inbox?agreementId=${customer('trey').place.agreementId}`
      expect(await refusal(member('GET', another))).toMatchObject({ code: 'not-allowed' })
    }
  })

  it('is in the pod of an agreement without a customer, too: what was left there [H1, E5]', async () => {
    const { agreementId } = customer('coho').place
    await of.good('DELETE', `${customer('coho').path}/mapping?leave=true`)
    const session = await fetch(`${world.connectWise.url}/host/session`)
    const { members } = (await session.json()) as { members: { identifier: string }[] }
    const claim = await claimOf(world.connectWise, members[0]?.identifier ?? '')
    const record = { type: 'agreement', id: agreementId } as const
    const member = await podOf({ org: await publicIdOf(api), claim, record })
    const content = await readAnswer(member, podContentSchema, 'GET', `/api/hosted/agreements/${agreementId}`)
    expect(content).toMatchObject({ state: 'unmapped', todo: { groups: [{ kind: 'left-behind' }] } })
    const [item] = content.todo?.groups[0]?.items ?? []
    expect(item?.actions.map(({ id }) => id)).toEqual(['end-left'])
  })

  it('is one for all of a cause where one answer settles it [J1]', async () => {
    for (const key of ['wingtip', 'tailspin'] as const) {
      for (const _ of stage.prism.issued) await of.invoice(key)
      await of.map(key)
    }
    await of.work()
    const [group] = (await of.inbox('?kind=first-sync')).groups
    expect(group).toMatchObject({ count: 2, customers: 2 })
    await of.press(of.action(group, 'begin-next'))
    expect((await of.inbox('?kind=first-sync')).groups).toEqual([])
  })
})

const joinedAs = async (role: string): Promise<CallApi> => {
  const body = { email: `${role}@northwind.example`, role }
  const made = await api('POST', '/api/people/invitations', { body })
  const { link } = (await made.json()) as { link: string }
  return joined(link)
}

it('has had a good answer of every endpoint of its own', () => {
  expect(
    notAnswered(['inbox', 'inbox/csv', 'programs/[program]/customers/[tenantId]/left/[agreementId]']),
  ).toEqual([])
})
