/** Two organisations with everybody there is, whose names are planted, for requests that nobody should send. */
import { expect } from 'vitest'
import { putMapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { prismTenants } from '#db/prism/tables.ts'
import { createRun } from '#db/runs/runs.ts'
import { demoMappings } from '../../../standin/data/index.ts'
import {
  APP_URL,
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  cronSecret,
  operatorSecret,
  owner,
  settled,
  startApiWorld,
} from './api-world.ts'

const PROGRAM = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

/** In names of one organisation, which the other must never read. */
export const needles = { ours: ['needle-of-ours', 'coho'], theirs: ['needle-of-theirs'] } as const
type Side = keyof typeof needles

export interface Caller {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly side: Side | 'nobody'
}

export interface FuzzWorld {
  readonly boss: CallApi
  readonly callers: readonly Caller[]
  /** Texts that are somebody's: ids of both organisations, addresses of the stand-ins. */
  readonly real: readonly string[]
  /** Gives back what the requests of an owner may have taken away, so that the next ones get as far. */
  restore(): Promise<void>
  stop(): Promise<void>
}

export async function startFuzzWorld(): Promise<FuzzWorld> {
  const world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  const boss = await asOwner()
  const restore = () => connect(world, boss)
  await restore()
  const ours = await ourOrganisation(world, boss)
  const theirs = await theirOrganisation()
  const strangers: Caller[] = [
    { name: 'nobody', headers: {}, side: 'nobody' },
    { name: 'a broken cookie', headers: { cookie: 'prism-pod=Fe26.2*x', origin: APP_URL }, side: 'nobody' },
    { name: 'a wrong cron secret', headers: { authorization: `Bearer ${cronSecret}x` }, side: 'nobody' },
  ]
  const real = [...ours.real, ...theirs.real, world.connectWiseInput.site, APP_URL]
  for (const text of real) expect(text).toBeTruthy()
  const callers = [...strangers, ...ours.callers, ...theirs.callers]
  return { boss, callers, real, restore, stop: () => world.stop() }
}

interface Organisation {
  readonly callers: readonly Caller[]
  readonly real: readonly string[]
}

async function connect(world: ApiWorld, boss: CallApi): Promise<void> {
  await boss('PUT', '/api/connections/prism', { body: world.prismInput })
  await boss('PUT', '/api/connections/connectwise', { body: world.connectWiseInput })
  await boss('PUT', PROGRAM, { body: { enabled: true, contractAgreementId: null } })
  const { tenantId, ...mapping } = { ...coho, syncEnabled: true }
  await boss('PUT', `${PROGRAM}/customers/${tenantId}/mapping`, { body: mapping })
}

/** Connected, and synced once. */
async function ourOrganisation(world: ApiWorld, boss: CallApi): Promise<Organisation> {
  await boss('PUT', '/api/organisation', { body: { name: 'Needle-of-ours' } })
  await boss('PUT', '/api/members', { body: { right: 'map-and-sync' } })
  await world.issueNextInvoice()
  const { tenantId = '', agreementId, companyId } = coho ?? {}
  const { runId } = await json<{ runId: string }>(boss('POST', `${PROGRAM}/customers/${tenantId}/sync`))
  await settled()
  const { invoices } = await json<{ invoices: { id: string }[] }>(boss('GET', '/api/invoices'))
  const { organisation } = await json<{ organisation: { publicId: string } }>(boss('GET', '/api/session'))
  const { callers, real } = await peopleOf(boss, 'ours')
  const { publicId } = organisation
  const headers = sessionOf(await call('POST', '/api/session', { body: owner }))
  return {
    callers: [
      ...callers,
      { name: 'ours owner', headers, side: 'ours' },
      await memberOf(world, publicId, agreementId ?? 0),
    ],
    real: [...real, tenantId, runId, invoices[0]?.id ?? '', publicId, `${agreementId}`, `${companyId}`],
  }
}

/** Not connected, but with records that have names. */
async function theirOrganisation(): Promise<Organisation> {
  const name = 'Needle-of-theirs'
  const created = await json<{ id: string; publicId: string; invitation: { link: string } }>(
    call('POST', '/api/organisations', {
      headers: { authorization: `Bearer ${operatorSecret}` },
      body: { name, ownerEmail: 'owner@needle-of-theirs.example' },
    }),
  )
  const headers = await byLink(created.invitation.link)
  const { server } = await import('#app/process/process.ts')
  const { db } = server()
  const [organisationId, program] = [created.id, 'microsoft-csp']
  const id = '5b0f9f0e-0000-4000-8000-00000000beef'
  const tenant = { id, name, domain: 'needle-of-theirs.example', status: 'active' }
  await db
    .insert(prismTenants)
    .values({ ...tenant, organisationId, program, current: true, seenAt: new Date() })
  const place = { companyId: 4_711, companyName: name, agreementId: 4_712, agreementName: name }
  await putMapping(db, organisationId, program, id, { ...place, syncEnabled: true })
  const kind = { program, kind: 'customers', trigger: 'hand', actor: name } as const
  const run = await createRun(db, organisationId, kind, [{ ...place, tenantIds: [id] }])
  await audit(db, organisationId, { actor: name, action: 'planted', subject: name })
  const { callers, real } = await peopleOf(as(headers), 'theirs')
  return {
    callers: [...callers, { name: 'theirs owner', headers, side: 'theirs' }],
    real: [...real, id, run.id, created.publicId, '4711', '4712'],
  }
}

/** A viewer and a clerk, a token of an owner, and the id of a token that nobody uses. */
async function peopleOf(boss: CallApi, side: Side): Promise<Organisation> {
  const invited = async (role: string): Promise<Caller> => {
    const body = { email: `${role}@needle-of-${side}.example`, role }
    const { link } = await json<{ link: string }>(boss('POST', '/api/people/invitations', { body }))
    return { name: `${side} ${role}`, headers: await byLink(link), side }
  }
  const token = (role: string) => {
    const body = { name: `needle-of-${side} ${role}`, role }
    return json<{ id: string; token: string }>(boss('POST', '/api/tokens', { body }))
  }
  const used = await token('owner')
  const headers = { authorization: `Bearer ${used.token}` }
  return {
    callers: [await invited('viewer'), await invited('clerk'), { name: `${side} token`, headers, side }],
    real: [(await token('viewer')).id],
  }
}

async function memberOf({ connectWise: { url } }: ApiWorld, org: string, id: number): Promise<Caller> {
  const { members } = await json<{ members: { identifier: string }[] }>(fetch(`${url}/host/session`))
  const path = `${url}/host/members/${members[0]?.identifier}/authentication`
  const { memberid: memberId, memberHash } = await json<{ memberid: string; memberHash: string }>(fetch(path))
  const body = { org, memberId, memberHash, memberContext: 'web', record: { type: 'agreement', id } }
  const { token } = await json<{ token: string }>(call('POST', '/api/hosted/session', { body }))
  return { name: 'ours member', headers: { authorization: `Bearer ${token}` }, side: 'ours' }
}

export const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T

function sessionOf(answer: Response): Caller['headers'] {
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { cookie, origin: APP_URL }
}

async function byLink(link: string): Promise<Caller['headers']> {
  const body = { token: new URL(link).hash.slice(1), name: '', password: 'a-long-password' }
  return sessionOf(await call('POST', '/api/session/invitation', { body }))
}

const as =
  (headers: Caller['headers']): CallApi =>
  (method, path, request = {}) =>
    call(method, path, { ...request, headers: { ...headers, ...request.headers } })
