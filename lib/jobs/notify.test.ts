/** When people are told: jobs, reminders and retries by themselves, by a clock that the test moves. */
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { createSealer, Secret } from '#lib/base/secrets.ts'
import { reminderMs } from '#lib/notify/digest.ts'
import { createMailer } from '#lib/notify/mail.ts'
import { type MailServer, startMailServer } from '#lib/notify/testing/mail-server.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { drain } from './drain.ts'
import { enqueueDueNotices, somethingEnded } from './notify.ts'
import { closeQueue } from './queue.ts'
import type { Worker } from './worker.ts'

const [program] = programs
const hourMs = 60 * 60 * 1000
let database: TestDatabase
let open: OpenDatabase
let organisationId: string
let mail: MailServer
let clock: Date
let worker: Worker

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await closeQueue(open.db)
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  clock = new Date('2026-11-03T10:00:00Z')
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
  mail = await startMailServer()
  const mailer = createMailer({ smtpUrl: new Secret(mail.url), from: 'pod@northwind.example' })
  worker = {
    db: open.db,
    clients: () => Promise.reject(new Error('Telling people asks neither system')),
    noteUse: () => Promise.resolve(),
    means: {
      mailer,
      guard: createGuard({ trustedHosts: new Set() }),
      sealer: createSealer([Buffer.alloc(32, 7)]),
      appUrl: 'https://pod.northwind.example',
      linkSecret: new Secret('signs the links'),
      currency: () => Promise.resolve('AUD'),
    },
    settings: { connectWiseTimeoutMs: 1000, leaseMs: 1000, parallel: 4 },
    now: () => clock,
  }
})
afterEach(() => mail.close())

const listen = (...emails: string[]) =>
  putProgramSettings(open.db, organisationId, program.slug, { ...program.defaults, enabled: true, emails })
const ended = () => somethingEnded(worker, organisationId, program.slug)
/** A call of the schedule after some time. */
const call = async (laterMs: number): Promise<void> => {
  clock = new Date(clock.getTime() + laterMs)
  await enqueueDueNotices(open.db, clock)
  await drain(worker, { budgetMs: 5_000 })
}
const subjects = () => mail.received.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)?.[1])

const held = () =>
  open.db.execute(sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, reason, detected_at)
    VALUES (${organisationId}, ${program.slug}, 'i-10', 'i-10', '', '2026-10', 'held', 'Two invoices of the month.', ${clock.toISOString()})`)

it('mails when something ended, reminds by itself every three days, and no sooner [G4, J4]', async () => {
  await listen('owner@northwind.example')
  await held()
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  expect(subjects()).toEqual(['Microsoft CSP: 1 decision waits'])
  await ended()
  await call(hourMs)
  await call(reminderMs - 2 * hourMs)
  expect(mail.received).toHaveLength(1)
  await call(2 * hourMs)
  await call(hourMs)
  expect(subjects().slice(1)).toEqual(['Microsoft CSP: 1 matter is still open'])
  await call(reminderMs)
  expect(mail.received).toHaveLength(3)
})

it('sends by itself, once, what waited while the server was down [J4]', async () => {
  await listen('owner@northwind.example')
  await held()
  mail.isDown = true
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  for (let minutes = 0; minutes < 60; minutes += 10) await call(10 * 60_000)
  expect(mail.received).toEqual([])
  mail.isDown = false
  await call(hourMs)
  await call(hourMs)
  expect(mail.received).toHaveLength(1)
})

it('waits for the end of a sync that is under way, and not for one that never ends [G4]', async () => {
  await listen('owner@northwind.example')
  await held()
  await open.db.execute(sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, created_at)
    VALUES (${organisationId}, ${program.slug}, 'customers', 'schedule', 'Sync', 'running', ${clock.toISOString()})`)
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  expect(mail.received).toEqual([])
  await call(3 * hourMs)
  expect(mail.received).toHaveLength(1)
})

it('waits for no look that people do not see [G4]', async () => {
  await listen('owner@northwind.example')
  await held()
  await open.db.execute(sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, created_at, looks_again)
    VALUES (${organisationId}, ${program.slug}, 'customers', 'schedule', 'Scheduled', 'running', ${clock.toISOString()}, 'hidden')`)
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  expect(mail.received).toHaveLength(1)
})

it('forgets what was told more than a year ago, of its own organisation, and keeps what is younger [J4]', async () => {
  const other = (await createOrganisation(open.db, { name: 'Adventure Works' })).id
  const day = (days: number) => new Date(clock.getTime() + days * 24 * hourMs)
  const putOld = async (of: string, days: number) => {
    const { rows } = await open.db.execute<{ id: string }>(sql`
      INSERT INTO digests (organisation_id, program, currency, digest, created_at)
      VALUES (${of}, ${program.slug}, 'AUD', '{}', ${day(days).toISOString()}) RETURNING id`)
    await open.db.execute(sql`
      INSERT INTO messages (organisation_id, digest_id, program, channel, recipient, state, due_at, ended_at)
      VALUES (${of}, ${rows[0]?.id}, ${program.slug}, 'mail', 'old@northwind.example', 'sent', now(), now())`)
  }
  await Promise.all([putOld(organisationId, -401), putOld(organisationId, -399), putOld(other, -401)])
  const kept = async (of: string) => {
    const { rows } = await open.db.execute<{ days: number }>(sql`
      SELECT round(extract(epoch FROM ${clock.toISOString()}::timestamptz - d.created_at) / 86400)::int AS days
      FROM digests d JOIN messages m ON m.organisation_id = d.organisation_id AND m.digest_id = d.id
      WHERE d.organisation_id = ${of} AND m.recipient = 'old@northwind.example'`)
    return rows.map(({ days }) => days)
  }
  await listen('owner@northwind.example')
  await held()
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  expect(mail.received).toHaveLength(1)
  expect([await kept(organisationId), await kept(other)]).toEqual([[399], [401]])
})

it('makes no job where nobody is to be told, nor while Sync is off; the first who is told hears of what is so [C5]', async () => {
  await held()
  await ended()
  expect((await drain(worker, { budgetMs: 1_000 })).jobsDone).toBe(0)
  await putProgramSettings(open.db, organisationId, program.slug, {
    ...program.defaults,
    emails: ['owner@northwind.example'],
  })
  await ended()
  await drain(worker, { budgetMs: 5_000 })
  expect(mail.received).toEqual([])
  await listen('owner@northwind.example')
  await call(hourMs)
  expect(mail.received).toHaveLength(1)
})
