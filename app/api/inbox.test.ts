/**
 * The inbox through the API (J1): for each kind a real cause in the stand-ins makes the item, with its money and what is said of
 * it; its own action, called as it is given, or the mend that it names, settles it; and it is gone.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { programs } from '#db/prism/tables.ts'
import { type ActionId, type InboxKind, inboxKinds } from '#lib/inbox/item.ts'
import { prismPod, tenantId } from '../../standin/data/index.ts'
import { inboxSchema, type ShownItem } from './schemas/inbox.ts'
import { consequencesSchema } from './schemas/leaving.ts'
import { runsSchema } from './schemas/runs.ts'
import { type ApiWorld, asOwner, type CallApi, operatorSecret, startApiWorld } from './testing/api-world.ts'
import { browser, nora } from './testing/browser.ts'
import { notAnswered } from './testing/contract-of.ts'
import { customer, type InboxWorld, inboxWorld, type Lines } from './testing/inbox-world.ts'
import { claimOf, podOf, publicIdOf } from './testing/members.ts'
import { anotherOrganisation, connect, joined, switchSyncOn } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let api: CallApi
let stranger: CallApi
let of: InboxWorld
const trouble = ['trey', 'messenger', 'phone', 'blueyonder', 'fourthcoffee', 'vanarsdel', 'nod'] as const

beforeAll(async () => {
  world = await startApiWorld({
    OPERATOR_SECRET: operatorSecret,
    PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
    PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
  })
  api = await asOwner()
  stranger = (await anotherOrganisation()).api
  await connect(world, api)
  of = inboxWorld(world, api)
  await switchSyncOn(api)
  await of.issue()
  await of.work()
  for (const key of trouble) await of.map(key)
  await of.work()
}, 120_000)
afterAll(() => world.stop())

const store = () => world.connectWise.store
const additionsOf = (key: string) => store().additionsOf(customer(key).place.agreementId)
/** A line of the file with some of its fields changed. */
const changed = (line: string, change: (fields: string[]) => void): string => {
  const fields = line.split(',')
  change(fields)
  return fields.join(',')
}
const isOf = (key: string) => (item: ShownItem) => item.of.tenant?.id === customer(key).tenantId

interface Case {
  /** Makes the cause; nothing where the demo's first month has it. */
  readonly make?: () => Promise<void>
  readonly which?: (item: ShownItem) => boolean
  readonly says: RegExp
  /** Its amount; `null`: it is about none, or that is not known. */
  readonly money: RegExp | null
  readonly per?: 'month' | 'once'
  /** What is mended first, where that is not done here. */
  readonly mend?: () => Promise<void>
  readonly action: ActionId
  readonly choose?: (item: ShownItem) => Promise<string> | string
}

const cases: Readonly<Record<InboxKind, Case>> = {
  failed: {
    which: isOf('trey'),
    says: /inconsistent existing additions/,
    // Its addition bills what the invoice says so far.
    money: /^0$/,
    async mend() {
      const later = additionsOf('trey').find(({ effectiveDate }) => String(effectiveDate).startsWith('2027'))
      store().remove('additions', later?.id ?? 0, 'GClerk')
    },
    action: 'sync',
  },
  product: {
    which: isOf('messenger'),
    says: /multiple products in the ConnectWise product catalog/,
    money: /^[1-9]/,
    async mend() {
      const [, second] = store()
        .all('catalog')
        .filter(({ description }) => String(description).includes('Intune'))
      store().put('catalog', { ...second, id: second?.id ?? 0, vendorSku: 'OTHER' }, 'GClerk')
    },
    action: 'sync',
  },
  'ambiguous-additions': {
    says: /have no subscription id \(serial number\) that tells them apart/,
    money: /^[1-9]/,
    per: 'month',
    action: 'is-subscription',
    choose: ({ of: { additionId }, asked }) =>
      asked?.addition?.owners[(additionId ?? 0) % 2] ?? expect.fail('nobody has its product'),
  },
  'unknown-addition': {
    says: /which is no PRISM subscription id/,
    money: /^[1-9]/,
    per: 'month',
    action: 'is-nobodys',
  },
  'left-over': {
    which: ({ of: { agreement } }) => agreement?.id === customer('blueyonder').place.agreementId,
    says: /needs to be cancelled as it is not in the PRISM invoice/,
    money: /^96\.6$/,
    per: 'month',
    action: 'ends',
    choose: () => '2026-03-31',
  },
  skipped: {
    async make() {
      const [retired] = (await of.items('product')).filter(isOf('fourthcoffee'))
      await of.press(of.action(retired, 'skip'))
    },
    which: isOf('fourthcoffee'),
    says: /^April 2026 is skipped, as owner@northwind\.example said$/,
    money: /^[1-9]/,
    action: 'unskip',
  },
  'below-cost': {
    /** A clerk sells less than it costs. */
    async make() {
      const runs = additionsOf('trey').find(
        ({ cancelledDate, unitCost }) => !cancelledDate && Number(unitCost) > 1,
      )
      store().put('additions', { ...runs, id: runs?.id ?? 0, unitPrice: 1 }, 'GClerk')
      await of.sync('trey')
    },
    which: isOf('trey'),
    says: /bills 1\.00 a unit and costs \d/,
    money: /^[1-9]/,
    per: 'month',
    action: 'mute',
    choose: () => 'one-month',
  },
  difference: {
    /** A clerk gives the customer a price of its own. */
    async make() {
      const runs = additionsOf('phone').find(({ cancelledDate }) => !cancelledDate)
      store().put('additions', { ...runs, id: runs?.id ?? 0, unitPrice: 500 }, 'GClerk')
      await of.sync('phone')
    },
    which: isOf('phone'),
    says: /bills 500\.00 a unit, PRISM's retail price is/,
    money: /^[1-9]/,
    per: 'month',
    action: 'mute',
    choose: () => 'three-months',
  },
  ignored: {
    async make() {
      await of.map('wideworld')
      await of.work()
    },
    says: /^The annual subscription is not synced/,
    money: /^[1-9]/,
    action: 'mute',
    choose: () => 'next-invoice',
  },
  'invoice-unread': {
    async make() {
      const id = await of.issue()
      world.prism.faults.add([{ kind: '500', path: `*/invoice/${id}/csv*` }])
      await of.work()
    },
    says: /^Invoice \d+: /,
    money: null,
    async mend() {
      world.prism.faults.clear()
    },
    action: 'read-again',
  },
  'first-sync': {
    async make() {
      await of.invoice('coho')
      await of.invoice('coho')
      await of.map('coho')
      await of.work()
    },
    which: isOf('coho'),
    says: /ConnectWise has invoiced May 2026/,
    money: /^[1-9]/,
    action: 'begin-next',
  },
  missed: {
    async make() {
      await of.map('blueyonder', { syncEnabled: false })
      await of.issue()
      await of.work()
    },
    which: isOf('blueyonder'),
    says: /^Sync is off, and an invoice came out since$/,
    money: /^[1-9]/,
    action: 'sync-latest',
  },
  contested: {
    async make() {
      const [phone, coho] = ['thephone-company.example', 'cohowinery.example']
      const change = (lines: Lines): Lines => {
        const theirs = lines.filter((line) => line.includes(phone) && line.includes('Business Basic'))
        const [one = ''] = theirs
        const nobodys = changed(one, (fields) => {
          fields[1] = 'nobody.example'
          fields[2] = '00000000-1111-4222-8333-444444444444'
          fields[15] = 'Nobody Known'
        })
        return [...lines.map((line) => (theirs.includes(line) ? line.replace(phone, coho) : line)), nobodys]
      }
      await of.issue(change)
      await of.work()
    },
    says: /may be/,
    money: /^[1-9]/,
    action: 'is-customers',
  },
  unclaimed: {
    says: /^Lines of Nobody Known are no customer’s$/,
    money: /^[1-9]/,
    action: 'is-nobodys',
  },
  guard: {
    async make() {
      await of.issue()
      await of.work()
    },
    which: isOf('vanarsdel'),
    says: /so this subscription waits: [\d.]+ would become 0\.00/,
    money: /^[1-9]/,
    per: 'month',
    action: 'confirm',
  },
  unfit: {
    async make() {
      await of.issue()
      await of.work()
    },
    which: isOf('nod'),
    says: /end/i,
    money: /^[1-9]/,
    async mend() {
      const { agreementId } = customer('nod').place
      const agreement = store()
        .all('agreements')
        .find(({ id }) => id === agreementId)
      store().put(
        'agreements',
        { ...agreement, id: agreementId, endDate: null, noEndingDateFlag: true },
        'GClerk',
      )
    },
    action: 'sync',
  },
  'invoice-held': {
    /** July again, with one licence more for Trey; ConnectWise has invoiced the months since. */
    async make() {
      for (const _ of ['Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep']) await of.invoice('trey')
      await of.sync('trey')
      await of.issueAgain(of.issued[3] ?? '', '2026-07', (lines) =>
        lines.map((line) =>
          line.includes('treyresearch.example') && line.includes('Business Premium')
            ? changed(line, (fields) => {
                const times = (field: string | undefined) => ((Number(field) / 4) * 5).toFixed(2)
                ;[fields[9], fields[11], fields[12]] = ['5', times(fields[11]), times(fields[12])]
              })
            : line,
        ),
      )
      await of.work()
    },
    says: /^Invoice \d+: /,
    money: /^[1-9]/,
    action: 'pick',
  },
  late: {
    make: () => of.work(),
    which: isOf('trey'),
    says: /July 2026/,
    money: /^[1-9]/,
    action: 'confirm',
  },
  billed: {
    /** Somebody changes an addition around ConnectWise’s invoice, and our keys may not read its invoices. */
    async make() {
      await of.put(`${world.connectWise.url}/control/role`, { denied: ['Finance/Invoicing'] })
      const runs = additionsOf('trey').find(({ cancelledDate, quantity }) => !cancelledDate && quantity === 5)
      store().put('additions', { ...runs, id: runs?.id ?? 0, quantity: 9 }, 'GClerk')
      await of.invoice('trey')
      await of.issue()
      await of.work()
      await of.put(`${world.connectWise.url}/control/role`, { denied: [] })
    },
    which: isOf('trey'),
    says: /ConnectWise/,
    money: /^[1-9]/,
    action: 'billed-after',
  },
  'billed-twice': {
    /** Consolidated Messenger moves to Trey's company, and ConnectWise refuses to end what it had. */
    async make() {
      const { path, place } = customer('messenger')
      const there = customer('fourthcoffee').place
      const asked = `${path}/mapping/consequences?agreementId=${there.agreementId}`
      const { leaving } = await readAnswer(api, consequencesSchema, 'GET', asked)
      world.connectWise.faults.add(
        (['PATCH', 'DELETE'] as const).map((method) => ({
          kind: '403' as const,
          method,
          path: `*/agreements/${place.agreementId}/additions/*`,
        })),
      )
      await of.map('messenger', { ...there, takesOver: leaving?.takesOver.from })
      await of.work()
    },
    which: isOf('messenger'),
    says: /still bills/,
    money: /^\d/,
    async mend() {
      world.connectWise.faults.clear()
    },
    action: 'sync',
  },
  'left-behind': {
    async make() {
      const answer = await api('DELETE', `${customer('phone').path}/mapping?leave=true`)
      expect(answer.status).toBe(204)
    },
    which: isOf('phone'),
    says: /additions stay open where the customer was mapped/,
    money: /^[1-9]/,
    per: 'month',
    action: 'end-left',
    choose: () => '2026-12',
  },
  parked: {
    async make() {
      await of.map('alpine')
      await of.work()
      const { runs } = await readAnswer(api, runsSchema, 'GET', '/api/runs?kind=customers')
      const { agreementId } = customer('alpine').place
      const undone = await api('POST', `/api/runs/${runs[0]?.id}/undo`, {
        body: { agreementIds: [agreementId] },
      })
      expect(undone.status, await undone.clone().text()).toBe(202)
      await of.work()
    },
    which: isOf('alpine'),
    says: /^\w+ 2026 was undone, as owner@northwind\.example said$/,
    money: /^[1-9]/,
    action: 'unskip',
  },
  'contract-agreement': {
    /** PRISM lists a second one, and nobody has picked. */
    async make() {
      const elsewhere = prismTenants().find(({ tenantId: id }) => id === tenantId('relecloud'))
      first = elsewhere?.contractAgreementId ?? ''
      Object.assign(elsewhere ?? {}, { contractAgreementId: 'second-agreement' })
      await (await database()).update(programs).set({ contractAgreementId: null })
      await of.work()
    },
    says: /^PRISM lists 2 contract agreements of/,
    money: null,
    action: 'pick-agreement',
    choose: () => first,
  },
  'wants-in': {
    async make() {
      expect(await browser().signIn(nora)).toBe('/sign-in?waiting=yes')
    },
    says: /nora@northwind\.example.* asks to be let in as viewer$/,
    money: null,
    action: 'let-in',
  },
}
/** The contract agreement of all other customers. */
let first = ''
const prismTenants = () => [...(world.prism.store.book()?.tenants() ?? [])]
const database = async () => (await import('#app/process/process.ts')).server().db

it('has a case for each kind [J1]', () => {
  expect(Object.keys(cases).sort()).toEqual([...inboxKinds].sort())
})

describe('each kind of what waits', () => {
  it.each(Object.entries(cases) as [InboxKind, Case][])(
    '%s: is made by its cause, says what it is about, and its own action settles it [J1]',
    async (kind, { make, which = () => true, says, money, per = 'once', mend, action, choose }) => {
      await make?.()
      const waiting = (await of.items(kind)).filter(which)
      expect(
        waiting.length,
        JSON.stringify((await of.inbox()).groups.map(({ cause }) => cause)),
      ).toBeGreaterThan(0)
      const { groups, waiting: count } = await of.inbox(`?kind=${kind}`)
      expect(groups.every((group) => group.ifNothing.endsWith('.') && group.says !== '')).toBe(true)
      expect(groups.some(({ isDecided }) => isDecided) || count > 0).toBe(true)
      for (const item of waiting) {
        expect(item.says).toMatch(says)
        if (money === null) expect(item.money).toBeNull()
        else expect(item.money).toMatchObject({ amount: expect.stringMatching(money), per })
        expect(Date.parse(item.since)).toBeLessThanOrEqual(Date.now())
      }
      await mend?.()
      // One answer may settle several.
      for (let left = waiting; left[0] !== undefined; left = (await of.items(kind)).filter(which)) {
        const [item] = left
        await of.press(of.action(item, action), await choose?.(item))
        const after = (await of.items(kind)).filter(which)
        expect(after.map(({ key }) => key)).not.toContain(item.key)
      }
      await of.work()
      expect((await of.items(kind)).filter(which)).toEqual([])
    },
    60_000,
  )
})

describe('the inbox', () => {
  it('has each cause once, with what waits of it, those about most money first, and what is decided last [J1]', async () => {
    const { groups, total, waiting, currency, next } = await of.inbox()
    expect(currency).toBe('AUD')
    expect(next).toBe(
      'The December 2026 invoice, for November 2026 usage, is expected about 5 December 2026.',
    )
    expect(total).toBe(groups.length)
    expect(new Set(groups.map(({ cause }) => cause)).size).toBe(total)
    const open = groups.filter(({ isDecided }) => !isDecided)
    expect(groups.slice(0, open.length)).toEqual(open)
    expect(waiting).toBe(open.reduce((all, { count }) => all + count, 0))
    const amounts = open.flatMap(({ money }) => (money === null ? [] : [Number(money.amount)]))
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a))
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
    const theirs = await readAnswer(stranger, inboxSchema, 'GET', '/api/inbox')
    expect(theirs).toMatchObject({ groups: [], total: 0, waiting: 0 })
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

  it('is one for all of a cause where one answer settles it [J1]', async () => {
    for (const key of ['wingtip', 'tailspin'] as const) {
      for (const _ of of.issued) await of.invoice(key)
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
  expect(notAnswered(['inbox', 'programs/[program]/customers/[tenantId]/left/[agreementId]'])).toEqual([])
})
