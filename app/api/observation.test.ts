/** A press is followed from its request into the job and the writes; what watches the deployment reads its figures and its health. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { organisationIds } from '#db/directory/organisations.ts'
import { auditEventsOf } from '#db/people/audit.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { samplesOf } from '../views/testing/prometheus.ts'
import { auditSchema } from './schemas/audit.ts'
import { connectionSchema } from './schemas/connections.ts'
import { healthSchema, startedRunSchema } from './schemas/jobs.ts'
import { problemSchema } from './schemas/problem.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  cronSecret,
  owner,
  settled,
  startApiWorld,
} from './testing/api-world.ts'
import { connect, mapCustomer, switchSyncOn } from './testing/organisation.ts'
import { readAnswer } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const metricsToken = 'metrics-token-of-the-test'
const PROGRAM = '/api/programs/microsoft-csp'
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const COHO = `${PROGRAM}/customers/${coho.tenantId}`

let world: ApiWorld
let api: CallApi
const database = async () => (await import('#app/process/process.ts')).server().db
const organisation = async () => (await organisationIds(await database()))[0] ?? ''
const rows = async <T>(query: ReturnType<typeof sql>): Promise<T[]> =>
  (await (await database()).execute(query)).rows as T[]
const metrics = (authorization?: string) =>
  call('GET', '/api/metrics', authorization === undefined ? {} : { headers: { authorization } })
const figures = async () => samplesOf(await (await metrics(`Bearer ${metricsToken}`)).text())
const cron = async (id: string) => {
  const headers = { authorization: `Bearer ${cronSecret}`, 'x-request-id': id }
  expect((await call('GET', '/api/cron/sync', { headers })).status).toBe(200)
  await settled()
}

beforeAll(async () => {
  world = await startApiWorld({ METRICS_TOKEN: metricsToken, CONNECTWISE_TIMEOUT_MS: '1000' })
  api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await settled()
})
afterAll(() => world.stop())

describe('the name of a request', () => {
  it('of a schedule is followed through the look that it asked for into the syncs that came of it', async () => {
    await world.issueNextInvoice()
    await cron('call-of-schedule')
    const queued = await rows<{ name: string }>(
      sql`SELECT DISTINCT name FROM pgboss.job WHERE data->>'requestId' = 'call-of-schedule' ORDER BY name`,
    )
    expect(queued.map(({ name }) => name)).toEqual([
      'detect',
      'invoicing',
      'load-invoice',
      'sync-agreement',
      'sync-products',
    ])
    const [written] = await rows<{ count: number; jobs: number }>(
      sql`SELECT count(*)::int, count(DISTINCT request_id)::int AS jobs FROM changes
          WHERE request_id LIKE 'call-of-schedule/%' AND agreement_id = ${coho.agreementId}`,
    )
    expect(written?.count).toBeGreaterThan(0)
    expect(written?.jobs).toBe(1)
  })

  it('is followed from a press into its job and every write', async () => {
    let runId = ''
    let written: { request_id: string }[] = []
    // Not every month has something to write for this customer.
    for (let months = 0; months < 6 && written.length === 0; months += 1) {
      await world.issueNextInvoice()
      const answer = await api('POST', `${COHO}/sync`, { headers: { 'x-request-id': 'press-of-sync' } })
      runId = startedRunSchema.parse(await answer.json()).runId
      await settled()
      written = await rows(sql`SELECT request_id FROM changes WHERE run_id = ${runId}`)
    }
    const [queued] = await rows<{ origin: string }>(
      sql`SELECT data->>'requestId' AS origin FROM pgboss.job WHERE data->>'runId' = ${runId}`,
    )
    expect(queued?.origin).toBe('press-of-sync')
    const jobs = [...new Set(written.map((each) => each.request_id))]
    expect(jobs).toEqual([expect.stringMatching(/^press-of-sync\/[0-9a-f]{12}$/)])
  })

  it('is in what an error says, and finds what the person did in the audit trail', async () => {
    const refused = await api('PUT', PROGRAM, {
      headers: { 'x-request-id': 'press-refused' },
      body: { emails: ['nobody'] },
    })
    expect(problemSchema.parse(await refused.json())).toMatchObject({
      code: 'request-invalid',
      requestId: 'press-refused',
    })
    const nowhere = await call('GET', '/api/nothing/here').catch((error: unknown) => error)
    expect(String(nowhere)).toContain('No route file answers')
    await api('PUT', PROGRAM, { headers: { 'x-request-id': 'press-of-options' }, body: { syncAzure: false } })
    const found = await readAnswer(api, auditSchema, 'GET', '/api/audit?search=press-of-options')
    expect(found.events.map(({ requestId }) => requestId)).toEqual(['press-of-options'])
    const csv = await (await api('GET', '/api/audit/csv?search=press-of-options')).text()
    expect(csv.split('\r\n')[1]).toMatch(/,press-of-options$/)
  })

  it('is made where none came with the request, and of the API’s own not found, too', async () => {
    const problem = problemSchema.parse(await (await call('GET', '/api/people')).json())
    expect(problem.requestId).toMatch(/^[0-9a-f]{20}$/)
    const { GET } = await import('./[[...path]]/route.ts')
    const answer = await GET(new Request('http://localhost:3000/api/nothing'), {
      params: Promise.resolve({}),
    })
    expect(answer.status).toBe(404)
    expect(problemSchema.parse(await answer.json()).requestId).toMatch(/^[0-9a-f]{20}$/)
  })

  it('of events from before there were names is nothing, and they are listed all the same', async () => {
    const db = await database()
    await db.execute(sql`UPDATE audit_events SET request_id = NULL WHERE request_id = 'press-of-options'`)
    const page = { limit: 500, before: null }
    const events = await auditEventsOf(
      db,
      await organisation(),
      { search: '', action: '', from: null, until: null },
      page,
    )
    expect(events.some(({ requestId }) => requestId === null)).toBe(true)
    expect((await api('GET', '/api/audit')).status).toBe(200)
  })
})

describe('the figures', () => {
  it('are for who holds the token alone', async () => {
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${metricsToken}x`,
      metricsToken,
      `Bearer ${cronSecret}`,
    ])
      expect((await metrics(authorization)).status, String(authorization)).toBe(401)
    expect((await api('GET', '/api/metrics')).status).toBe(401)
    const answer = await metrics(`Bearer ${metricsToken}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('can be read and count what the tables hold', async () => {
    const [stored] = await rows<{ done: number; runs: number }>(sql`
      SELECT (SELECT count(*)::int FROM changes WHERE outcome = 'done' AND kind <> 'keep') AS done,
             (SELECT count(*)::int FROM runs) AS runs`)
    const now = await figures()
    expect(now['prism_pod_writes_24h{outcome="done"}']).toBe(stored?.done)
    expect(stored?.done).toBeGreaterThan(0)
    const runs = Object.entries(now).filter(([name]) => name.startsWith('prism_pod_runs_24h'))
    expect(runs.reduce((sum, [, count]) => sum + count, 0)).toBe(stored?.runs)
    expect(now['prism_pod_oldest_look_seconds']).toBeLessThan(60)
    expect(now['prism_pod_open_writes{outcome="unknown"}']).toBe(0)
    expect(now['prism_pod_jobs_waiting{queue="sync-agreement"}']).toBe(0)
  })

  it('count each answer of either side that said that it was asked too much', async () => {
    world.connectWise.faults.add([{ kind: '429', times: 2, retryAfter: 0 }])
    await readAnswer(api, connectionSchema, 'POST', '/api/connections/connectwise/test')
    world.prism.faults.add([{ kind: '429', path: '/api/*', times: 1, retryAfter: 0 }])
    await readAnswer(api, connectionSchema, 'POST', '/api/connections/prism/test')
    world.connectWise.faults.clear()
    world.prism.faults.clear()
    await vi.waitFor(async () => {
      const now = await figures()
      expect(now['prism_pod_throttled_answers_24h{connection="connectwise"}']).toBe(2)
      expect(now['prism_pod_throttled_answers_24h{connection="prism"}']).toBe(1)
    })
  })

  it('show what is open, waits and is due', async () => {
    const db = await database()
    await db.execute(sql`
      UPDATE changes SET outcome = 'unknown', created_at = now() - interval '3 days'
      WHERE organisation_id = ${await organisation()} AND id = (SELECT max(id) FROM changes WHERE kind <> 'keep')`)
    await db.execute(sql`UPDATE mappings SET look_again_at = now() - interval '90 seconds'`)
    await db.execute(sql`UPDATE programs SET last_checked_at = now() - interval '10 minutes'`)
    await db.execute(sql`
      UPDATE pgboss.job SET state = 'created', created_on = now() - interval '5 minutes', start_after = now() - interval '4 minutes'
      WHERE id = (SELECT id FROM pgboss.job WHERE name = 'sync-agreement' LIMIT 1)`)
    const now = await figures()
    const about = (name: string, seconds: number): void => {
      expect(now[name], name).toBeGreaterThanOrEqual(seconds)
      expect(now[name], name).toBeLessThan(seconds + 30)
    }
    expect(now['prism_pod_open_writes{outcome="unknown"}']).toBe(1)
    about('prism_pod_open_writes_oldest_seconds{outcome="unknown"}', 3 * 24 * 60 * 60)
    expect(now['prism_pod_jobs_waiting{queue="sync-agreement"}']).toBe(1)
    about('prism_pod_jobs_oldest_seconds{queue="sync-agreement"}', 240)
    about('prism_pod_oldest_due_look_seconds', 90)
    about('prism_pod_oldest_look_seconds', 600)
  })

  it('name no organisation, no customer and no secret [B5][I2]', async () => {
    const text = await (await metrics(`Bearer ${metricsToken}`)).text()
    const tenants = await rows<{ name: string; id: string }>(sql`SELECT name, id FROM prism_tenants`)
    expect(tenants.length).toBeGreaterThan(3)
    const { clientId, clientSecret } = world.prismInput
    const { companyId, publicKey, privateKey, site } = world.connectWiseInput
    const theirs = [
      ...tenants.flatMap(({ name, id }) => [name, id]),
      clientId,
      clientSecret,
      companyId,
      publicKey,
      privateKey,
      site,
      metricsToken,
      cronSecret,
      await organisation(),
      owner.email,
      coho.tenantId,
    ]
    for (const word of theirs) expect(text.toLowerCase(), word).not.toContain(word.toLowerCase())
    // Nor any number but a count or an age: no id, no amount.
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
    expect(text).not.toMatch(/\d\.\d\d\b/)
  })
})

describe('health', () => {
  const health = (of = '') => call('GET', `/api/health${of}`)

  it('says how long work waits and when was last looked', async () => {
    const answer = healthSchema.parse(await (await health()).json())
    expect(answer.oldestJobSeconds).toBeGreaterThan(200)
    expect(answer.lastLookSeconds).toBeGreaterThanOrEqual(600)
  })

  it('is 503 where no look was made for an hour, and says so; requests are served all the same', async () => {
    await (await database()).execute(sql`UPDATE programs SET last_checked_at = now() - interval '61 minutes'`)
    const answer = await health()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(problemSchema.parse(await answer.json())).toMatchObject({
      code: 'work-stands-still',
      detail: 'Nobody has looked for invoices for 61 minutes.',
    })
    expect((await health('?of=database')).status).toBe(200)
    expect((await health('?of=nothing')).status).toBe(400)
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await cron('look-again-please')
    const settledLine = printed.mock.calls
      .map(([line]) => String(line))
      .find((line) => line.includes('write-settled'))
    printed.mockRestore()
    // What the job logs on the way carries its name, too.
    expect(settledLine).toMatch(/"requestId":"look-again-please\/[0-9a-f]{12}"/)
    expect((await health()).status).toBe(200)
  })

  it('is 503 where a job waits and none is begun or done, but not while others are', async () => {
    const db = await database()
    await db.execute(sql`UPDATE pgboss.job SET completed_on = now() - interval '20 minutes'`)
    await db.execute(sql`
      UPDATE pgboss.job SET state = 'created', completed_on = NULL, start_after = now() - interval '30 minutes',
        created_on = now() - interval '30 minutes'
      WHERE id = (SELECT id FROM pgboss.job WHERE name = 'sync-agreement' LIMIT 1)`)
    const answer = await health()
    expect(answer.status).toBe(503)
    expect(problemSchema.parse(await answer.json()).detail).toBe(
      'A job waits for 30 minutes, and none was begun or done for 20 minutes.',
    )
    await db.execute(sql`
      UPDATE pgboss.job SET completed_on = now() - interval '1 minute'
      WHERE id = (SELECT id FROM pgboss.job WHERE completed_on IS NOT NULL LIMIT 1)`)
    expect((await health()).status).toBe(200)
  })
})

describe('a deployment without METRICS_TOKEN', () => {
  it('has no figures to give, whoever asks', async () => {
    const { server } = await import('#app/process/process.ts')
    Object.assign(server().env, { metricsToken: null })
    expect((await metrics('Bearer ')).status).toBe(404)
    expect((await metrics(`Bearer ${metricsToken}`)).status).toBe(404)
  })
})
