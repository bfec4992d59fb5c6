/**
 * An invoice that lacks a customer, and one that has 2 of 58 lines, in two organisations over the API (F18, J1, J4): nothing
 * ends, what lacks waits with its money, people hear of it once, and Confirm and Skip do what they say, however often and from how
 * many places they are pressed.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type MailServer, startMailServer } from '#lib/notify/testing/mail-server.ts'
import { agreementOf, companyId, fiftyEight, seedsOf, tenantOf } from '#lib/sync/testing/many-customers.ts'
import { writesTo } from '#lib/sync/testing/world.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { connectionSchema } from './schemas/connections.ts'
import type { ShownItem } from './schemas/inbox.ts'
import { programSchema } from './schemas/programs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  connectWiseInputOf,
  operatorSecret,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import {
  type InboxWorld,
  inboxWorld,
  type Lines,
  type PrismWorld,
  prismWorld,
} from './testing/inbox-world.ts'
import { anotherOrganisation, mapCustomer, work } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const seeds = seedsOf(fiftyEight)

interface Side {
  readonly api: CallApi
  readonly connectWise: Pick<ConnectWise, 'store' | 'faults' | 'requests'>
  readonly of: InboxWorld
  readonly email: string
}
let world: ApiWorld
let prism: PrismWorld
let mail: MailServer
let elsewhere: ConnectWise
let ours: Side
let theirs: Side

beforeAll(async () => {
  mail = await startMailServer()
  elsewhere = createConnectWise({ seed: seeds.connectWise })
  const theirUrl = await elsewhere.listen(0)
  const environment = {
    OPERATOR_SECRET: operatorSecret,
    SMTP_URL: mail.url,
    MAIL_FROM: 'pod@northwind.example',
  }
  world = await startApiWorld(environment, seeds.connectWise, seeds.prism)
  vi.stubEnv('TRUSTED_HOSTS', `${process.env['TRUSTED_HOSTS']},${new URL(theirUrl).host}`)
  const begin = async (api: CallApi, connectWise: Side['connectWise'], url: string): Promise<Side> => {
    const email = `clerk@${new URL(url).port}.example`
    const input = connectWiseInputOf(url, seeds.connectWise)
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/connectwise', input)
    await readAnswer(api, programSchema, 'PUT', P, { enabled: true, emails: [email] })
    const of = inboxWorld({ api, connectWise: { ...connectWise, url }, settled, work })
    return { api, connectWise, of, email }
  }
  ours = await begin(await asOwner(), world.connectWise, world.connectWise.url)
  const invited = () => /http\S+#\S+/.exec(mail.received[0]?.raw ?? '')?.[0] ?? ''
  theirs = await begin((await anotherOrganisation(invited)).api, elsewhere, theirUrl)
  prism = prismWorld(world.prism)
  await prism.issue()
  await ours.of.work()
  for (const { api } of [ours, theirs])
    for (const [at] of fiftyEight.entries())
      await mapCustomer(api, { tenantId: tenantOf(at), companyId, agreementId: agreementOf(at) })
  await ours.of.work()
})
afterAll(async () => {
  await world.stop()
  await Promise.all([mail.close(), elsewhere.close()])
})

/** Subscriptions that run on without end. */
const open = ({ connectWise }: Side): string[] =>
  connectWise.store
    .all('additions')
    .flatMap(({ cancelledDate, serialNumber }) => (cancelledDate ? [] : [String(serialNumber)]))
/** Mails of what waits; by the machine's clock an invoice may be late beside it. */
const mailsTo = ({ email }: Side): string[] =>
  mail.received.flatMap(({ to, raw }) =>
    to.includes(email) && /^Subject: .*decisions? waits?/m.test(raw) ? [raw] : [],
  )
const guards = async ({ of }: Side) => (await of.inbox('?kind=guard')).groups
/** What waits for a yes, by subscription. */
const waiting = async (side: Side): Promise<Map<string, ShownItem>> => {
  const groups = await guards(side)
  const pages = groups.flatMap(({ cause, count }) =>
    Array.from({ length: Math.ceil(count / 50) }, (_, at) =>
      side.of.inbox(`?cause=${encodeURIComponent(cause)}&page=${at + 1}`),
    ),
  )
  const items = (await Promise.all(pages)).flatMap((page) => page.groups.flatMap((group) => group.items))
  return new Map(items.map((item) => [item.of.subscription?.id ?? '', item]))
}
const itemOf = async (side: Side, id: string): Promise<ShownItem> =>
  (await waiting(side)).get(id) ?? expect.fail(`${id} does not wait`)
const without = (pattern: RegExp) => (lines: Lines) => lines.filter((line) => !pattern.test(line))
const issued = async (pattern: RegExp): Promise<void> => {
  await prism.issue(without(pattern))
  // Nothing more is found, said or written by looking again.
  for (let looks = 0; looks < 3; looks += 1) await ours.of.work()
}
const isSkipped = async ({ of }: Side, id: string): Promise<boolean> =>
  (await of.inbox('?cause=skipped')).groups.some(({ items }) =>
    items.some((item) => item.of.subscription?.id === id),
  )

/** Calls what a button calls, once for each of the names, all at the same time; the statuses. */
async function atOnce({ api }: Side, item: ShownItem, ids: readonly ('confirm' | 'skip')[]) {
  const answers = await Promise.all(
    ids.map(async (id) => {
      const action = ours.of.action(item, id)
      const [method = '', pattern = ''] = action.endpoint.split(' ')
      const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${action.path[name]}`)
      return { id, status: (await api(method, path, { body: action.body })).status }
    }),
  )
  await settled()
  await ours.of.work()
  return answers
}
const ten = <T>(of: T): T[] => Array.from({ length: 10 }, () => of)
const good = (answers: readonly { readonly status: number }[]): number =>
  answers.filter(({ status }) => status < 300).length

it('begins with 58 subscriptions in each organisation', () => {
  for (const side of [ours, theirs]) {
    expect(open(side)).toHaveLength(58)
    expect(mailsTo(side)).toEqual([])
  }
})

it('a customer that is on no line ends nothing, waits with its money, and is mailed once [F18, J1, J4]', async () => {
  await issued(/sub-14-\d,/)
  for (const side of [ours, theirs]) {
    expect(open(side)).toHaveLength(58)
    expect(await guards(side)).toMatchObject([
      { count: 2, customers: 1, money: { amount: '240', per: 'month' }, isDecided: false },
    ])
    expect(mailsTo(side)).toHaveLength(1)
    expect(mailsTo(side)[0]).toContain('Subject: Microsoft CSP: 2 decisions wait')
    expect(mailsTo(side)[0]).toContain('240.00')
    for (const item of (await waiting(side)).values())
      expect(item.actions.map(({ id }) => id)).toEqual(['confirm', 'skip'])
  }
})

it('Confirm ends the subscription that it names and no other, nor another organisation’s [F18]', async () => {
  await ours.of.press(ours.of.action(await itemOf(ours, 'sub-14-0'), 'confirm'))
  await ours.of.work()
  expect(open(ours)).toHaveLength(57)
  expect(open(ours)).not.toContain('sub-14-0')
  const [ended] = ours.connectWise.store
    .all('additions')
    .filter(({ serialNumber }) => serialNumber === 'sub-14-0')
  expect(String(ended?.['cancelledDate'])).toMatch(/^2026-04-30/)
  expect([...(await waiting(ours)).keys()]).toEqual(['sub-14-1'])
  expect(open(theirs)).toHaveLength(58)
  expect((await waiting(theirs)).size).toBe(2)
})

it('Skip writes nothing, says what nobody bills, is listed as decided, and is not mailed again [F12]', async () => {
  const before = writesTo(world.connectWise).length
  await ours.of.press(ours.of.action(await itemOf(ours, 'sub-14-1'), 'skip'))
  await ours.of.work()
  expect(writesTo(world.connectWise)).toHaveLength(before)
  expect(open(ours)).toContain('sub-14-1')
  expect(await guards(ours)).toEqual([])
  const [skipped] = await ours.of.items('skipped')
  expect(skipped).toMatchObject({ of: { subscription: { id: 'sub-14-1' } }, money: { amount: '0' } })
  for (const side of [ours, theirs]) expect(mailsTo(side)).toHaveLength(1)
})

it('one Confirm of all ends all that waits of the invoice [F18]', async () => {
  const [group] = await guards(theirs)
  await theirs.of.press(theirs.of.action(group, 'confirm'))
  await ours.of.work()
  expect(open(theirs)).toHaveLength(56)
  expect(await guards(theirs)).toEqual([])
})

it('an invoice with 2 of 58 lines ends nothing, waits, and is mailed once [F18, J1, J4]', async () => {
  await issued(/sub-(\d+-[23]|(?!0-)\d+-[01]),/)
  // What was ended or skipped of the customer before waits no more.
  for (const [side, runs, waits] of [
    [ours, 57, 55],
    [theirs, 56, 54],
  ] as const) {
    expect(open(side)).toHaveLength(runs)
    const groups = await guards(side)
    expect(groups.map(({ count }) => count)).toEqual([waits])
    expect(groups[0]).toMatchObject({ isLarge: true, money: { amount: `${waits * 120}`, per: 'month' } })
    expect(mailsTo(side)).toHaveLength(2)
    expect(mailsTo(side)[1]).toContain(`Subject: Microsoft CSP: ${waits} decisions wait`)
  }
})

it('ten Confirms at once write once [F18]', async () => {
  const before = writesTo(world.connectWise).length
  const answers = await atOnce(ours, await itemOf(ours, 'sub-1-0'), ten('confirm'))
  expect(good(answers)).toBeGreaterThan(0)
  expect(answers.every(({ status }) => [202, 409].includes(status))).toBe(true)
  expect(writesTo(world.connectWise).slice(before)).toHaveLength(1)
  expect(open(ours)).not.toContain('sub-1-0')
  expect((await waiting(ours)).has('sub-1-0')).toBe(false)
})

it('ten Skips at once skip once and write nothing [F12]', async () => {
  const before = writesTo(world.connectWise).length
  const answers = await atOnce(ours, await itemOf(ours, 'sub-1-1'), ten('skip'))
  expect(good(answers)).toBeGreaterThan(0)
  expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true)
  expect(writesTo(world.connectWise)).toHaveLength(before)
  expect(open(ours)).toContain('sub-1-1')
  expect((await waiting(ours)).has('sub-1-1')).toBe(false)
  expect(await isSkipped(ours, 'sub-1-1')).toBe(true)
})

it('of five Confirms and five Skips at once one holds, whole, and it waits no more [F18, F12]', async () => {
  for (const id of ['sub-1-2', 'sub-1-3', 'sub-2-0', 'sub-2-1']) {
    const before = writesTo(world.connectWise).length
    const five = ten(0).map((_, at) => (at % 2 === 0 ? ('confirm' as const) : ('skip' as const)))
    const answers = await atOnce(ours, await itemOf(ours, id), five)
    expect(good(answers)).toBeGreaterThan(0)
    const written = writesTo(world.connectWise).length - before
    const isLeftOut = await isSkipped(ours, id)
    expect([id, written, isLeftOut]).toEqual([id, isLeftOut ? 0 : 1, isLeftOut])
    expect(open(ours).includes(id)).toBe(isLeftOut)
    expect((await waiting(ours)).has(id)).toBe(false)
  }
})

it('a Confirm of what was skipped since is refused, and says what to take back first [F18, F12]', async () => {
  const item = await itemOf(ours, 'sub-2-2')
  await ours.of.press(ours.of.action(item, 'skip'))
  const action = ours.of.action(item, 'confirm')
  const answer = await ours.api('POST', `/api/runs/${action.path['id']}/confirm`, { body: action.body })
  expect(answer.status).toBe(409)
  const { detail } = z.object({ detail: z.string() }).parse(await answer.json())
  expect(detail).toContain('skipped')
})

it('ten Confirms of all at once end each of them once, whichever syncs found them, and people hear of none of it again [F18, J4]', async () => {
  for (const [side, other, cw, stays] of [
    [theirs, ours, elsewhere, 0],
    // What was answered one by one was synced by itself since: several syncs have what is left.
    [ours, theirs, world.connectWise, open(ours).length - 2 - (await waiting(ours)).size],
  ] as const) {
    const [group] = await guards(side)
    const left = group?.count ?? 0
    expect(left).toBeGreaterThan(40)
    const before = writesTo(cw).length
    const othersLeft = (await waiting(other)).size
    const { body } = side.of.action(group, 'confirm')
    const statuses = await Promise.all(
      ten(`${P}/confirm`).map(async (at) => (await side.api('POST', at, { body })).status),
    )
    await settled()
    await side.of.work()
    expect(statuses).toContain(202)
    expect(statuses.every((status) => [202, 409].includes(status))).toBe(true)
    expect(writesTo(cw).slice(before)).toHaveLength(left)
    expect(open(side)).toHaveLength(2 + stays)
    expect(await guards(side)).toEqual([])
    expect((await waiting(other)).size).toBe(othersLeft)
  }
  for (const side of [ours, theirs]) expect(mailsTo(side)).toHaveLength(2)
  const again = ours.api('POST', `${P}/confirm`, { body: { cause: 'guard/nothing' } })
  expect(await refusal(again)).toMatchObject({ code: 'conflict' })
})

it('has had a good answer of every endpoint of its own', () => {
  expect(notAnswered(['programs/[program]/confirm'])).toEqual([])
})
