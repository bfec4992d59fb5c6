/** Digests on their way: real PostgreSQL, a real SMTP server and a real webhook, by a clock that the test moves. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putWebhook, subscribeAgain, unsubscribe } from '#db/notices/recipients.ts'
import { messages } from '#db/notices/tables.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { createSealer, Secret } from '#lib/base/secrets.ts'
import { programs } from '#lib/programs/registry.ts'
import { resealAll } from '#lib/setup/reseal.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { decide } from './decide.ts'
import { type DeliverContext, deadAfterMs, deliver, type Means, noMailServer } from './deliver.ts'
import { createMailer } from './mail.ts'
import { type MailServer, startMailServer } from './testing/mail-server.ts'
import { readUnsubscribeToken } from './unsubscribe-link.ts'
import { newWebhookSecret, sealTarget } from './webhook.ts'

const [program] = programs
const hourMs = 60 * 60 * 1000
const linkSecret = new Secret('a secret that signs the links of this test')
const sealer = createSealer([Buffer.alloc(32, 7)])

let database: TestDatabase
let open: OpenDatabase
let organisationId: string
let mail: MailServer
let clock: Date
const now = () => clock
const later = (ms: number) => {
  clock = new Date(clock.getTime() + ms)
}

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  clock = new Date('2026-11-03T10:00:00Z')
  organisationId = (await createOrganisation(open.db, { name: 'Northwind <b>' })).id
  mail = await startMailServer()
})
const toClose: (() => Promise<void>)[] = []
afterEach(async () => {
  await mail.close()
  for (const close of toClose.splice(0)) await close()
})

const listen = (...emails: string[]) =>
  putProgramSettings(open.db, organisationId, program.slug, { ...program.defaults, enabled: true, emails })

/** A customer whose last sync failed, by a run of its own. */
const fails = async (agreementId: number, message: string | null): Promise<void> => {
  const { rows } = await open.db.execute<{ id: string }>(sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status, finished_at)
    VALUES (${organisationId}, ${program.slug}, 'customers', 'schedule', 'Sync', 'finished', 'Error', now()) RETURNING id`)
  await open.db.execute(sql`
    INSERT INTO mappings (organisation_id, program, tenant_id, company_id, company_name, agreement_id, sync_enabled)
    VALUES (${organisationId}, ${program.slug}, ${`tenant-${agreementId}`}, 1, ${`Customer ${agreementId} & <i>sons</i>`}, ${agreementId}, true)
    ON CONFLICT DO NOTHING`)
  await open.db.execute(sql`
    INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, tenant_ids, state, status, message, finished_at)
    VALUES (${organisationId}, ${rows[0]?.id}, ${agreementId}, ${program.slug}, 1, '[]', 'finished', ${message === null ? 'Success' : 'Error'}, ${message}, now())`)
}

const decideNow = () => decide({ db: open.db, organisationId, program: program.slug, now, currency: 'AUD' })
const mailerOf = (wholeMs: number) =>
  createMailer({ smtpUrl: new Secret(mail.url), from: 'pod@northwind.example', wholeMs })
/** Patient with a busy machine; where the server hangs, the test says how long is waited for it. */
const meansOf = (change: Partial<Means> = {}): Means => ({
  mailer: mailerOf(10_000),
  guard: createGuard({ trustedHosts: new Set() }),
  sealer,
  appUrl: 'https://pod.northwind.example',
  linkSecret,
  ...change,
})
const deliverBy = (means: Means, change: Partial<DeliverContext> = {}) =>
  deliver({ db: open.db, organisationId, means, now, until: new Date(clock.getTime() + hourMs), ...change })
const states = async () =>
  (await open.db.select().from(messages).where(sql`organisation_id = ${organisationId}`)).map(
    ({ recipient, state, attempts, lastError }) => ({ recipient, state, attempts, lastError }),
  )
const recipients = () => mail.received.flatMap(({ to }) => to).toSorted()
const messageIds = () => mail.received.map(({ raw }) => /^Message-ID: (.*)\r$/im.exec(raw)?.[1])

it('mails a digest once to each address, and nothing while it stays the same [G4, J4]', async () => {
  await listen('owner@northwind.example', 'clerk@northwind.example')
  await fails(7, 'Its agreement has ended.')
  expect(await decideNow()).toBe(true)
  await deliverBy(meansOf())
  await fails(7, 'Its agreement has ended.')
  expect(await decideNow()).toBe(false)
  await deliverBy(meansOf())
  expect(recipients()).toEqual(['clerk@northwind.example', 'owner@northwind.example'])
  expect(new Set(messageIds()).size).toBe(2)
  const [{ raw } = { raw: '' }] = mail.received
  expect(raw).toContain('Subject: Microsoft CSP: 1 error')
  expect(raw).toContain('Its agreement has ended.')
  expect(raw).toContain('https://pod.northwind.example/runs/')
  expect(raw).toContain('Customer 7 &amp; &lt;i&gt;sons&lt;/i&gt;')
  expect(raw).toContain('Northwind &lt;b&gt; on Prism Pod.')
})

it('tells once that it works again [G4]', async () => {
  await listen('owner@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await fails(7, null)
  expect(await decideNow()).toBe(true)
  expect(await decideNow()).toBe(false)
  await deliverBy(meansOf())
  expect(mail.received).toHaveLength(2)
  expect(mail.received.some(({ raw }) => raw.includes('WORKS AGAIN'))).toBe(true)
})

it('loses nothing while the server is down for an hour, and sends each once after it [J4]', async () => {
  await listen('owner@northwind.example', 'clerk@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  mail.isDown = true
  for (let minutes = 0; minutes < 60; minutes += 5) {
    await deliverBy(meansOf())
    later(5 * 60_000)
  }
  expect(mail.received).toEqual([])
  expect((await states()).every(({ state, lastError }) => state === 'queued' && lastError !== null)).toBe(
    true,
  )
  mail.isDown = false
  later(hourMs)
  await deliverBy(meansOf())
  later(hourMs)
  await deliverBy(meansOf())
  expect(recipients()).toEqual(['clerk@northwind.example', 'owner@northwind.example'])
  expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent'])
})

it('tries no sooner than it said it would, and gives up after forty hours [J4]', async () => {
  await listen('owner@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  mail.isDown = true
  expect(await deliverBy(meansOf())).toBe(1)
  expect(await deliverBy(meansOf())).toBe(0)
  for (let hours = 0; hours < 60; hours += 1) {
    later(hourMs)
    await deliverBy(meansOf())
  }
  expect(await states()).toMatchObject([{ state: 'failed', attempts: 12 }])
})

it('sends to all others where the server refuses one address and hangs on another [J4]', async () => {
  const bad = ['a-refused@northwind.example', 'b-hangs@northwind.example']
  const good = ['c@northwind.example', 'd@northwind.example', 'e@northwind.example']
  mail.refused.add(bad[0] ?? '')
  mail.hangsOn.add(bad[1] ?? '')
  await listen(...bad, ...good)
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  const started = performance.now()
  await deliverBy(meansOf({ mailer: mailerOf(2_000) }))
  // The hanging one alone takes its two seconds.
  expect(performance.now() - started).toBeLessThan(4_000)
  expect(recipients()).toEqual(good)
  for (let tries = 0; tries < 5; tries += 1) {
    later(hourMs)
    await deliverBy(meansOf({ mailer: mailerOf(200) }))
  }
  expect(recipients()).toEqual(good)
  expect((await states()).find(({ recipient }) => recipient === bad[0])).toMatchObject({
    state: 'failed',
    attempts: 3,
  })
})

it('sends again under the same Message-ID where the process died after the server took the mail [J4]', async () => {
  await listen('owner@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  const means = meansOf()
  // The process dies with the mail taken and nothing stored: what it would do next never happens.
  let hasTaken: () => void = () => undefined
  const taken = new Promise<void>((resolve) => {
    hasTaken = resolve
  })
  const dead = {
    ...means,
    mailer: {
      send: async (each: Parameters<NonNullable<Means['mailer']>['send']>[0]) => {
        await means.mailer?.send(each)
        hasTaken()
        await new Promise(() => undefined)
      },
    },
  }
  void deliverBy(dead)
  await taken
  expect(await deliverBy(means)).toBe(0)
  later(deadAfterMs)
  expect(await deliverBy(means)).toBe(1)
  expect(mail.received).toHaveLength(2)
  expect(new Set(messageIds()).size).toBe(1)
  later(hourMs)
  expect(await deliverBy(means)).toBe(0)
})

it('sends each once where several processes see to the same messages at a time [J4]', async () => {
  const all = Array.from({ length: 12 }, (_, index) => `p${index}@northwind.example`)
  await listen(...all)
  await fails(7, 'Its agreement has ended.')
  await Promise.all([decideNow(), decideNow(), decideNow()])
  await Promise.all([deliverBy(meansOf()), deliverBy(meansOf()), deliverBy(meansOf())])
  expect(recipients()).toEqual(all.toSorted())
})

it('keeps the mail of a deployment without a mail server, says so, and sends it once there is one [J4]', async () => {
  await listen('owner@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await deliverBy(meansOf({ mailer: null }))
  expect(await states()).toMatchObject([{ state: 'queued', lastError: noMailServer }])
  later(hourMs)
  await deliverBy(meansOf())
  expect(recipients()).toEqual(['owner@northwind.example'])
})

it('lets an address unsubscribe by the link of its mail, alone, also of what is on its way [J4]', async () => {
  await listen('owner@northwind.example', 'Clerk@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await deliverBy(meansOf())
  const clerks = mail.received.find(({ to }) => to[0] === 'Clerk@northwind.example')?.raw ?? ''
  expect(clerks).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/im)
  const folded = clerks.replace(/\r\n[ \t]+/g, '')
  const token =
    /List-Unsubscribe: ?<https:\/\/pod\.northwind\.example\/api\/unsubscribe\?token=([\w.-]+)>/i.exec(
      folded,
    )?.[1] ?? ''
  const read = readUnsubscribeToken(linkSecret, token)
  expect(read).toEqual({ organisationId, program: program.slug, address: 'Clerk@northwind.example' })
  expect(readUnsubscribeToken(linkSecret, `x${token}`)).toBeNull()
  expect(readUnsubscribeToken(new Secret('another'), token)).toBeNull()
  await fails(8, 'Its agreement has ended.')
  await decideNow()
  await unsubscribe(open.db, organisationId, program.slug, read?.address ?? '')
  await deliverBy(meansOf())
  expect(recipients()).toEqual([
    'Clerk@northwind.example',
    'owner@northwind.example',
    'owner@northwind.example',
  ])
  expect(await subscribeAgain(open.db, organisationId, program.slug, 'CLERK@northwind.example')).toBe(true)
})

it('sends nothing any more to an address that was taken out while a message to it was on its way [C5]', async () => {
  await listen('owner@northwind.example', 'left@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await listen('owner@northwind.example')
  await deliverBy(meansOf())
  expect(recipients()).toEqual(['owner@northwind.example'])
  expect((await states()).map(({ state }) => state).toSorted()).toEqual(['dropped', 'sent'])
})

it('sends what is on its way to an address of which only the spelling changed, and one mail where it is entered twice [C5]', async () => {
  await listen('owner@northwind.example')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await listen('Owner@Northwind.example', 'OWNER@northwind.example')
  await deliverBy(meansOf())
  expect(recipients()).toEqual(['owner@northwind.example'])
  await fails(8, 'Its agreement has ended.')
  await decideNow()
  await deliverBy(meansOf())
  expect(mail.received).toHaveLength(2)
})

// ───────────────────────────── webhooks ─────────────────────────────

interface Posted {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
/** @param answer `null`: it cuts the connection; `'nothing'`: it never answers */
const hook = async (answer: (count: number) => number | null | 'nothing') => {
  const posted: Posted[] = []
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      posted.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
      const status = answer(posted.length)
      if (status === null) request.socket.destroy()
      else if (status !== 'nothing') response.writeHead(status).end('said so')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  toClose.push(close)
  const { port } = server.address() as AddressInfo
  const openAgain = () => new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const host = `127.0.0.1:${port}`
  const secret = newWebhookSecret()
  const setUp = (format: 'standard' | 'teams') =>
    putWebhook(open.db, organisationId, {
      program: program.slug,
      format,
      host,
      setBy: 'owner@northwind.example',
      ...sealTarget(sealer, organisationId, program.slug, { url: `http://${host}/hook?code=secret`, secret }),
    })
  const guard = createGuard({ trustedHosts: new Set([host]) })
  return { posted, secret, setUp, guard, close, openAgain }
}
const headersOf = ({ headers }: Posted): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

it('posts the digest to the webhook, signed, and again under the same id until it is taken [J4]', async () => {
  const { posted, secret, setUp, guard } = await hook((count) =>
    count === 1 ? 503 : count === 2 ? null : 204,
  )
  await listen()
  await setUp('standard')
  await fails(7, 'Its agreement has ended.')
  clock = new Date()
  await decideNow()
  for (let tries = 0; tries < 5; tries += 1) {
    await deliverBy(meansOf({ guard }))
    later(5 * 60_000)
  }
  expect(posted).toHaveLength(3)
  expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const [first] = posted
  if (first === undefined) throw new Error('Nothing was posted')
  const read = new Verifier(secret).verify(first.body, headersOf(first))
  expect(read).toMatchObject({
    type: 'digest',
    data: {
      organisation: 'Northwind <b>',
      currency: 'AUD',
      news: [{ kind: 'error', cause: 'Its agreement has ended.', count: 1 }],
    },
  })
  expect(() => new Verifier(newWebhookSecret()).verify(first.body, headersOf(first))).toThrow()
  expect(await states()).toMatchObject([{ state: 'sent', attempts: 3 }])
})

it('holds up no mail while the webhook never answers, and posts it again under the same id [J4]', async () => {
  const { posted, setUp, guard } = await hook((count) => (count === 1 ? 'nothing' : 200))
  await listen('owner@northwind.example', 'clerk@northwind.example')
  await setUp('standard')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await deliverBy(meansOf({ guard, webhookMs: 500 }))
  expect(recipients()).toEqual(['clerk@northwind.example', 'owner@northwind.example'])
  const ofHook = async () => (await states()).find(({ recipient }) => recipient === '')
  expect(await ofHook()).toMatchObject({ state: 'queued', lastError: expect.stringContaining('500 ms') })
  for (let hours = 0; hours < 2; hours += 1) {
    later(hourMs)
    await deliverBy(meansOf({ guard }))
  }
  expect(posted).toHaveLength(2)
  expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(await ofHook()).toMatchObject({ state: 'sent', attempts: 2 })
  expect(mail.received).toHaveLength(2)
})

it('loses nothing while neither the mail server nor the webhook can be reached for an hour, and sends each once after it [J4]', async () => {
  const { posted, setUp, guard, close, openAgain } = await hook(() => 200)
  await listen('owner@northwind.example')
  await setUp('standard')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  const means = meansOf({ guard })
  await Promise.all([mail.close(), close()])
  for (let minutes = 0; minutes < 60; minutes += 5) {
    await deliverBy(means)
    later(5 * 60_000)
  }
  const waiting = await states()
  expect(waiting.map(({ state }) => state)).toEqual(['queued', 'queued'])
  for (const { lastError } of waiting) expect(lastError).toContain('ECONNREFUSED')
  // What is found meanwhile waits with it.
  await fails(8, 'Its agreement has ended.')
  await decideNow()
  mail = await startMailServer(Number(new URL(mail.url).port))
  await openAgain()
  for (let hours = 0; hours < 3; hours += 1) {
    later(hourMs)
    await deliverBy(means)
  }
  expect(recipients()).toEqual(['owner@northwind.example', 'owner@northwind.example'])
  expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
  expect(posted).toHaveLength(2)
  expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent'])
})

it('opens a webhook with a new key, once all is sealed again [B5]', async () => {
  const { posted, setUp, guard } = await hook(() => 200)
  await listen()
  await setUp('standard')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  const fresh = createSealer([Buffer.alloc(32, 8)])
  await deliverBy(meansOf({ guard, sealer: fresh }))
  expect((await states())[0]?.lastError).toContain('was sealed with another key')
  await resealAll(open.db, createSealer([Buffer.alloc(32, 8), Buffer.alloc(32, 7)]))
  later(hourMs)
  await deliverBy(meansOf({ guard, sealer: fresh }))
  expect(posted).toHaveLength(1)
})

it('stops where the webhook answers 410, and reaches no private address [J4]', async () => {
  const { posted, setUp, guard } = await hook(() => 410)
  await listen()
  await setUp('standard')
  await fails(7, 'Its agreement has ended.')
  await decideNow()
  await deliverBy(meansOf())
  expect(posted).toEqual([])
  expect((await states())[0]?.lastError).toContain('is not reached')
  later(hourMs)
  await deliverBy(meansOf({ guard }))
  later(hourMs)
  await deliverBy(meansOf({ guard }))
  expect(posted).toHaveLength(1)
  expect(await states()).toMatchObject([{ state: 'failed', lastError: 'Its answer was 410. said so' }])
})

it('writes Teams a card of the same, in which a name makes no link [J4]', async () => {
  const { posted, setUp, guard } = await hook(() => 202)
  await listen()
  await setUp('teams')
  await fails(7, 'See [here](https://evil.example)')
  await decideNow()
  await deliverBy(meansOf({ guard }))
  const card = JSON.parse(posted[0]?.body ?? '{}')
  expect(card).toMatchObject({
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } },
    ],
  })
  expect(JSON.stringify(card)).toContain('See \\\\[here\\\\]')
})
