/**
 * Requests as nobody should send them, over every route on disk, by everybody there is: no internal error, no hang, nothing of
 * another organisation. `FUZZ=20000` sends that many, `FUZZ_SEED` others; the seed of a failure is in its message.
 */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { audit } from '../../db/queries/audit.ts'
import { putMapping } from '../../db/queries/mappings.ts'
import { createRun } from '../../db/queries/runs.ts'
import { prismTenants } from '../../db/schema.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { problemSchema } from './schemas/problem.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  cronSecret,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { type FuzzedRequest, fuzzedRequests } from './testing/fuzz-requests.ts'
import { requestSchemas } from './testing/request-schemas.ts'
import { builtMethods, handlersOf, served } from './testing/served.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const REQUESTS = Number(process.env['FUZZ'] ?? 2_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_125)
const AT_ONCE = 20
const ANSWERS_WITHIN_MS = 10_000
const APP_URL = 'http://localhost:3000'
const PROGRAM = '/api/programs/microsoft-csp'
const operatorSecret = 'operator-secret-of-the-test'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

/** In names of one organisation, which the other must never read. */
const NEEDLES = { ours: ['needle-of-ours', 'coho'], theirs: ['needle-of-theirs'] }

interface Caller {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly side: 'ours' | 'theirs' | 'nobody'
}

let world: ApiWorld
let boss: CallApi
let callers: Caller[] = []
let real: string[] = []
const written: string[] = []

beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  boss = await asOwner()
  const ours = await ourOrganisation()
  const theirs = await theirOrganisation()
  callers = [
    { name: 'nobody', headers: {}, side: 'nobody' },
    { name: 'a broken cookie', headers: { cookie: 'prism-pod=Fe26.2*x', origin: APP_URL }, side: 'nobody' },
    { name: 'a wrong cron secret', headers: { authorization: `Bearer ${cronSecret}x` }, side: 'nobody' },
    ...ours,
    ...theirs,
  ]
})
afterEach(() => {
  written.length = 0
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.stop()
})

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T

function sessionOf(answer: Response): Caller['headers'] {
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { cookie, origin: APP_URL }
}

const byLink = async (link: string): Promise<Caller['headers']> => {
  const body = { token: new URL(link).hash.slice(1), name: '', password: 'a-long-password' }
  return sessionOf(await call('POST', '/api/session/invitation', { body }))
}

const as =
  (headers: Caller['headers']): CallApi =>
  (method, path, request = {}) =>
    call(method, path, { ...request, headers: { ...headers, ...request.headers } })

/** Its people, and a token of each role. */
async function peopleOf(api: CallApi, side: 'ours' | 'theirs'): Promise<Caller[]> {
  const found: Caller[] = []
  for (const role of ['viewer', 'clerk']) {
    const body = { email: `${role}@needle-of-${side}.example`, role }
    const { link } = await json<{ link: string }>(api('POST', '/api/people/invitations', { body }))
    found.push({ name: `${side} ${role}`, headers: await byLink(link), side })
  }
  for (const role of ['viewer', 'owner']) {
    const body = { name: `needle-of-${side} ${role}`, role }
    const { id, token } = await json<{ id: string; token: string }>(api('POST', '/api/tokens', { body }))
    if (role === 'viewer') real.push(id)
    else found.push({ name: `${side} token`, headers: { authorization: `Bearer ${token}` }, side })
  }
  return found
}

/** Connected, synced once, with everybody there is. */
async function ourOrganisation(): Promise<Caller[]> {
  await restore()
  await boss('PUT', '/api/organisation', { body: { name: 'Needle-of-ours', membersMaySync: true } })
  await world.issueNextInvoice()
  const { runId } = await json<{ runId: string }>(boss('POST', `${PROGRAM}/customers/${coho?.tenantId}/sync`))
  await settled()
  const { invoices } = await json<{ invoices: { id: string }[] }>(boss('GET', '/api/invoices'))
  const { organisation } = await json<{ organisation: { publicId: string } }>(boss('GET', '/api/session'))
  real.push(coho?.tenantId ?? '', runId, invoices[0]?.id ?? '', organisation.publicId)
  real.push(String(coho?.agreementId), String(coho?.companyId), world.connectWiseInput.site, APP_URL)
  const people = await peopleOf(boss, 'ours')
  const signedIn = await call('POST', '/api/session', {
    body: { email: 'owner@northwind.example', password: 'a-long-owner-password' },
  })
  return [
    ...people,
    { name: 'ours owner', headers: sessionOf(signedIn), side: 'ours' },
    await member(organisation.publicId),
  ]
}

async function member(org: string): Promise<Caller> {
  const { url } = world.connectWise
  const { members } = await json<{ members: { identifier: string }[] }>(fetch(`${url}/host/session`))
  const path = `${url}/host/members/${members[0]?.identifier}/authentication`
  const { memberid: memberId, memberHash } = await json<{ memberid: string; memberHash: string }>(fetch(path))
  const body = { org, memberId, memberHash, memberContext: 'web' }
  const { token } = await json<{ token: string }>(call('POST', '/api/hosted/session', { body }))
  return { name: 'ours member', headers: { authorization: `Bearer ${token}` }, side: 'ours' }
}

/** Not connected, but with records that have names. */
async function theirOrganisation(): Promise<Caller[]> {
  const created = await json<{ id: string; publicId: string; invitation: { link: string } }>(
    call('POST', '/api/organisations', {
      headers: { authorization: `Bearer ${operatorSecret}` },
      body: { name: 'Needle-of-theirs', ownerEmail: 'owner@needle-of-theirs.example' },
    }),
  )
  const headers = await byLink(created.invitation.link)
  const { server } = await import('../server/process.ts')
  const { db } = server()
  const [organisationId, program, name] = [created.id, 'microsoft-csp', 'Needle-of-theirs']
  const tenantId = '5b0f9f0e-0000-4000-8000-00000000beef'
  await db.insert(prismTenants).values({
    organisationId,
    program,
    id: tenantId,
    name,
    domain: 'needle-of-theirs.example',
    status: 'active',
    current: true,
    seenAt: new Date(),
  })
  const place = { companyId: 4_711, companyName: name, agreementId: 4_712, agreementName: name }
  await putMapping(db, organisationId, program, tenantId, { ...place, syncEnabled: true })
  const run = await createRun(
    db,
    organisationId,
    { program, kind: 'customers', trigger: 'hand', actor: name },
    [{ ...place, tenantIds: [tenantId] }],
  )
  await audit(db, organisationId, { actor: name, action: 'planted', subject: name })
  real.push(tenantId, run.id, created.publicId, '4711', '4712')
  return [...(await peopleOf(as(headers), 'theirs')), { name: 'theirs owner', headers, side: 'theirs' }]
}

/** What the requests of an owner may have taken away, so that the next ones get as far. */
async function restore(): Promise<void> {
  await boss('PUT', '/api/connections/prism', { body: world.prismInput })
  await boss('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  await boss('PUT', PROGRAM, { body: { enabled: true, contractAgreementId: null } })
  const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
  await boss('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, { body: mapping })
}

describe('the border', () => {
  it('knows the methods that each route file exports [J16]', async () => {
    for (const [file, methods] of Object.entries(builtMethods))
      expect([...methods].sort(), file).toEqual(Object.keys(await handlersOf(file)).sort())
    expect(Object.keys(builtMethods).length).toBeGreaterThan(40)
  })
})

describe(`${REQUESTS} requests that nobody should send (seed ${SEED})`, () => {
  it(
    'are answered in time, without an internal error and without a word of another organisation [I2][J16]',
    async () => {
      const schemas = await requestSchemas()
      const arbitrary = fuzzedRequests({ routes: builtMethods, schemas, real, callers: callers.length })
      const statuses = new Map<number, number>()
      const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const requests = fc.sample(arbitrary, { seed: SEED, numRuns: REQUESTS })
      for (let at = 0; at < requests.length; at += AT_ONCE) {
        const some = requests.slice(at, at + AT_ONCE)
        const wrong = await Promise.all(some.map(async (each) => faultOf(each, count)))
        await settled()
        expect(wrong.filter((each) => each !== null)).toEqual([])
        expect(unexpectedIn(written), `after request ${at} of seed ${SEED}`).toEqual([])
        written.length = 0
        if (some.some(({ method, path }) => method !== 'GET' && /connections|mapping|csp$/.test(path)))
          await restore()
      }
      // Else they would all have stopped at the door.
      for (const status of [200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 415])
        expect(
          statuses.get(status) ?? 0,
          `answers with ${status}: ${JSON.stringify([...statuses])}`,
        ).toBeGreaterThan(0)
      if (process.env['FUZZ'] !== undefined) console.info(JSON.stringify([...statuses].sort()))
    },
    60_000 + REQUESTS * 60,
  )
})

/** What is wrong with the answer to it, in words; `null` where nothing is. */
async function faultOf(fuzzed: FuzzedRequest, count: (status: number) => void): Promise<string | null> {
  const caller = callers[fuzzed.caller]
  if (caller === undefined) throw new Error('a caller')
  const { method, path, body } = fuzzed
  // Whoever signs out everywhere could not send the next request.
  if (path.startsWith('/api/session/everywhere') && method === 'DELETE') return null
  const described = `${caller.name} ${method} ${path.slice(0, 200)} ${JSON.stringify(fuzzed.headers)} ${body?.slice(0, 300) ?? ''}`
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { host: 'localhost:3000', ...type, ...caller.headers, ...fuzzed.headers }
  const request = new Request(new URL(path, APP_URL), {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  const answer = await Promise.race([
    served(request),
    new Promise<'late'>((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS, 'late').unref()),
  ])
  if (answer === null) return null
  if (answer === 'late') return `${described}: no answer`
  count(answer.status)
  const text = await answer.text()
  const fault = wrongIn(answer, text, caller, fuzzed)
  return fault === null ? null : `${described}: ${answer.status} ${fault}: ${text.slice(0, 500)}`
}

function wrongIn(
  answer: Response,
  text: string,
  caller: Caller,
  { method, path }: FuzzedRequest,
): string | null {
  const foreign = Object.entries(NEEDLES).flatMap(([side, needles]) => (side === caller.side ? [] : needles))
  if (foreign.some((needle) => text.toLowerCase().includes(needle))) return 'shows another organisation'
  if (answer.status < 400) return null
  const problem = problemSchema.safeParse(JSON.parse(text))
  if (!problem.success || problem.data.status !== answer.status) return 'is no problem'
  if (answer.headers.get('content-type') !== 'application/problem+json')
    return 'does not say that it is a problem'
  if (answer.status === 405 && !answer.headers.get('allow')) return 'does not say what is offered'
  // Only who enters another ConnectWise's address hears that it does not answer.
  const entersAddress = method === 'PUT' && path.startsWith('/api/connections/connectwise')
  if (answer.status === 502 && entersAddress && problem.data.code === 'connectwise-unreachable') return null
  return answer.status >= 500 ? 'is an internal error' : null
}

/** Entries of the log that nobody foresaw, and lines that are no entries. */
const unexpectedIn = (lines: readonly string[]): string[] =>
  lines
    .flatMap((text) => text.split('\n').filter((line) => line !== ''))
    .filter((line) => {
      try {
        return (JSON.parse(line) as { event?: string }).event === 'unexpected'
      } catch {
        return true
      }
    })
