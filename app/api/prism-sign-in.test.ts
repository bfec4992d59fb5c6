import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSealer } from '#lib/base/secrets.ts'
import { resealAll } from '#lib/setup/reseal.ts'
import { prismPod } from '../../standin/data/index.ts'
import { connectionSchema } from './schemas/connections.ts'
import { peopleSchema } from './schemas/people.ts'
import { sessionSchema } from './schemas/session.ts'
import { type ApiWorld, asOwner, call, owner, startApiWorld } from './testing/api-world.ts'
import { browser, nora, owen } from './testing/browser.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const signInEnvironment = {
  PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
  PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
}

describe('a PRISM partner that is unknown here', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld({ ...signInEnvironment, OWNER_EMAIL: '', OWNER_PASSWORD: '' })
  })
  afterAll(() => world.stop())

  it('gets its organisation with the first person, and its credentials generated [B1][B2][B6]', async () => {
    const { signIn, send } = browser()
    expect(await signIn(nora, '?next=/connections')).toBe('/connections')
    const session = sessionSchema.parse(await (await send('GET', '/api/session')).json())
    expect(session).toMatchObject({ user: { email: nora.email, role: 'owner' } })

    const path = '/api/connections/prism/generate'
    const wanting = await send('POST', path, { email: nora.email })
    expect(await wanting.json()).toMatchObject({
      code: 'request-invalid',
      detail: expect.stringContaining('currency'),
    })
    const made = await send('POST', path, { email: nora.email, currency: 'AUD' })
    expect(connectionSchema.parse(await made.json())).toMatchObject({ kind: 'prism', state: 'connected' })
    const again = await send('POST', path, { email: nora.email })
    expect(connectionSchema.parse(await again.json())).toMatchObject({ settings: { currency: 'AUD' } })
  })

  it('lets its next person in after an owner’s yes, and not before [B6]', async () => {
    const [first, second] = [browser(), browser()]
    await first.signIn(nora)
    expect(await second.signIn(owen)).toBe('/sign-in?waiting=yes')
    expect(await second.signIn(owen)).toBe('/sign-in?waiting=yes')
    expect((await second.send('GET', '/api/session')).status).toBe(401)
    const { people } = peopleSchema.parse(await (await first.send('GET', '/api/people')).json())
    const waiting = people.filter(({ state }) => state === 'waiting')
    expect(waiting).toMatchObject([
      { email: owen.email, role: 'viewer', withPrism: true, withPassword: false },
    ])
    await first.send('PUT', `/api/people/${waiting[0]?.id}`, { state: 'active', role: 'clerk' })
    expect(await second.signIn(owen)).toBe('/start')
    const session = sessionSchema.parse(await (await second.send('GET', '/api/session')).json())
    expect(session.user.role).toBe('clerk')
    await first.send('PUT', `/api/people/${waiting[0]?.id}`, { state: 'disabled' })
    expect((await second.send('GET', '/api/session')).status).toBe(401)
    expect(await second.signIn(owen)).toBe('/sign-in?refused=sign-in-refused')
  })

  it('is signed in only by the browser that began, once, with the state it was given [B6]', async () => {
    const [mine, another] = [browser(), browser()]
    const back = await mine.throughPrism(nora)
    const stolen = await another.send('GET', back)
    expect(stolen.headers.get('location')).toBe('/sign-in?refused=link-invalid')
    await another.throughPrism(nora)
    expect((await another.send('GET', back)).headers.get('location')).toBe('/sign-in?refused=sign-in-refused')
    expect((await mine.send('GET', back)).headers.get('location')).toBe('/start')
    expect((await mine.send('GET', back)).headers.get('location')).toBe('/sign-in?refused=link-invalid')
  })

  it('leads to no other site, whatever the link says [B6]', async () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/%0d%0aset-cookie:x=y',
      'x',
    ])
      expect(await browser().signIn(nora, `?next=${encodeURIComponent(next)}`)).not.toMatch(/evil|^x|\n/)
  })

  it('hears that PRISM does not answer, without being signed in [B6]', async () => {
    const { send, throughPrism } = browser()
    const back = await throughPrism(nora)
    world.prism.faults.add([{ kind: '500', path: '/core/*' }])
    expect((await send('GET', back)).headers.get('location')).toMatch(
      /refused=(prism-unreachable|sign-in-refused)/,
    )
    expect(await refusal(call('GET', '/api/session/prism'))).toMatchObject({ code: 'prism-unreachable' })
    world.prism.faults.clear()
  })
})

describe('a person who signed in by password', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld({ ...signInEnvironment, SELF_SIGN_UP: 'off' })
  })
  afterAll(() => world.stop())

  it('is sent to PRISM before credentials are generated, and stays who they are [B2]', async () => {
    const { send, signIn } = browser()
    await send('POST', '/api/session', owner)
    const body = { email: nora.email, currency: 'AUD' }
    const path = '/api/connections/prism/generate'
    expect(await (await send('POST', path, body)).json()).toMatchObject({
      code: 'prism-sign-in-needed',
      status: 409,
    })
    expect(await signIn(nora, '?purpose=link&next=/connections')).toBe('/connections')
    const session = sessionSchema.parse(await (await send('GET', '/api/session')).json())
    expect(session.user.email).toBe(owner.email)
    expect((await send('POST', path, body)).status).toBe(200)
  })

  it('is, signed in with PRISM, the same person from then on; strangers wait though nobody may sign up [B6]', async () => {
    const mine = browser()
    expect(await mine.signIn(nora)).toBe('/start')
    const session = sessionSchema.parse(await (await mine.send('GET', '/api/session')).json())
    expect(session.user.email).toBe(owner.email)
    expect(await browser().signIn(owen)).toBe('/sign-in?waiting=yes')
  })

  it('cannot use a token of PRISM’s that was altered [B2]', async () => {
    const mine = browser()
    await mine.signIn(nora)
    const other = browser()
    await other.send('POST', '/api/session', owner)
    const token = mine.cookies.get('prism-pod-prism') ?? ''
    expect(token).not.toBe('')
    other.cookies.set('prism-pod-prism', `${token.slice(0, -4)}AAAA`)
    const answer = await other.send('POST', '/api/connections/prism/generate', {
      email: nora.email,
      currency: 'AUD',
    })
    expect(await answer.json()).toMatchObject({ code: 'prism-sign-in-needed' })
  })
})

describe('where nobody may sign up', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld({ ...signInEnvironment, SELF_SIGN_UP: 'off' })
  })
  afterAll(() => world.stop())

  it('a partner that is unknown is refused, until an organisation has its credentials [B6]', async () => {
    expect(await browser().signIn(nora)).toBe('/sign-in?refused=sign-in-refused')
    const api = await asOwner()
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
    expect(await browser().signIn(nora)).toBe('/sign-in?waiting=yes')
  })

  it('stored secrets are sealed again with a new key, and the old one can go [B5]', async () => {
    const { server } = await import('#app/process/process.ts')
    const { db, env, sealer } = server()
    const old = Buffer.from(env.encryptionKeys[0]?.reveal() ?? '', 'base64')
    const fresh = randomBytes(32)
    expect(await resealAll(db, sealer)).toEqual({ resealed: 0, unreadable: [] })
    expect(await resealAll(db, createSealer([fresh]))).toMatchObject({
      resealed: 0,
      unreadable: [expect.stringMatching(/ prism$/)],
    })
    expect(await resealAll(db, createSealer([fresh, old]))).toEqual({ resealed: 1, unreadable: [] })
    const { openPrismConnection } = await import('#lib/setup/stored-connections.ts')
    const { organisationIds } = await import('#db/directory/organisations.ts')
    const [organisationId = ''] = await organisationIds(db)
    const { secret } = await openPrismConnection({ db, sealer: createSealer([fresh]), organisationId })
    expect(secret.reveal()).toBe(world.prismInput.clientSecret)
    await expect(openPrismConnection({ db, sealer, organisationId })).rejects.toMatchObject({
      code: 'secret-unreadable',
    })
  })
})

describe('without a client at PRISM', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await startApiWorld()
  })
  afterAll(() => world.stop())

  it('signing in with PRISM is not offered [B6]', async () => {
    expect(await refusal(call('GET', '/api/session/prism'))).toMatchObject({ code: 'not-found' })
  })
})
