/** Who is told, over the API: from a sync that fails to the post at the webhook and the mail at the server [C5, G4, J4]. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type MailServer, startMailServer } from '#lib/notify/testing/mail-server.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { notificationsSchema, webhookAnswerSchema, webhookSetSchema } from './schemas/notifications.ts'
import { programSchema } from './schemas/programs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  routeFiles,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { notAnswered } from './testing/contract-of.ts'
import { connect, mapCustomer, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { done, isTellingRoute, readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const P = '/api/programs/microsoft-csp'
const CLERK = 'Clerk@northwind.example'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')

interface Posted {
  readonly headers: Record<string, string>
  readonly body: string
}
let world: ApiWorld
let api: CallApi
let mail: MailServer
let hook: Server
let address: string
let status = 200
const posted: Posted[] = []

const shown = () => readAnswer(api, notificationsSchema, 'GET', `${P}/notifications`)
const setWebhook = (url: string, format = 'standard') =>
  readAnswer(api, webhookSetSchema, 'PUT', `${P}/webhook`, { url, format })
const syncNow = async () => {
  await api('POST', `${P}/customers/${coho.tenantId}/sync`)
  await settled()
}

beforeAll(async () => {
  mail = await startMailServer()
  hook = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
      posted.push({ headers: Object.fromEntries(headers), body: Buffer.concat(parts).toString() })
      response.writeHead(status).end('thank you')
    })
  })
  await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening))
  const host = `127.0.0.1:${(hook.address() as AddressInfo).port}`
  address = `http://${host}/hook?code=secret`
  const fixed = { SMTP_URL: mail.url, MAIL_FROM: 'pod@northwind.example' }
  world = await startApiWorld(fixed)
  vi.stubEnv('TRUSTED_HOSTS', `${process.env['TRUSTED_HOSTS']},${host}`)
  api = await asOwner()
  await connect(world, api)
  await world.issueNextInvoice()
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await scheduledCall()
})
afterAll(async () => {
  await world.stop()
  await mail.close()
  await new Promise((closed) => hook.close(closed))
})

it('says who is told, and that nobody is before anybody is entered [C5]', async () => {
  expect(await shown()).toEqual({ mail: { isSetUp: true, addresses: [] }, webhook: null })
})

it('sets a webhook with a secret that is shown once, and refuses private addresses and plain http [J4, B5]', async () => {
  for (const url of [
    'https://10.0.0.1/hook',
    'http://example.com/hook',
    'https://localhost/hook',
    'nonsense',
  ])
    expect(await refusal(api('PUT', `${P}/webhook`, { body: { url, format: 'standard' } }))).toMatchObject({
      code: 'address-refused',
    })
  const { secret } = await setWebhook(address)
  expect(secret).toMatch(/^whsec_/)
  const { webhook } = await shown()
  expect(webhook).toMatchObject({ host: new URL(address).host, format: 'standard', last: null })
  expect(JSON.stringify(await shown())).not.toMatch(/whsec_|code=secret/)
})

it('tests the webhook and says what came back, good or bad [J4]', async () => {
  const { secret } = await setWebhook(address)
  const test = () => readAnswer(api, webhookAnswerSchema, 'POST', `${P}/webhook/test`)
  expect(await test()).toEqual({ isTaken: true, status: 200, text: 'thank you' })
  const last = posted.at(-1)
  expect(new Verifier(secret).verify(last?.body ?? '', last?.headers ?? {})).toMatchObject({ type: 'test' })
  status = 403
  expect(await test()).toEqual({ isTaken: false, status: 403, text: 'thank you' })
  status = 200
  await setWebhook(address, 'teams')
  await test()
  expect(JSON.parse(posted.at(-1)?.body ?? '{}')).toMatchObject({ type: 'message' })
})

it('tells of a sync that fails once, by mail and webhook, and once that it works again [G4, J4]', async () => {
  await setWebhook(address)
  posted.splice(0)
  await readAnswer(api, programSchema, 'PUT', P, { emails: [CLERK] })
  const { store } = world.connectWise
  const before = store.get('agreements', coho.agreementId)
  if (before === undefined) throw new Error('There is no such agreement')
  store.put('agreements', { ...before, prorateFlag: false }, 'GClerk')
  await syncNow()
  await syncNow()
  await scheduledCall()
  const errors = posted.filter(({ body }) => body.includes('"kind":"error"'))
  expect(errors).toHaveLength(1)
  const failed = mail.received.filter(({ raw }) => /Subject: Microsoft CSP: \d+ error/.test(raw))
  expect(failed).toHaveLength(1)
  expect(failed[0]?.to).toEqual([CLERK])
  store.put('agreements', before, 'GClerk')
  await syncNow()
  await syncNow()
  const recovered = posted.filter(({ body }) => body.includes('"recoveredCount":1'))
  expect(recovered).toHaveLength(1)
  const { webhook, mail: told } = await shown()
  expect(webhook?.last?.state).toBe('sent')
  expect(told.addresses).toMatchObject([{ address: CLERK, unsubscribedAt: null, last: { state: 'sent' } }])
})

it('says of an address in two spellings what came of the one mail [C5]', async () => {
  const spellings = [CLERK, CLERK.toUpperCase()]
  await readAnswer(api, programSchema, 'PUT', P, { emails: spellings })
  const { addresses } = (await shown()).mail
  expect(addresses.map(({ address }) => address)).toEqual(spellings)
  for (const { last } of addresses) expect(last).toMatchObject({ state: 'sent' })
  await readAnswer(api, programSchema, 'PUT', P, { emails: [CLERK] })
})

it('unsubscribes by the mail’s link in one click, without a session; opening it changes nothing [J4]', async () => {
  const raw = mail.received.at(-1)?.raw.replace(/\r\n[ \t]+/g, '') ?? ''
  const token = /unsubscribe\?token=([\w.-]+)/.exec(raw)?.[1] ?? ''
  const opened = await call('GET', `/api/unsubscribe?token=${token}`)
  expect(opened.headers.get('location')).toBe(`http://localhost:3000/unsubscribe#${token}`)
  expect((await shown()).mail.addresses[0]?.unsubscribedAt).toBeNull()
  expect((await call('POST', `/api/unsubscribe?token=${token}`)).status).toBe(204)
  expect((await call('POST', `/api/unsubscribe?token=${token}`)).status).toBe(204)
  expect((await shown()).mail.addresses[0]?.unsubscribedAt).not.toBeNull()
  const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`
  expect(await refusal(call('POST', `/api/unsubscribe?token=${changed}`))).toMatchObject({
    code: 'link-invalid',
  })

  await done(api, 'POST', `${P}/notifications/subscriptions`, { address: CLERK.toLowerCase() })
  expect((await shown()).mail.addresses[0]?.unsubscribedAt).toBeNull()
  const again = api('POST', `${P}/notifications/subscriptions`, { body: { address: CLERK } })
  expect(await refusal(again)).toMatchObject({ code: 'not-found' })
  const { events } = await readAnswer(
    api,
    z.object({ events: z.array(z.object({ actor: z.string(), action: z.string() })) }),
    'GET',
    '/api/audit?action=unsubscribe',
  )
  expect(events).toEqual([{ actor: CLERK, action: 'unsubscribe' }])
})

it('takes a webhook away, of which nothing can be tested then [J4]', async () => {
  await done(api, 'DELETE', `${P}/webhook`)
  await done(api, 'DELETE', `${P}/webhook`)
  expect((await shown()).webhook).toBeNull()
  expect(await refusal(api('POST', `${P}/webhook/test`))).toMatchObject({ code: 'not-found' })
})

it('has had a good answer of every endpoint of its own', () => {
  expect(notAnswered(routeFiles.filter(isTellingRoute))).toEqual([])
})
