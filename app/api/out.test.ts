/** Who should be out is out: links, sessions, tokens and guesses of people who left, were given another role, or signed out. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { apiTokens, users } from '#db/people/tables.ts'
import { createdOrganisationSchema, newTokenSchema, peopleSchema, tokensSchema } from './schemas/people.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  operatorSecret,
  owner,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const password = 'a-long-password'

let world: ApiWorld
let boss: CallApi
beforeAll(async () => {
  world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  boss = await asOwner()
})
afterAll(() => world.stop())

const signIn = (email: string, secret = password) =>
  call('POST', '/api/session', { body: { email, password: secret } })
const use = (link: string) =>
  call('POST', '/api/session/invitation', {
    body: { token: new URL(link).hash.slice(1), name: '', password },
  })
const status = async (api: CallApi): Promise<number> => (await api('GET', '/api/session')).status

async function invite(by: CallApi, email: string, role: string): Promise<string> {
  const answer = await by('POST', '/api/people/invitations', { body: { email, role } })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return ((await answer.json()) as { link: string }).link
}

async function join(by: CallApi, name: string, role: string): Promise<CallApi> {
  return withSessionOf(await use(await invite(by, `${name}@northwind.example`, role)))
}

async function change(by: CallApi, name: string, body: object): Promise<void> {
  const { people } = await readAnswer(by, peopleSchema, 'GET', '/api/people')
  const found = people.find(({ email }) => email === `${name}@northwind.example`)
  await done(by, 'PUT', `/api/people/${found?.id}`, body)
}

/** An owner of another organisation. */
async function stranger(name: string): Promise<{ api: CallApi; link: string }> {
  const made = await call('POST', '/api/organisations', {
    headers: { authorization: `Bearer ${operatorSecret}` },
    body: { name, ownerEmail: `boss@${name}.example` },
  })
  const { link } = createdOrganisationSchema.parse(await made.json()).invitation
  return { api: withSessionOf(await use(link ?? '')), link: link ?? '' }
}

describe('somebody who was switched off', () => {
  it('does not come back by a link, be it their own, another owner’s, or one used before [B6]', async () => {
    const eve = await join(boss, 'eve', 'owner')
    const links = [await invite(eve, 'friend@northwind.example', 'owner')]
    links.push(await invite(boss, 'eve@northwind.example', 'owner'))
    links.push(await invite(eve, 'eve@northwind.example', 'owner'))
    await change(boss, 'eve', { state: 'disabled' })
    for (const link of links) expect(await refusal(use(link))).toMatchObject({ code: 'link-invalid' })
    expect(await refusal(signIn('eve@northwind.example'))).toMatchObject({ code: 'sign-in-refused' })
    const { invitations } = await readAnswer(boss, peopleSchema, 'GET', '/api/people')
    expect(invitations).toEqual([])
    // Nor does anybody invite them by mistake: switching on is said as such.
    const again = boss('POST', '/api/people/invitations', {
      body: { email: 'eve@northwind.example', role: 'clerk' },
    })
    expect(await refusal(again)).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('is switched off'),
    })
    // Switched on again, they get neither the links nor the sessions from before.
    await change(boss, 'eve', { state: 'active' })
    for (const link of links) expect(await refusal(use(link))).toMatchObject({ code: 'link-invalid' })
    expect(await status(eve)).toBe(401)
    const { events } = (await (await boss('GET', '/api/audit')).json()) as { events: { action: string }[] }
    expect(events.filter(({ action }) => action === 'withdraw-invitation')).toHaveLength(2)
  })

  it('loses the API tokens they made, at once and for good; others’ tokens go on [B6][I2]', async () => {
    const max = await join(boss, 'max', 'owner')
    const body = { name: 'of max', role: 'owner' }
    const of = async (by: CallApi): Promise<CallApi> => {
      const { token } = newTokenSchema.parse(await (await by('POST', '/api/tokens', { body })).json())
      return (method, path) => call(method, path, { headers: { authorization: `Bearer ${token}` } })
    }
    const [his, mine] = [await of(max), await of(boss)]
    expect((await his('GET', '/api/people')).status).toBe(200)
    await change(boss, 'max', { state: 'disabled' })
    expect((await his('GET', '/api/people')).status).toBe(401)
    await change(boss, 'max', { state: 'active' })
    expect((await his('GET', '/api/people')).status).toBe(401)
    expect((await mine('GET', '/api/people')).status).toBe(200)
  })

  it('can neither change the password nor sign in with it, though they began before [B6]', async () => {
    const kim = await join(boss, 'kim', 'clerk')
    const body = { current: password, password: 'another-long-password' }
    const begun = kim('PUT', '/api/session/password', { body })
    await change(boss, 'kim', { state: 'disabled' })
    // Whether the switch came before or after the present password was looked at.
    expect((await begun).status).toBe(401)
    expect(await refusal(kim('PUT', '/api/session/password', { body }))).toMatchObject({
      code: 'sign-in-needed',
    })
    await change(boss, 'kim', { state: 'active' })
    expect((await signIn('kim@northwind.example')).status).toBe(200)
  })
})

describe('an owner who is given another role', () => {
  it('has no link left that makes an owner, nor an API token; switched back they stay gone [B6]', async () => {
    const ada = await join(boss, 'ada', 'owner')
    const friend = await invite(ada, 'friend2@northwind.example', 'owner')
    const own = await invite(boss, 'ada@northwind.example', 'owner')
    const body = { name: 'of ada', role: 'owner' }
    const { token } = newTokenSchema.parse(await (await ada('POST', '/api/tokens', { body })).json())
    // Herself, too.
    await change(ada, 'ada', { role: 'viewer' })
    await change(boss, 'ada', { role: 'owner' })
    for (const link of [friend, own]) expect(await refusal(use(link))).toMatchObject({ code: 'link-invalid' })
    const headers = { authorization: `Bearer ${token}` }
    expect((await call('GET', '/api/people', { headers })).status).toBe(401)
  })

  it('invited as less, cannot leave the organisation without an owner by using the link [B6]', async () => {
    const { api } = await stranger('solo')
    const link = await invite(api, 'boss@solo.example', 'viewer')
    expect(await refusal(use(link))).toMatchObject({
      code: 'conflict',
      detail: 'boss@solo.example is the only owner; make somebody else owner first.',
    })
    expect((await api('GET', '/api/people')).status).toBe(200)
  })
})

describe('signing out', () => {
  it('ends the session for whoever has a copy of the cookie, and no other session [B6]', async () => {
    const [one, other] = [await asOwner(), await asOwner()]
    await done(one, 'DELETE', '/api/session')
    expect(await status(one)).toBe(401)
    expect(await status(other)).toBe(200)
    // Again, and without any session, it is as good as done.
    await done(one, 'DELETE', '/api/session')
    await done(call, 'DELETE', '/api/session')
  })

  it('is not done by another site’s page [B6]', async () => {
    const one = await asOwner()
    for (const origin of ['https://evil.example', 'https://localhost:3000', 'null'])
      expect((await one('DELETE', '/api/session', { headers: { origin } })).status, origin).toBe(403)
    expect(await status(one)).toBe(200)
  })
})

describe('guessing a password', () => {
  it('is not made endless by an account of the same address in another organisation [B6]', async () => {
    const { api } = await stranger('attacker')
    expect((await use(await invite(api, owner.email, 'viewer'))).status).toBe(200)
    // One derivation looks at both passwords, so that the time does not tell that there are two.
    const { server } = await import('#app/process/process.ts')
    const both = await server().db.select().from(users).where(eq(users.email, owner.email))
    expect(new Set(both.map(({ passwordHash }) => passwordHash?.split('$').slice(0, 5).join())).size).toBe(1)
    expect(both).toHaveLength(2)
    const codes: string[] = []
    for (let round = 0; round < 2; round += 1) {
      const guesses = await Promise.all(
        ['wrong-1', 'wrong-2', 'wrong-3'].map((guess) => signIn(owner.email, guess)),
      )
      for (const answer of guesses) codes.push(((await answer.json()) as { code: string }).code)
      // The attacker's own password for the address goes on working, and clears nothing of the owner's.
      expect((await signIn(owner.email)).status).toBe(200)
    }
    expect(codes.filter((code) => code === 'sign-in-refused').length).toBeLessThanOrEqual(5)
    expect(await refusal(signIn(owner.email, owner.password))).toMatchObject({
      code: 'too-many-requests',
      status: 429,
    })
  })

  it('is not made endless by a session that stands open either [B6]', async () => {
    const pat = await join(boss, 'pat', 'clerk')
    const guess = (current: string) =>
      pat('PUT', '/api/session/password', { body: { current, password: 'another-long-password' } })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => guess(`wrong-${index}`)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    const locked = await guess(password)
    expect(locked.status).toBe(429)
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(10)
    // It is the same count as a sign-in's.
    expect((await signIn('pat@northwind.example')).status).toBe(429)
  })
})

describe('API tokens', () => {
  it('work for 30, 90 or 365 days, a year where nothing is said, and not a moment longer [B6]', async () => {
    const make = (days?: number) =>
      boss('POST', '/api/tokens', { body: { name: `for ${days}`, role: 'viewer', days } })
    for (const [given, meant] of [
      [undefined, 365],
      [30, 30],
      [90, 90],
    ] as const) {
      const { expiresAt, token } = newTokenSchema.parse(await (await make(given)).json())
      const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000
      expect(Math.abs(days - meant)).toBeLessThan(0.01)
      const headers = { authorization: `Bearer ${token}` }
      expect((await call('GET', '/api/runs', { headers })).status).toBe(200)
      const { server } = await import('#app/process/process.ts')
      await server().db.update(apiTokens).set({ expiresAt: new Date() })
      expect((await call('GET', '/api/runs', { headers })).status).toBe(401)
    }
    for (const days of [0, -1, 31, 366, 1e9, '30', null])
      expect((await boss('POST', '/api/tokens', { body: { name: 'x', role: 'viewer', days } })).status).toBe(
        400,
      )
  })

  it('are 50 at most, made at once too, and are listed by pages [B6]', async () => {
    const { total } = await readAnswer(boss, tokensSchema, 'GET', '/api/tokens')
    const made = await Promise.all(
      Array.from({ length: 53 }, (_, index) =>
        boss('POST', '/api/tokens', { body: { name: `token ${index}`, role: 'viewer' } }),
      ),
    )
    expect(made.filter((answer) => answer.status === 201)).toHaveLength(50)
    const refused = made.find((answer) => answer.status !== 201)
    expect(await refused?.json()).toMatchObject({
      code: 'conflict',
      detail: 'There are 50 API tokens; revoke one first.',
    })
    const pages = await Promise.all(
      [1, 2, 3, 4, 99].map((page) => readAnswer(boss, tokensSchema, 'GET', `/api/tokens?page=${page}`)),
    )
    const ids = new Set(pages.flatMap(({ tokens }) => tokens.map(({ id }) => id)))
    expect(ids.size).toBe(total + 50)
    expect(pages.map(({ page }) => page)).toEqual([
      1,
      2,
      3,
      Math.ceil((total + 50) / 20),
      Math.ceil((total + 50) / 20),
    ])
    expect((await boss('GET', '/api/tokens?page=0')).status).toBe(400)
  })
})

it('names are one line, wherever they come in [B6]', async () => {
  for (const name of ['Northwind\r\nBcc: all@x.example', 'a\nb', 'a\u2028b', 'a\u0000b', 'a\u0085b']) {
    for (const [path, body] of [
      ['/api/organisation', { name }],
      ['/api/tokens', { name, role: 'viewer' }],
    ] as const)
      expect(await refusal(boss(path === '/api/tokens' ? 'POST' : 'PUT', path, { body }))).toMatchObject({
        code: 'request-invalid',
        fields: [{ field: 'name', message: expect.stringMatching(/^Enter .* of at most 100 characters\.$/) }],
      })
    const headers = { authorization: `Bearer ${operatorSecret}` }
    const body = { name, ownerEmail: 'a@b.example' }
    expect((await call('POST', '/api/organisations', { headers, body })).status).toBe(400)
  }
})
