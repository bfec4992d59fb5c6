/** Deleting an organisation with a second factor, and what its other owners hear of it (I2, B6). */
import { sql } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lastLinkOf, type MailServer, startMailServer } from '#lib/notify/testing/mail-server.ts'
import { begunFactorSchema } from './schemas/session.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  operatorSecret,
  owner,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { anotherOrganisation, joined, scheduledCall } from './testing/organisation.ts'
import { done, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const { password } = owner
const others = ['second@northwind.example', 'third@northwind.example']
const clerk = 'clerk@northwind.example'
let mail: MailServer
let world: ApiWorld
let boss: CallApi
let api: CallApi
let name: string
let recoveryCodes: readonly string[]
let codeAt: (steps: number) => string
let logged: string[]

const mailedLink = (): string => lastLinkOf(mail)

beforeAll(async () => {
  mail = await startMailServer()
  world = await startApiWorld({
    OPERATOR_SECRET: operatorSecret,
    SMTP_URL: mail.url,
    MAIL_FROM: 'pod@northwind.example',
  })
  boss = await asOwner()
  // Another organisation, of which nobody is told.
  api = (await anotherOrganisation(mailedLink)).api
  for (const email of [...others, clerk]) {
    await boss('POST', '/api/people/invitations', {
      body: { email, role: email === clerk ? 'clerk' : 'owner' },
    })
    await joined(mailedLink())
  }
  const { organisation } = (await (await boss('GET', '/api/session')).json()) as {
    organisation: { name: string }
  }
  name = organisation.name
  const begun = await readAnswer(boss, begunFactorSchema, 'POST', '/api/session/second-factor', { password })
  recoveryCodes = begun.recoveryCodes
  const totp = new TOTP({ secret: Secret.fromBase32(begun.secret) })
  // Steps that nobody has used: each proves once, and the next ones are within the window.
  codeAt = (steps) => totp.generate({ timestamp: Date.now() + steps * 30_000 })
  await done(boss, 'PUT', '/api/session/second-factor', { code: codeAt(-1) })
  mail.received.length = 0
  logged = []
  const write = process.stdout.write.bind(process.stdout)
  vi.spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => {
    logged.push(String(text))
    return write(text)
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.stop()
  await mail.close()
})

const ask = (body: object) => boss('POST', '/api/organisation/deletion', { body })
const rowsOf = async (query: ReturnType<typeof sql>): Promise<number> => {
  const { server } = await import('#app/process/process.ts')
  return (await server().db.execute(query)).rows.length
}
const unusedCodes = () => rowsOf(sql`SELECT 1 FROM recovery_codes WHERE used_at IS NULL`)

describe('the deletion of an organisation by somebody with a second factor', () => {
  it('asks for a code, takes no wrong one, and shuts nothing meanwhile [B6]', async () => {
    expect(await refusal(ask({ name, password }))).toMatchObject({ code: 'second-factor-needed' })
    for (const code of ['000 000', codeAt(-1), 'aaaaa-bbbbb-cccc'])
      expect(await refusal(ask({ name, password, code })), code).toMatchObject({ code: 'sign-in-refused' })
    expect((await boss('GET', '/api/session')).status).toBe(200)
    expect(await rowsOf(sql`SELECT 1 FROM organisations WHERE deleting_since IS NOT NULL`)).toBe(0)
    expect(mail.received).toEqual([])
  })

  it('uses no recovery code up where the name or the password is wrong, and takes none twice', async () => {
    const [code = ''] = recoveryCodes
    const before = await unusedCodes()
    expect(await refusal(ask({ name: 'Northwind', password, code }))).toMatchObject({
      code: 'request-invalid',
    })
    expect(await refusal(ask({ name, password: 'wrong', code }))).toMatchObject({ code: 'sign-in-refused' })
    expect(await unusedCodes()).toBe(before)
    expect((await call('POST', '/api/session', { body: { ...owner, code } })).status).toBe(200)
    expect(await unusedCodes()).toBe(before - 1)
    expect(await refusal(ask({ name, password, code }))).toMatchObject({ code: 'sign-in-refused' })
  })

  it('takes a recovery code in its place, and tells each other owner once, whoever’s address is wrong [I2]', async () => {
    const [, code = ''] = recoveryCodes
    mail.refused.add(others[1] ?? '')
    expect((await ask({ name, password, code })).status).toBe(204)
    expect((await boss('GET', '/api/session')).status).toBe(401)
    expect(mail.received.map(({ to }) => to)).toEqual([[others[0]]])
    const text = mail.received[0]?.raw ?? ''
    expect(text).toContain(`Subject: Deleted on Prism Pod: ${name}`)
    expect(text).toMatch(
      new RegExp(
        `The organisation ${name} was deleted by ${owner.email} at \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`,
      ),
    )
    const failed = logged.filter((line) => line.includes('mail-not-sent'))
    expect(failed.length).toBe(1)
    expect(failed[0]).toContain('"mails":1')
    for (const address of others) expect(logged.join('')).not.toContain(address)
  })

  it('leaves neither the addresses nor a message to them [I2]', async () => {
    await settled()
    await rowsOf(
      sql`UPDATE organisations SET deleting_since = now() - interval '5 minutes' WHERE deleting_since IS NOT NULL`,
    )
    await scheduledCall()
    expect(await rowsOf(sql`SELECT 1 FROM logins WHERE identifier LIKE '%northwind.example'`)).toBe(0)
    expect(await rowsOf(sql`SELECT 1 FROM messages`)).toBe(0)
    expect(mail.received.length).toBe(1)
    expect((await api('GET', '/api/session')).status).toBe(200)
  })
})
