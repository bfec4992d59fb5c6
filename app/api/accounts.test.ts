import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeFirstOwnerLink } from '#lib/auth/first-owner.ts'
import {
  createdOrganisationSchema,
  invitedSchema,
  newTokenSchema,
  peopleSchema,
  sentInvitationSchema,
  tokensSchema,
} from './schemas/people.ts'
import { sessionSchema } from './schemas/session.ts'
import {
  type ApiWorld,
  type CallApi,
  call,
  operatorSecret,
  routeFiles,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { done, isAccountRoute, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const nora = { email: 'Nora@Northwind.example', name: 'Nora Field', password: 'a-long-password-of-nora' }

let world: ApiWorld
let owner: CallApi
beforeAll(async () => {
  world = await startApiWorld({ OWNER_EMAIL: '', OWNER_PASSWORD: '', OPERATOR_SECRET: operatorSecret })
})
afterAll(() => world.stop())

const database = async () => (await import('#app/process/process.ts')).server().db
const tokenOf = (link: string | null): string => new URL(link ?? '').hash.slice(1)
const signIn = (email: string, password: string) =>
  call('POST', '/api/session', { body: { email, password } })

/** Posts, and reads who is signed in then. */
async function signedInBy(path: string, body: unknown): Promise<CallApi> {
  const answer = await call('POST', path, { body })
  expect(answer.status, await answer.clone().text()).toBe(200)
  sessionSchema.parse(await answer.clone().json())
  return withSessionOf(answer)
}

describe('the first owner', () => {
  it('comes by a link that is printed once, works once, and ends with the next one [B6]', async () => {
    const db = await database()
    const first = await makeFirstOwnerLink(db, 'http://localhost:3000')
    const second = await makeFirstOwnerLink(db, 'http://localhost:3000')
    expect(second).toMatch(/^http:\/\/localhost:3000\/welcome#[\w-]{43}$/)
    const body = { ...nora, organisation: 'Northwind' }
    const path = '/api/session/first-owner'
    for (const token of [tokenOf(first), 'nonsense'])
      expect(await refusal(call('POST', path, { body: { ...body, token } }))).toMatchObject({
        code: 'link-invalid',
      })
    owner = await signedInBy(path, { ...body, token: tokenOf(second) })
    const again = call('POST', path, { body: { ...body, token: tokenOf(second) } })
    expect(await refusal(again)).toMatchObject({ code: 'link-invalid', status: 404 })
    expect(await makeFirstOwnerLink(db, 'http://localhost:3000')).toBeNull()
    expect(await readAnswer(owner, sessionSchema, 'GET', '/api/session')).toMatchObject({
      user: { email: 'nora@northwind.example', role: 'owner' },
      organisation: { name: 'Northwind' },
    })
  })

  it('stays: the only owner can be neither switched off nor given another role [B6]', async () => {
    const { people } = await readAnswer(owner, peopleSchema, 'GET', '/api/people')
    for (const body of [{ role: 'clerk' }, { state: 'disabled' }]) {
      expect(await refusal(owner('PUT', `/api/people/${people[0]?.id}`, { body }))).toMatchObject({
        code: 'conflict',
        detail: 'nora@northwind.example is the only owner; make somebody else owner first.',
      })
    }
  })
})

describe('an invitation', () => {
  const invite = (email: string, role: string) =>
    readAnswer(owner, sentInvitationSchema, 'POST', '/api/people/invitations', { email, role })
  const accept = (link: string | null, password = 'a-long-password-of-owen') =>
    signedInBy('/api/session/invitation', { token: tokenOf(link), name: 'Owen', password })

  it('names whom it invites, is accepted once, and signs in with its role [B6]', async () => {
    const { link, sent } = await invite('Owen@northwind.example', 'clerk')
    expect(sent).toBe(false)
    const token = tokenOf(link)
    expect(await readAnswer(call, invitedSchema, 'PUT', '/api/session/invitation', { token })).toEqual({
      email: 'owen@northwind.example',
      organisation: 'Northwind',
      role: 'clerk',
    })
    const owen = await accept(link)
    expect((await owen('GET', '/api/people')).status).toBe(403)
    expect((await owen('GET', '/api/connections')).status).toBe(200)
    const again = call('POST', '/api/session/invitation', {
      body: { token, name: 'Owen', password: 'a-long-password-of-owen' },
    })
    expect(await refusal(again)).toMatchObject({ code: 'link-invalid' })
  })

  it('works no more once it was withdrawn or replaced by another, and never with a short password [B6]', async () => {
    const first = await invite('vera@northwind.example', 'viewer')
    const second = await invite('vera@northwind.example', 'viewer')
    const use = (link: string | null, password: string) =>
      refusal(call('POST', '/api/session/invitation', { body: { token: tokenOf(link), name: '', password } }))
    expect(await use(first.link, 'a-long-password')).toMatchObject({ code: 'link-invalid' })
    expect(await use(second.link, 'short')).toMatchObject({
      code: 'request-invalid',
      fields: [{ field: 'password' }],
    })
    await done(owner, 'DELETE', `/api/people/invitations/${second.id}`)
    expect(await use(second.link, 'a-long-password')).toMatchObject({ code: 'link-invalid' })
    expect(await refusal(owner('DELETE', `/api/people/invitations/${second.id}`))).toMatchObject({
      code: 'not-found',
    })
  })

  it('of somebody who is here gives another role and password, and ends the sessions before [B6]', async () => {
    const before = withSessionOf(await signIn('owen@northwind.example', 'a-long-password-of-owen'))
    const { link } = await invite('owen@northwind.example', 'viewer')
    const after = await accept(link, 'another-long-password')
    expect((await before('GET', '/api/session')).status).toBe(401)
    expect((await after('GET', '/api/connections')).status).toBe(403)
    expect((await signIn('owen@northwind.example', 'a-long-password-of-owen')).status).toBe(401)
  })

  it('accepted twice at once makes one person [B6]', async () => {
    const { link } = await invite('twice@northwind.example', 'viewer')
    const body = { token: tokenOf(link), name: '', password: 'a-long-password' }
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/api/session/invitation', { body })))
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404, 404])
  })
})

describe('a person', () => {
  const personId = async (email: string) => {
    const { people } = await readAnswer(owner, peopleSchema, 'GET', '/api/people')
    return people.find((person) => person.email === email)?.id ?? ''
  }

  it('is signed out at once when switched off, and may sign in again when switched on [B6]', async () => {
    const session = withSessionOf(await signIn('owen@northwind.example', 'another-long-password'))
    const path = `/api/people/${await personId('owen@northwind.example')}`
    await done(owner, 'PUT', path, { state: 'disabled' })
    expect((await session('GET', '/api/session')).status).toBe(401)
    expect((await signIn('owen@northwind.example', 'another-long-password')).status).toBe(401)
    await done(owner, 'PUT', path, { state: 'active', role: 'clerk' })
    expect((await session('GET', '/api/session')).status).toBe(401)
    expect((await signIn('owen@northwind.example', 'another-long-password')).status).toBe(200)
  })

  it('signs out everywhere, and changes the password, which ends other sessions [B6]', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => withSessionOf(await signIn('owen@northwind.example', 'another-long-password'))),
    )
    if (one === undefined || other === undefined) throw new Error('two sessions')
    const wrong = { current: 'wrong', password: 'yet-another-password' }
    expect(await refusal(one('PUT', '/api/session/password', { body: wrong }))).toMatchObject({
      code: 'sign-in-refused',
    })
    const change = { current: 'another-long-password', password: 'yet-another-password' }
    const changed = await one('PUT', '/api/session/password', { body: change })
    expect((await other('GET', '/api/session')).status).toBe(401)
    const mine = withSessionOf(changed)
    expect((await mine('GET', '/api/session')).status).toBe(200)
    await done(mine, 'DELETE', '/api/session/everywhere')
    expect((await mine('GET', '/api/session')).status).toBe(401)
  })

  it('of the other role loses rights at once, in a session that goes on [B6]', async () => {
    const session = withSessionOf(await signIn('owen@northwind.example', 'yet-another-password'))
    expect((await session('GET', '/api/connections')).status).toBe(200)
    await done(owner, 'PUT', `/api/people/${await personId('owen@northwind.example')}`, { role: 'viewer' })
    expect((await session('GET', '/api/connections')).status).toBe(403)
  })
})

describe('repeated failures', () => {
  it('lock the address, known or not, against parallel guesses and the right password too [B6]', async () => {
    for (const email of ['twice@northwind.example', 'nobody@northwind.example']) {
      const tries = await Promise.all(Array.from({ length: 12 }, () => signIn(email, 'wrong-password')))
      const codes = await Promise.all(
        tries.map(async (answer) => ((await answer.json()) as { code: string }).code),
      )
      expect(codes.filter((code) => code === 'sign-in-refused').length, email).toBe(5)
      expect(codes.filter((code) => code === 'too-many-requests').length, email).toBe(7)
      expect(await refusal(signIn(email.toUpperCase(), 'a-long-password'))).toMatchObject({
        code: 'too-many-requests',
        status: 429,
      })
    }
  })

  it('are forgotten after the right password [B6]', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let tries = 0; tries < 3; tries += 1) expect((await signIn(nora.email, 'wrong')).status).toBe(401)
      expect((await signIn(nora.email, nora.password)).status).toBe(200)
    }
  })
})

describe('an API token', () => {
  it('is shown once, has its role, notes its use, and works no more when revoked [B6]', async () => {
    const made = await readAnswer(owner, newTokenSchema, 'POST', '/api/tokens', {
      name: 'billing',
      role: 'clerk',
    })
    const api: CallApi = (method, path, request = {}) =>
      call(method, path, { ...request, headers: { authorization: `Bearer ${made.token}` } })
    expect((await api('GET', '/api/connections')).status).toBe(200)
    expect((await api('PUT', '/api/organisation', { body: {} })).status).toBe(403)
    const { tokens } = await readAnswer(owner, tokensSchema, 'GET', '/api/tokens')
    expect(tokens).toMatchObject([{ name: 'billing', role: 'clerk', createdBy: 'nora@northwind.example' }])
    expect(tokens[0]?.lastUsedAt).not.toBeNull()
    expect(JSON.stringify(tokens)).not.toContain(made.token)
    await done(owner, 'DELETE', `/api/tokens/${made.id}`)
    expect((await api('GET', '/api/connections')).status).toBe(401)
  })

  it('of an owner makes neither people nor tokens [B6]', async () => {
    const { token } = await readAnswer(owner, newTokenSchema, 'POST', '/api/tokens', {
      name: 'all',
      role: 'owner',
    })
    const api: CallApi = (method, path, request = {}) =>
      call(method, path, { ...request, headers: { authorization: `Bearer ${token}` } })
    expect((await api('GET', '/api/people')).status).toBe(200)
    for (const [method, path] of [
      ['POST', '/api/tokens'],
      ['POST', '/api/people/invitations'],
      ['DELETE', '/api/session/everywhere'],
    ] as const)
      expect((await api(method, path, { body: {} })).status, path).toBe(403)
  })
})

describe('the operator', () => {
  it('creates an organisation and invites its owner; nobody else does [B6][I2]', async () => {
    const body = { name: 'Adventure Works', ownerEmail: 'ann@adventure.example' }
    for (const authorization of ['Bearer wrong', 'Bearer ', ''])
      expect((await owner('POST', '/api/organisations', { body, headers: { authorization } })).status).toBe(
        401,
      )
    const operator: CallApi = (method, path, request = {}) =>
      call(method, path, { ...request, headers: { authorization: `Bearer ${operatorSecret}` } })
    const created = await readAnswer(operator, createdOrganisationSchema, 'POST', '/api/organisations', body)
    const ann = await signedInBy('/api/session/invitation', {
      token: tokenOf(created.invitation.link),
      name: 'Ann',
      password: 'a-long-password-of-ann',
    })
    expect(await readAnswer(ann, sessionSchema, 'GET', '/api/session')).toMatchObject({
      user: { role: 'owner' },
      organisation: { name: 'Adventure Works', publicId: created.publicId },
    })
    const { people } = await readAnswer(ann, peopleSchema, 'GET', '/api/people')
    expect(people.map(({ email }) => email)).toEqual(['ann@adventure.example'])
  })
})

it('has read an answer of every route about people and sessions by its schema', () => {
  expect(notAnswered(routeFiles.filter(isAccountRoute))).toEqual([])
})
