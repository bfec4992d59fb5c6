/** Every route, every role, two organisations: who gets in, who does not, and that nobody learns of the other's records. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { routeOf } from '#app/http/api-methods.ts'
import { type Action, mayDo, memberRoles } from '#lib/auth/actions.ts'
import { demoMappings } from '../../standin/data/index.ts'
import type { Contract } from '../contracts/contract.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  operatorSecret,
  routeFiles,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { rows } from './testing/contract-of.ts'
import { connect, joined, switchSyncOn } from './testing/organisation.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const roles = ['viewer', 'clerk', 'owner'] as const
const callers = [...memberRoles, ...roles] as const
type Caller = (typeof callers)[number]

const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const P = '/api/programs/microsoft-csp'
const RIGHTS = {
  member: 'look',
  'costing-member': 'look-with-cost',
  'syncing-member': 'map-and-sync',
} as const
const GATES: readonly string[] = ['open', 'cron-secret', 'operator-secret', 'metrics-token']
const NOBODY = '00000000-0000-4000-8000-000000000000'

const all = callers
const people: readonly Caller[] = roles
const looking: readonly Caller[] = callers
const finding: readonly Caller[] = ['syncing-member', ...roles]
const staff: readonly Caller[] = ['clerk', 'owner']
const syncing: readonly Caller[] = ['syncing-member', ...staff]
const owner: readonly Caller[] = ['owner']

/** Whoever has the password, the link or the secret; no session decides. */
const open = 'open'
type Line = readonly [method: string, path: string, allowed: readonly Caller[] | typeof open, body?: object]

/** `{…}` is an id of the organisation's own. What ends or removes something comes last. */
const table: readonly Line[] = [
  ['GET', '/api/health', open],
  ['GET', '/api/metrics', open],
  ['GET', '/api/cron/sync', open],
  ['GET', '/api/docs', open],
  ['GET', '/api/openapi.json', open],
  ['POST', '/api/session', open, {}],
  ['DELETE', '/api/session', open],
  ['POST', '/api/session/first-owner', open, {}],
  ['POST', '/api/session/second-factor/first', open, {}],
  ['PUT', '/api/session/invitation', open, {}],
  ['POST', '/api/session/invitation', open, {}],
  ['GET', '/api/unsubscribe', open],
  ['POST', '/api/unsubscribe', open, {}],
  ['GET', '/api/session/prism', open],
  ['GET', '/api/session/prism/callback', open],
  ['POST', '/api/organisations', open, {}],
  ['POST', '/api/hosted/session', open, {}],
  ['GET', '/api/session', people],
  ['PUT', '/api/session/password', people, {}],
  ['POST', '/api/session/second-factor', people, {}],
  ['PUT', '/api/session/second-factor', people, {}],
  ['POST', '/api/session/second-factor/removal', people, {}],
  ['PUT', '/api/organisation', owner, {}],
  ['POST', '/api/organisation/deletion', owner, {}],
  ['GET', '/api/organisation/export', owner],
  ['GET', '/api/people', owner],
  ['PUT', '/api/people/{person}', owner, { role: 'viewer' }],
  ['DELETE', '/api/people/{person}/second-factor', owner],
  ['POST', '/api/people/invitations', owner, {}],
  ['DELETE', '/api/people/invitations/{invitation}', owner],
  ['GET', '/api/members', owner],
  ['PUT', '/api/members', owner, {}],
  ['PUT', '/api/members/somebody', owner, {}],
  ['GET', '/api/tokens', owner],
  ['POST', '/api/tokens', owner, {}],
  ['DELETE', '/api/tokens/{token}', owner],
  ['GET', '/api/audit', owner],
  ['GET', '/api/audit/csv', owner],
  ['GET', '/api/connections', staff],
  ['POST', '/api/connections/prism/test', owner],
  ['POST', '/api/connections/prism/generate', owner, {}],
  ['PUT', '/api/connections/prism', owner, {}],
  ['PUT', '/api/connections/connectwise', owner, {}],
  ['GET', '/api/preflight', people],
  ['POST', '/api/preflight/category/fix', owner],
  ['POST', '/api/connectwise/verify', owner],
  ['GET', P, people],
  ['PUT', P, owner, {}],
  ['POST', `${P}/confirm`, staff, { cause: 'guard/nothing' }],
  ['GET', `${P}/missed`, owner],
  ['GET', `${P}/notifications`, people],
  ['POST', `${P}/notifications/subscriptions`, owner, {}],
  ['PUT', `${P}/webhook`, owner, {}],
  ['POST', `${P}/webhook/test`, owner],
  ['DELETE', `${P}/webhook`, owner],
  ['GET', `${P}/contract-agreements`, staff],
  ['GET', `${P}/products`, people],
  ['GET', `${P}/products/csv`, people],
  ['POST', `${P}/products/sync`, staff],
  ['POST', `${P}/stop`, staff],
  ['POST', `${P}/begin`, syncing, {}],
  ['GET', `${P}/customers`, finding],
  ['POST', `${P}/customers/sync`, staff, { tenantIds: [] }],
  ['POST', `${P}/customers/switch/review`, staff, {}],
  ['POST', `${P}/customers/switch`, staff, {}],
  ['POST', `${P}/customers/questions`, staff, {}],
  ['POST', `${P}/customers/answers`, staff, {}],
  ['POST', `${P}/customers/answers/undo`, staff, {}],
  ['POST', `${P}/customers/match/review`, staff, {}],
  ['POST', `${P}/customers/match`, staff, {}],
  ['POST', `${P}/customers/match/${NOBODY}/undo`, staff],
  ['GET', `${P}/never`, staff],
  ['PUT', `${P}/customers/{tenant}/never`, staff, { reason: 'ours' }],
  ['DELETE', `${P}/customers/{tenant}/never`, staff],
  ['GET', `${P}/mappings/csv`, people],
  ['POST', `${P}/mappings/review`, staff, {}],
  ['POST', `${P}/mappings/import`, staff, {}],
  ['PUT', `${P}/customers/{tenant}/mapping`, syncing, {}],
  ['GET', `${P}/customers/{tenant}/mapping/consequences`, syncing],
  ['GET', `${P}/customers/{tenant}/mapping/writes`, staff],
  ['GET', `${P}/customers/{tenant}/beginning`, syncing],
  ['GET', `${P}/customers/{tenant}/suggestions`, staff],
  ['GET', `${P}/suggestions`, staff],
  ['GET', `${P}/customers/{tenant}/plan`, looking],
  ['GET', `${P}/customers/{tenant}/products`, people],
  ['GET', `${P}/customers/{tenant}/products/csv`, people],
  ['GET', `${P}/customers/{tenant}/months`, people],
  ['GET', `${P}/customers/{tenant}/months/csv`, people],
  ['GET', `${P}/customers/{tenant}/months/2026-04`, people],
  ['GET', `${P}/customers/{tenant}/events`, owner],
  ['POST', `${P}/customers/{tenant}/sync`, syncing],
  ['POST', `${P}/customers/{tenant}/skip`, staff, {}],
  ['POST', `${P}/customers/{tenant}/unskip`, staff, {}],
  ['GET', '/api/inbox', looking],
  ['GET', '/api/inbox/csv', looking],
  ['GET', '/api/search', people],
  ['GET', `${P}/customers/{tenant}/price/nothing`, syncing],
  ['POST', `${P}/customers/{tenant}/price/nothing`, syncing, {}],
  ['GET', `${P}/price-rules`, people],
  ['PUT', `${P}/price-rules`, staff, {}],
  ['DELETE', `${P}/price-rules/${NOBODY}`, staff],
  ['POST', `${P}/price-rules/preview`, people, {}],
  ['GET', `${P}/price-rules/csv`, people],
  ['GET', `${P}/months/2026-04`, people],
  ['GET', `${P}/months/2026-04/csv`, people],
  ['GET', `${P}/months/2026-04/reconciliation`, people],
  ['GET', `${P}/months/2026-04/reconciliation/csv`, people],
  ['POST', `${P}/months/2026-04/accept`, staff, {}],
  ['POST', `${P}/months/2026-04/take-back`, staff, {}],
  ['POST', `${P}/months/2026-04/close`, staff, {}],
  ['POST', `${P}/months/2026-04/reopen`, staff, {}],
  ['GET', `${P}/mutes`, people],
  ['POST', `${P}/customers/{tenant}/mutes`, syncing, {}],
  ['DELETE', `${P}/customers/{tenant}/mutes/${NOBODY}`, syncing],
  ['PUT', `${P}/customers/{tenant}/left/{agreement}`, syncing, { end: '2026-12' }],
  ['GET', `${P}/agreements/{agreement}/answers`, looking],
  ['GET', `${P}/agreements/{agreement}/edits`, syncing],
  ['POST', `${P}/agreements/{agreement}/edits`, syncing, {}],
  ['GET', `${P}/agreements/{agreement}/plan`, looking],
  ['POST', `${P}/agreements/{agreement}/sync`, syncing],
  ['PUT', `${P}/agreements/{agreement}/line-answers`, syncing, {}],
  ['PUT', `${P}/agreements/{agreement}/additions/1/answer`, syncing, { answer: 'nobody' }],
  ['DELETE', `${P}/agreements/{agreement}/additions/1/answer`, syncing],
  ['PUT', `${P}/agreements/{agreement}/additions/1/billed/2026-04-30`, syncing, { billed: 'before' }],
  ['DELETE', `${P}/agreements/{agreement}/additions/1/billed/2026-04-30`, syncing],
  ['PUT', `${P}/customers/{tenant}/next-period`, owner, {}],
  ['GET', '/api/connectwise/companies', staff],
  ['GET', '/api/connectwise/scan', staff],
  ['POST', '/api/connectwise/scan', staff],
  ['POST', '/api/connectwise/scan/stop', staff],
  ['GET', `${P}/companies-without-customer`, staff],
  ['GET', `/api/connectwise/companies/${coho.companyId}/agreements`, syncing],
  ['GET', `${P}/renewals`, people],
  ['GET', `${P}/renewals/csv`, people],
  ['PUT', `${P}/subscriptions/nothing/term-end`, staff, { endsOn: null }],
  ['GET', '/api/invoices', people],
  ['GET', '/api/invoices/csv', people],
  ['GET', '/api/invoices/loading', people],
  ['POST', '/api/invoices/{invoice}/pick', staff],
  ['POST', '/api/invoices/{invoice}/exclude', staff],
  ['POST', '/api/invoices/{invoice}/read-again', staff],
  ['POST', '/api/invoices/{invoice}/take', staff],
  ['DELETE', '/api/invoices/{invoice}/take', staff],
  ['PUT', '/api/invoices/{invoice}/lines/nothing/owner', staff, { tenantId: null }],
  ['GET', '/api/runs/csv', people],
  ['GET', '/api/runs/found', people],
  ['GET', '/api/runs/found/csv', people],
  ['GET', '/api/runs/{run}/csv', people],
  ['GET', '/api/runs', people],
  ['GET', '/api/runs/{run}', people],
  ['GET', `/api/runs/{run}/agreements/${coho.agreementId}`, people],
  ['GET', `/api/runs/{run}/agreements/${coho.agreementId}/undo`, syncing],
  ['POST', '/api/runs/{run}/undo', syncing, {}],
  ['POST', '/api/runs/{run}/stop', syncing],
  ['POST', '/api/runs/{run}/confirm', syncing],
  ['GET', '/api/hosted/setups', staff],
  ['POST', '/api/hosted/setups', owner],
  ['DELETE', '/api/hosted/setups', owner],
  ['GET', `/api/hosted/agreements/${coho.agreementId}`, looking],
  ['GET', `/api/hosted/agreements/${coho.agreementId}/fitness`, looking],
  ['GET', `/api/hosted/agreements/${coho.agreementId}/months`, looking],
  ['GET', `/api/hosted/agreements/${coho.agreementId}/months/2026-04`, looking],
  ['GET', `/api/hosted/companies/${coho.companyId}`, looking],
  ['PUT', `${P}/customers/{tenant}/one-time-mapping`, syncing, {}],
  ['DELETE', `${P}/customers/{tenant}/one-time-mapping`, syncing],
  ['DELETE', `${P}/customers/{tenant}/mapping`, syncing],
  ['DELETE', '/api/connections/connectwise', owner],
  ['DELETE', '/api/connections/prism', owner],
  ['DELETE', '/api/session/everywhere', people],
]

let world: ApiWorld
const ours = new Map<Caller, CallApi>()
const theirs = new Map<string, CallApi>()
let ids: Record<string, string> = {}

const filled = (path: string, values = ids): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T

async function peopleOf(boss: CallApi, organisation: string): Promise<Map<string, CallApi>> {
  const made = new Map<string, CallApi>([['owner', boss]])
  for (const role of ['viewer', 'clerk']) {
    const body = { email: `${role}@${organisation}.example`, role }
    const { link } = await json<{ link: string }>(boss('POST', '/api/people/invitations', { body }))
    made.set(role, await joined(link))
  }
  return made
}

async function podMember(boss: CallApi): Promise<CallApi> {
  const { organisation } = await json<{ organisation: { publicId: string } }>(boss('GET', '/api/session'))
  const { url } = world.connectWise
  const { members } = (await (await fetch(`${url}/host/session`)).json()) as {
    members: { identifier: string }[]
  }
  const path = `${url}/host/members/${members[0]?.identifier}/authentication`
  const claim = (await (await fetch(path)).json()) as { memberid: string; memberHash: string }
  const { memberid: memberId, memberHash } = claim
  const tokenFor = async (record: object): Promise<string> => {
    const body = { org: organisation.publicId, memberId, memberHash, memberContext: 'web', record }
    return (await json<{ token: string }>(call('POST', '/api/hosted/session', { body }))).token
  }
  const ofAgreement = await tokenFor({ type: 'agreement', id: coho?.agreementId })
  const ofCompany = await tokenFor({ type: 'company', id: coho?.companyId })
  return (method, path, request = {}) => {
    const token = path.includes('/companies/') ? ofCompany : ofAgreement
    return call(method, path, {
      ...request,
      headers: { authorization: `Bearer ${token}`, ...request.headers },
    })
  }
}

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  const boss = await asOwner()
  await connect(world, boss)
  await switchSyncOn(boss)
  await world.issueNextInvoice()
  const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
  await boss('PUT', `${P}/customers/${tenantId}/mapping`, { body: mapping })
  const { runId } = await json<{ runId: string }>(boss('POST', `${P}/customers/${tenantId}/sync`))
  await settled()
  for (const [role, api] of await peopleOf(boss, 'northwind')) ours.set(role as Caller, api)
  for (const role of memberRoles) ours.set(role, await podMember(boss))

  const spare = { email: 'spare@northwind.example', role: 'viewer' }
  const invitation = await json<{ id: string }>(boss('POST', '/api/people/invitations', { body: spare }))
  const token = await json<{ id: string }>(
    boss('POST', '/api/tokens', { body: { name: 'one', role: 'viewer' } }),
  )
  const { people: listed } = await json<{ people: { id: string; role: string }[] }>(
    boss('GET', '/api/people'),
  )
  const { invoices } = await json<{ invoices: { id: string }[] }>(boss('GET', '/api/invoices'))
  ids = {
    tenant: tenantId,
    run: runId,
    invitation: invitation.id,
    token: token.id,
    person: listed.find(({ role }) => role === 'viewer')?.id ?? '',
    invoice: invoices[0]?.id ?? '',
    agreement: `${coho.agreementId}`,
  }
  for (const [name, id] of Object.entries(ids)) expect(id, name).toBeTruthy()

  const operator = { authorization: `Bearer ${operatorSecret}` }
  const body = { name: 'Adventure Works', ownerEmail: 'owner@adventure.example' }
  const created = await json<{ invitation: { link: string } }>(
    call('POST', '/api/organisations', { headers: operator, body }),
  )
  const otherBoss = await joined(created.invitation.link)
  for (const [role, api] of await peopleOf(otherBoss, 'adventure')) theirs.set(role, api)
})
afterAll(() => world.stop())

/** The line of the table that asks for the endpoint. */
function lineOf(endpoint: string): Line | undefined {
  const { file: its } = foundIn(endpoint)
  return table.find(([method, path]) => {
    const { file } = foundIn(`${method} ${path}`)
    return endpoint.startsWith(`${method} `) && file === its
  })
}

const foundIn = (endpoint: string) =>
  routeOf(routeFiles, endpoint.replace(/^\w+ \/api\//, '')) ?? { file: endpoint }

const isMember = (caller: Caller): boolean => caller.endsWith('member')

/** As the contract has it, for whoever stands in the table: a member asks for nothing but what a screen shows. */
const may = (caller: Caller, { access, onScreen }: Contract): boolean =>
  mayDo(caller, access as Action, isMember(caller) ? 'pod' : 'hand') &&
  (!isMember(caller) || onScreen !== undefined)

describe('the table', () => {
  it('has every route [I2]', () => {
    expect(rows.flatMap(([endpoint]) => (lineOf(endpoint) === undefined ? [endpoint] : []))).toEqual([])
  })

  it.each(rows)('says of %s what its contract says [B6]', (endpoint, contract) => {
    const allowed = lineOf(endpoint)?.[2]
    if (allowed === open) expect(GATES).toContain(contract.access)
    else expect(callers.filter((caller) => may(caller, contract))).toEqual(allowed)
  })

  it('says of each row that a member’s right allows what of it must be on the screen [H4]', () => {
    const open = rows.filter(
      ([, { access, onScreen }]) =>
        onScreen === undefined &&
        memberRoles.some((role) => !GATES.includes(access) && mayDo(role, access as Action)),
    )
    expect(open.map(([endpoint]) => endpoint)).toEqual([])
  })
})

describe('without a sign-in', () => {
  it('no route works, with nothing, a broken cookie, or a token that is none [I2]', async () => {
    const org = { 'x-prism-pod': 'org' }
    for (const [method, path, allowed, body] of table) {
      if (allowed === open) continue
      for (const headers of [
        {},
        { cookie: 'prism-pod=Fe26.2*broken' },
        { cookie: '__Host-pod=Fe26.2*broken', ...org },
        { authorization: `Bearer pp_${NOBODY}_${'A'.repeat(43)}` },
        { authorization: `Bearer ppi_${NOBODY}_${'A'.repeat(43)}` },
      ])
        expect((await call(method, filled(path), { headers, body })).status, `${method} ${path}`).toBe(401)
    }
  })

  it('the scheduled call and the operator’s need their secret, which no session replaces [I2]', async () => {
    for (const api of [call, ...ours.values()]) {
      expect((await api('GET', '/api/cron/sync', { headers: { authorization: 'Bearer x' } })).status).toBe(
        401,
      )
      const headers = { authorization: `Bearer ${'x'.repeat(operatorSecret.length)}` }
      expect((await api('POST', '/api/organisations', { headers, body: {} })).status).toBe(401)
    }
  })
})

describe('another organisation', () => {
  const withIds = table.filter(([, path]) => /\{/.test(path))
  const nothing = {
    ...Object.fromEntries(
      ['tenant', 'run', 'invitation', 'token', 'person', 'invoice'].map((name) => [name, NOBODY]),
    ),
    agreement: '999999',
  }

  it('hears of our records what it hears of records that do not exist, whatever its role [I2]', async () => {
    expect(withIds.length).toBeGreaterThan(12)
    for (const [role, api] of theirs) {
      for (const [method, path, , body] of withIds) {
        const said = async (values: Record<string, string>) => {
          const answer = await api(method, filled(path, values), { body })
          return {
            status: answer.status,
            code: (await json<{ code?: string }>(Promise.resolve(answer))).code,
          }
        }
        const ofOurs = await said(ids)
        expect(ofOurs, `${role} ${method} ${path}`).toEqual(await said(nothing))
        // What is found by its id is not found; what needs a connection or a mapping has none.
        expect([400, 403, 404, 409], `${role} ${method} ${path} ${ofOurs.code}`).toContain(ofOurs.status)
      }
    }
  })

  it('finds nothing of ours in any list [I2]', async () => {
    const { agreement: _, ...unique } = ids
    const needles = [coho.tenantId, 'Coho', 'northwind', ...Object.values(unique)]
    for (const [role, api] of theirs) {
      for (const [method, path, allowed] of table) {
        if (method !== 'GET' || allowed === open || /\{/.test(path)) continue
        const text = await (await api(method, path)).text()
        for (const needle of needles) expect(text.includes(needle), `${role} ${path}: ${needle}`).toBe(false)
      }
    }
  })

  it('has changed nothing of ours by trying [I2]', async () => {
    const boss = ours.get('owner')
    if (boss === undefined) throw new Error('an owner')
    const { tokens } = await json<{ tokens: { id: string }[] }>(boss('GET', '/api/tokens'))
    expect(tokens.map(({ id }) => id)).toContain(ids['token'])
    const { people: listed } = await json<{ people: object[]; invitations: object[] }>(
      boss('GET', '/api/people'),
    )
    expect(listed).toContainEqual(
      expect.objectContaining({ id: ids['person'], role: 'viewer', state: 'active' }),
    )
    const { customers } = await json<{ customers: { mapping: unknown }[] }>(
      boss('GET', `${P}/customers?search=coho`),
    )
    expect(customers[0]?.mapping).not.toBeNull()
  })
})

describe('our own people', () => {
  it.each(all.map((caller) => ({ caller })))(
    'a $caller does what the role allows and nothing else [B6]',
    async ({ caller }) => {
      const boss = ours.get('owner')
      const api = ours.get(caller)
      if (boss === undefined || api === undefined) throw new Error(`no ${caller}`)
      const right = RIGHTS[caller as keyof typeof RIGHTS]
      if (right !== undefined) await boss('PUT', '/api/members', { body: { right } })
      for (const [method, path, allowed, body] of table) {
        if (allowed === open) continue
        // What one caller removes, the next one must still be able to ask for.
        const spared = isMember(caller)
          ? `${filled(path)}?end=none`
          : filled(path, { ...ids, tenant: NOBODY })
        const target = method === 'DELETE' && caller !== 'owner' ? spared : filled(path)
        if (path === '/api/session/everywhere' && allowed.includes(caller) && caller !== 'owner') continue
        const answer = await api(method, target, { body })
        const what = `${caller} ${method} ${path}: ${answer.status} ${answer.status === 200 ? '' : await answer.text()}`
        // An archive that nobody reads holds a connection.
        if (answer.status === 200) await answer.body?.cancel()
        if (allowed.includes(caller)) expect([401, 403], what).not.toContain(answer.status)
        else expect(answer.status, what).toBe(403)
        await settled()
      }
    },
  )
})
