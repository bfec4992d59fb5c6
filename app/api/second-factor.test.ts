/** A second factor beside the password: asked for, proved, lost, reset and demanded. */
import { sql } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { resetFactorsOf } from '#lib/auth/second-factor.ts'
import { Secret as Sealed, sealerOf } from '#lib/base/secrets.ts'
import { forgetUnreadable, resealAll, sealedWithOtherKeys } from '#lib/setup/reseal.ts'
import { auditSchema } from './schemas/audit.ts'
import { newTokenSchema, peopleSchema } from './schemas/people.ts'
import { begunFactorSchema, organisationOptionsSchema } from './schemas/session.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  owner,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const password = 'seven blue kites'

let world: ApiWorld
let boss: CallApi
beforeAll(async () => {
  world = await startApiWorld({})
  boss = await asOwner()
})
afterAll(() => world.stop())

const signIn = (email: string, code?: string, secret = password) =>
  call('POST', '/api/session', { body: { email, password: secret, ...(code === undefined ? {} : { code }) } })

const invite = async (email: string, role: string): Promise<string> => {
  const answer = await boss('POST', '/api/people/invitations', { body: { email, role } })
  return new URL(((await answer.json()) as { link: string }).link).hash.slice(1)
}
const accept = (token: string) =>
  call('POST', '/api/session/invitation', { body: { token, name: 'Tess', password } })
const join = async (name: string, role: string): Promise<{ api: CallApi; email: string }> => {
  const email = `${name}@northwind.example`
  return { api: withSessionOf(await accept(await invite(email, role))), email }
}
const idOf = async (email: string): Promise<string> => {
  const { people } = await readAnswer(boss, peopleSchema, 'GET', '/api/people')
  return people.find((person) => person.email === email)?.id ?? ''
}
const status = async (api: CallApi): Promise<number> => (await api('GET', '/api/session')).status

const authenticator = (uri: string, secret: string) => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  expect(uri).toContain('otpauth://totp/Prism%20Pod:')
  // Steps that nobody has used: each proves once, and the next ones are within the window.
  return { at: (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 }) }
}

const begin = (api: CallApi, its = password) =>
  readAnswer(api, begunFactorSchema, 'POST', '/api/session/second-factor', { password: its })

const setUp = async (api: CallApi, its = password) => {
  const { secret, uri, recoveryCodes } = await begin(api, its)
  const phone = authenticator(uri, secret)
  await done(api, 'PUT', '/api/session/second-factor', { code: phone.at(-1) })
  return { phone, recoveryCodes }
}

describe('a second factor', () => {
  it('asks for nothing before its first code, and is begun anew until then, by the password alone', async () => {
    const { api, email } = await join('anew', 'clerk')
    const wrong = api('POST', '/api/session/second-factor', { body: { password: 'no such' } })
    expect(await refusal(wrong)).toMatchObject({ code: 'sign-in-refused' })
    const first = await begin(api)
    expect((await signIn(email)).status).toBe(200)
    const second = await begin(api)
    expect(second.secret).not.toBe(first.secret)
    const old = authenticator(first.uri, first.secret).at(0)
    expect(await refusal(api('PUT', '/api/session/second-factor', { body: { code: old } }))).toMatchObject({
      code: 'sign-in-refused',
    })
    await done(api, 'PUT', '/api/session/second-factor', {
      code: authenticator(second.uri, second.secret).at(0),
    })
    expect(await refusal(signIn(email))).toMatchObject({ code: 'second-factor-needed', status: 401 })
    const again = api('POST', '/api/session/second-factor', { body: { password } })
    expect(await refusal(again)).toMatchObject({ code: 'conflict' })
  })

  it('lets in with the password and a code, each code once, and neither of them alone', async () => {
    const { api, email } = await join('once', 'clerk')
    const { phone } = await setUp(api)
    const code = phone.at(0)
    expect(await refusal(signIn(email, code, 'wrong password'))).toMatchObject({ code: 'sign-in-refused' })
    const answer = await signIn(email, `${code.slice(0, 3)} ${code.slice(3)}`)
    expect(answer.status).toBe(200)
    expect(await refusal(signIn(email, code))).toMatchObject({ code: 'sign-in-refused' })
    // One of before it neither, though its time is not quite over.
    expect(await refusal(signIn(email, phone.at(-1)))).toMatchObject({ code: 'sign-in-refused' })
    expect(await refusal(signIn(email, phone.at(-20)))).toMatchObject({ code: 'sign-in-refused' })
    // Sessions of before go on.
    expect(await status(api)).toBe(200)
    const { events } = await readAnswer(boss, auditSchema, 'GET', '/api/audit?action=refuse-sign-in')
    expect(events[0]).toMatchObject({ subject: email, detail: { reason: 'code' } })
  })

  it('of two sign-ins at once with one code lets in one', async () => {
    const { api, email } = await join('twice', 'clerk')
    const { phone } = await setUp(api)
    const code = phone.at(0)
    const both = await Promise.all([signIn(email, code), signIn(email, code)])
    expect(both.map(({ status: each }) => each).sort((a, b) => a - b)).toEqual([200, 401])
  })

  it('is locked after some wrong codes, whoever tries, and the right one does not help meanwhile', async () => {
    const { api, email } = await join('locked', 'clerk')
    const { phone, recoveryCodes } = await setUp(api)
    const right = phone.at(0)
    const wrong = right === '000000' ? '111111' : '000000'
    for (let n = 0; n < 5; n += 1) expect((await signIn(email, wrong)).status).toBe(401)
    expect(await refusal(signIn(email, right))).toMatchObject({ code: 'too-many-requests' })
    expect(await refusal(signIn(email, recoveryCodes[0]))).toMatchObject({ code: 'too-many-requests' })
  })

  it('that is lost is replaced by a recovery code, each once, and nobody else’s', async () => {
    const { api, email } = await join('lost', 'clerk')
    const { recoveryCodes } = await setUp(api)
    const other = await join('other', 'clerk')
    const others = await setUp(other.api)
    expect(new Set(recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = recoveryCodes
    expect((await signIn(email, first.toUpperCase().replaceAll('-', ' '))).status).toBe(200)
    expect(await refusal(signIn(email, first))).toMatchObject({ code: 'sign-in-refused' })
    expect(await refusal(signIn(email, others.recoveryCodes[0]))).toMatchObject({ code: 'sign-in-refused' })
    expect((await signIn(email, second)).status).toBe(200)
  })

  it('is taken off by a code of it, and by an owner, which ends the person’s sessions', async () => {
    const { api, email } = await join('off', 'clerk')
    const first = await setUp(api)
    expect(
      await refusal(api('POST', '/api/session/second-factor/removal', { body: { code: '12' } })),
    ).toMatchObject({ code: 'sign-in-refused' })
    await done(api, 'POST', '/api/session/second-factor/removal', { code: first.phone.at(0) })
    expect((await signIn(email)).status).toBe(200)
    await setUp(api)
    await done(boss, 'DELETE', `/api/people/${await idOf(email)}/second-factor`)
    expect(await status(api)).toBe(401)
    const back = await signIn(email)
    expect(back.status).toBe(200)
    expect(await refusal(boss('DELETE', `/api/people/${await idOf(email)}/second-factor`))).toMatchObject({
      code: 'conflict',
    })
    const { events } = await readAnswer(boss, auditSchema, 'GET', `/api/audit?search=${email}`)
    const actions = events.map(({ action }) => action)
    for (const action of ['set-up-second-factor', 'take-off-second-factor', 'reset-second-factor'])
      expect(actions).toContain(action)
  })

  it('is not passed by an invitation to whoever is here already: the link sets the password, and no more', async () => {
    const { api, email } = await join('link', 'clerk')
    await setUp(api)
    const answer = await accept(await invite(email, 'clerk'))
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await refusal(Promise.resolve(answer))).toMatchObject({ code: 'second-factor-needed' })
  })

  it('is shown of each person, and never its secret', async () => {
    const { api, email } = await join('shown', 'viewer')
    const { secret } = await begin(api)
    const { people } = await readAnswer(boss, peopleSchema, 'GET', '/api/people')
    expect(people.find((person) => person.email === email)?.withSecondFactor).toBe(false)
    expect(JSON.stringify(people)).not.toContain(secret)
    const { db, close } = openDatabase(process.env['DATABASE_URL'] ?? '', { max: 1 })
    try {
      const { rows } = await db.execute(sql`SELECT sealed FROM second_factors`)
      expect(rows.length).toBeGreaterThan(3)
      expect(JSON.stringify(rows)).not.toContain(secret)
    } finally {
      await close()
    }
  })
})

describe('an organisation that demands one', () => {
  const demand = (secondFactor: string) =>
    readAnswer(boss, organisationOptionsSchema, 'PUT', '/api/organisation', { secondFactor })

  it('ends the sessions of whoever has none, and leads them through it as they sign in; others and API tokens go on', async () => {
    const { api: before, email } = await join('demanded', 'clerk')
    const ready = await join('ready', 'clerk')
    await setUp(ready.api)
    await setUp(boss, owner.password)
    const made = await readAnswer(boss, newTokenSchema, 'POST', '/api/tokens', {
      name: 'billing',
      role: 'viewer',
    })
    const first = () => call('POST', '/api/session/second-factor/first', { body: { email, password } })
    expect(await refusal(first())).toMatchObject({ code: 'conflict' })
    await demand('owners')
    expect((await signIn(email)).status).toBe(200)
    expect(await status(before)).toBe(200)
    await demand('everybody')
    try {
      expect(await status(before)).toBe(401)
      expect(await status(ready.api)).toBe(200)
      expect(await status(boss)).toBe(200)
      const byToken = await call('GET', '/api/runs', { headers: { authorization: `Bearer ${made.token}` } })
      expect(byToken.status).toBe(200)
      expect(await refusal(signIn(email))).toMatchObject({ code: 'second-factor-to-set-up' })
      const wrong = call('POST', '/api/session/second-factor/first', { body: { email, password: 'no such' } })
      expect(await refusal(wrong)).toMatchObject({ code: 'sign-in-refused' })
      const { secret, uri } = begunFactorSchema.parse(await (await first()).json())
      const phone = authenticator(uri, secret)
      expect(await refusal(signIn(email, '000000'))).toMatchObject({ code: 'sign-in-refused' })
      const answer = await signIn(email, phone.at(0))
      expect(answer.status).toBe(200)
      const api = withSessionOf(answer)
      expect(await refusal(signIn(email))).toMatchObject({ code: 'second-factor-needed' })
      // The password alone begins no other one, and nobody takes off what is demanded.
      expect(await refusal(first())).toMatchObject({ code: 'conflict' })
      const removal = api('POST', '/api/session/second-factor/removal', { body: { code: phone.at(1) } })
      expect(await refusal(removal)).toMatchObject({ code: 'conflict' })
      // Somebody new sets it up before anything else.
      const fresh = await accept(await invite('fresh@northwind.example', 'viewer'))
      expect(fresh.headers.get('set-cookie')).toBeNull()
      expect(await refusal(Promise.resolve(fresh))).toMatchObject({ code: 'second-factor-to-set-up' })
      const { events } = await readAnswer(boss, auditSchema, 'GET', '/api/audit?action=ask-for-second-factor')
      const asked = events.map(({ subject }) => subject)
      expect(asked).toContain(email)
      expect(asked).not.toContain(ready.email)
    } finally {
      await demand('optional')
    }
  })

  it('asks an owner without one who demands it first, and a clerk who becomes owner under it', async () => {
    const invited = await join('second-owner', 'owner')
    const clerk = await join('risen', 'clerk')
    await readAnswer(invited.api, organisationOptionsSchema, 'PUT', '/api/organisation', {
      secondFactor: 'owners',
    })
    try {
      expect(await status(invited.api)).toBe(401)
      expect(await status(clerk.api)).toBe(200)
      // The same demand again, as the form sends it with another change, ends nothing.
      expect((await signIn(clerk.email)).status).toBe(200)
      await demand('owners')
      expect(await status(clerk.api)).toBe(200)
      await done(boss, 'PUT', `/api/people/${await idOf(clerk.email)}`, { role: 'owner' })
      expect(await status(clerk.api)).toBe(401)
      expect(await refusal(signIn(clerk.email))).toMatchObject({ code: 'second-factor-to-set-up' })
    } finally {
      await demand('optional')
    }
  })
})

it('of an only owner who has lost it is taken off by the operator, by the address', async () => {
  const { api, email } = await join('operator', 'clerk')
  await setUp(api)
  const { db, close } = openDatabase(process.env['DATABASE_URL'] ?? '', { max: 1 })
  try {
    expect(await resetFactorsOf(db, email.toUpperCase())).toBe(1)
    expect(await resetFactorsOf(db, email)).toBe(0)
    expect(await status(api)).toBe(401)
    expect((await signIn(email)).status).toBe(200)
  } finally {
    await close()
  }
})

it('the secrets are sealed anew with a new key, and given up where their key is lost', async () => {
  const { db, close } = openDatabase(process.env['DATABASE_URL'] ?? '', { max: 1 })
  const key = () => new Sealed(Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'))
  const [old, next, unknown] = [new Sealed(process.env['ENCRYPTION_KEY'] ?? ''), key(), key()]
  try {
    const { unreadable } = await resealAll(db, sealerOf([next, old]))
    expect(unreadable).toEqual([])
    expect(await sealedWithOtherKeys(db, sealerOf([next]))).toEqual([])
    const forgotten = await forgetUnreadable(db, sealerOf([unknown]))
    expect(forgotten.filter((each) => each.includes('second factor')).length).toBeGreaterThan(3)
    const { rows } = await db.execute(sql`SELECT 1 FROM second_factors`)
    expect(rows).toEqual([])
  } finally {
    await close()
  }
})
