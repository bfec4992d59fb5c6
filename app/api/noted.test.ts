/** Who signed in, who was refused, and what was refused to whom, stands where somebody looks for it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { auditSchema } from './schemas/audit.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  owner,
  startApiWorld,
  withSessionOf,
} from './testing/api-world.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

let world: ApiWorld
let boss: CallApi
const lines: string[] = []
beforeAll(async () => {
  world = await startApiWorld({})
  boss = await asOwner()
  const write = process.stdout.write.bind(process.stdout)
  vi.spyOn(process.stdout, 'write').mockImplementation((part, ...more) => {
    lines.push(String(part))
    return write(part, ...(more as []))
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.stop()
})

const signIn = (email: string, password: string) =>
  call('POST', '/api/session', { body: { email, password } })
const events = async (action: string) =>
  (await readAnswer(boss, auditSchema, 'GET', `/api/audit?action=${action}`)).events
const logged = (event: string) =>
  lines.flatMap((line) => {
    if (!line.includes(`"event":"${event}"`)) return []
    return [JSON.parse(line) as Record<string, unknown>]
  })

const join = async (email: string, role: string): Promise<CallApi> => {
  const invited = await boss('POST', '/api/people/invitations', { body: { email, role } })
  const { link } = (await invited.json()) as { link: string }
  const body = { token: new URL(link).hash.slice(1), name: 'Vera', password: 'a long and quiet river' }
  return withSessionOf(await call('POST', '/api/session/invitation', { body }))
}

describe('a sign-in', () => {
  it('is in the audit with who and from where, and no password with it', async () => {
    expect((await signIn(owner.email, owner.password)).status).toBe(200)
    const [newest] = await events('sign-in')
    expect(newest).toMatchObject({
      actor: owner.email,
      subject: owner.email,
      detail: { way: 'password', from: 'unknown' },
    })
    expect(JSON.stringify(await events('sign-in'))).not.toContain(owner.password)
  })

  it('that is refused is in the audit of whose address it is, and of nobody’s address in the log alone', async () => {
    const before = (await events('refuse-sign-in')).length
    expect(await refusal(signIn(owner.email, 'wrong-password'))).toMatchObject({ code: 'sign-in-refused' })
    expect(await refusal(signIn('nobody@nowhere.example', 'wrong-password'))).toMatchObject({
      code: 'sign-in-refused',
    })
    const found = await events('refuse-sign-in')
    expect(found).toHaveLength(before + 1)
    expect(found[0]).toMatchObject({
      actor: 'somebody at unknown',
      subject: owner.email,
      detail: { reason: 'password' },
    })
    expect(logged('sign-in-refused').slice(-2)).toMatchObject([{ known: true }, { known: false }])
    expect(lines.join('')).not.toMatch(/nobody@nowhere|wrong-password/)
  })

  it('while the address is locked is noted as that', async () => {
    const vera = 'locked@northwind.example'
    await join(vera, 'viewer')
    for (let n = 0; n < 6; n += 1) await signIn(vera, 'wrong-password')
    expect((await events('refuse-sign-in'))[0]).toMatchObject({ subject: vera, detail: { reason: 'locked' } })
    expect(logged('refused').at(-1)).toMatchObject({
      code: 'too-many-requests',
      method: 'POST',
      path: '/api/session',
    })
  })
})

it('what a role may not do is in the log, by whom and what', async () => {
  const viewer = await join('vera@northwind.example', 'viewer')
  expect(await refusal(viewer('GET', '/api/people'))).toMatchObject({ code: 'not-allowed' })
  expect(logged('refused').at(-1)).toMatchObject({
    code: 'not-allowed',
    path: '/api/people',
    detail: expect.stringContaining('vera@northwind.example'),
  })
})

describe('a password that is tried first is refused', () => {
  const refused = { code: 'request-invalid', detail: expect.stringContaining('Choose another') }

  it('where an invitation is accepted, which stays good for a better one', async () => {
    const email = 'picky@northwind.example'
    const invited = await boss('POST', '/api/people/invitations', { body: { email, role: 'viewer' } })
    const { link } = (await invited.json()) as { link: string }
    const token = new URL(link).hash.slice(1)
    const accept = (password: string) =>
      call('POST', '/api/session/invitation', { body: { token, name: 'Pia Picky', password } })
    for (const password of ['1234567890', 'aaaaaaaaaa', email, 'PiaPicky2026', 'Password123!'])
      expect(await refusal(accept(password)), password).toMatchObject(refused)
    expect((await accept('seven blue kites')).status).toBe(200)
  })

  it('where one’s own is changed, which leaves the present one', async () => {
    const body = { current: owner.password, password: 'Qwerty123456' }
    expect(await refusal(boss('PUT', '/api/session/password', { body }))).toMatchObject(refused)
    expect((await signIn(owner.email, owner.password)).status).toBe(200)
  })
})
