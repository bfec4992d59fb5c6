/** The scheduled call with two organisations, one of them broken; and what a person may do while a sync goes on. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connection, putConnection } from '#db/connections/connections.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import { programs } from '#lib/programs/registry.ts'
import { demoMappings } from '../../standin/data/index.ts'
import { connectionSchema, connectionsSchema } from './schemas/connections.ts'
import { customersSchema } from './schemas/customers.ts'
import { startedRunSchema } from './schemas/jobs.ts'
import { programSchema } from './schemas/programs.ts'
import { runSchema } from './schemas/runs.ts'
import { sessionSchema } from './schemas/session.ts'
import { type ApiWorld, asOwner, type CallApi, settled, startApiWorld } from './testing/api-world.ts'
import { connect, mapCustomer, scheduledCall, switchSyncOn } from './testing/organisation.ts'
import { readAnswer, refusal } from './testing/reading.ts'

vi.mock('next/server', async () => ({ after: (await import('./testing/api-world.ts')).after }))

const program = 'microsoft-csp'
const PROGRAM = `/api/programs/${program}`
const [coho] = demoMappings()
if (coho === undefined) throw new Error('The demo maps at least one customer')
const COHO = `${PROGRAM}/customers/${coho.tenantId}`

let world: ApiWorld
let api: CallApi
let broken: string
const database = async () => (await import('#app/process/process.ts')).server().db
const card = async (kind: 'prism' | 'connectwise') => {
  const { connections } = await readAnswer(api, connectionsSchema, 'GET', '/api/connections')
  return connections.find((each) => each.kind === kind)
}
beforeAll(async () => {
  world = await startApiWorld()
  api = await asOwner()
  await readAnswer(api, sessionSchema, 'GET', '/api/session')
  await connect(world, api)
  await switchSyncOn(api)
  await mapCustomer(api, coho)
  await settled()

  const db = await database()
  broken = (await createOrganisation(db, { name: 'Fabrikam' })).id
  const [microsoftCsp] = programs
  await putProgramSettings(db, broken, program, { ...microsoftCsp.defaults, enabled: true })
  for (const kind of ['prism', 'connectwise'] as const)
    await putConnection(db, broken, { kind, settings: {}, sealed: '', sealKeyId: '' })
})
afterAll(() => world.stop())

describe('the scheduled call', () => {
  it('looks for the others where one organisation’s look cannot even be enqueued [J16][H7]', async () => {
    const db = await database()
    await db.execute(
      sql.raw(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON pgboss.job_common FOR EACH ROW
          WHEN (NEW.data->>'organisationId' = '${broken}') EXECUTE FUNCTION refuse()`),
    )
    try {
      await world.issueNextInvoice()
      expect(await scheduledCall()).toMatchObject({ invoicesDetected: 1, jobsLeft: 0 })
    } finally {
      await db.execute(sql.raw('DROP FUNCTION refuse CASCADE'))
    }
    const { customers } = await readAnswer(api, customersSchema, 'GET', `${PROGRAM}/customers?search=coho`)
    expect(customers[0]?.lastResult).toMatchObject({ status: 'Success' })
  })

  it('notes what it met where people see it, each organisation’s on its own cards [B4][I2]', async () => {
    await scheduledCall()
    const db = await database()
    const said = 'The stored settings of PRISM are not understood: clientId.'
    expect(await programSettings(db, broken, program)).toMatchObject({ lastCheckError: said })
    expect(await connection(db, broken, 'prism')).toMatchObject({
      state: 'failing',
      failingSince: expect.any(Date),
      lastError: `${said} Enter the credentials again under Connections.`,
    })
    expect(await card('prism')).toMatchObject({ state: 'connected', error: null, failingSince: null })
    expect(await card('connectwise')).toMatchObject({ state: 'connected', error: null, failingSince: null })
  })

  it('says on the card since when PRISM fails, and that it works again [B4]', async () => {
    const before = await card('prism')
    world.prism.faults.add([{ kind: 'expired-token', path: '/api/*' }])
    await scheduledCall()
    const failing = await card('prism')
    expect(failing).toMatchObject({
      state: 'failing',
      connectedAt: before?.connectedAt,
      error: 'PRISM gave a token and then did not accept it: it ran out or was withdrawn.',
    })
    expect(Date.parse(failing?.failingSince ?? '')).toBeGreaterThan(Date.parse(before?.connectedAt ?? ''))
    expect(await card('connectwise')).toMatchObject({ state: 'connected' })
    world.prism.faults.clear()
    await scheduledCall()
    expect(await card('prism')).toMatchObject({
      state: 'connected',
      connectedAt: before?.connectedAt,
      failingSince: null,
      error: null,
    })
  })
})

describe('a test of a connection', () => {
  it('that cannot be opened fails as any other, and says what to do [B4][B5]', async () => {
    const db = await database()
    await db.execute(
      sql`UPDATE connections SET sealed = 'v1.x.x.x.x' WHERE kind = 'prism' AND organisation_id <> ${broken}`,
    )
    expect(await readAnswer(api, connectionSchema, 'POST', '/api/connections/prism/test')).toMatchObject({
      state: 'failing',
      error: expect.stringContaining('The stored prism secret was sealed with another key'),
    })
    await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
    expect(await card('prism')).toMatchObject({ state: 'connected', failingSince: null })
  })
})

describe('a page past the last one', () => {
  it('still says how many customers there are [E1]', async () => {
    const first = await readAnswer(api, customersSchema, 'GET', `${PROGRAM}/customers`)
    expect(first.total).toBeGreaterThan(1)
    const past = await readAnswer(api, customersSchema, 'GET', `${PROGRAM}/customers?page=1000`)
    expect(past).toMatchObject({ customers: [], total: first.total })
    const none = await readAnswer(api, customersSchema, 'GET', `${PROGRAM}/customers?page=2&search=nobody`)
    expect(none).toMatchObject({ customers: [], total: 0 })
  })
})

describe('a sync asked for by hand', () => {
  it('after an invoice came out is the person’s in the history, and ends where the program is switched off [G2][G5][F16]', async () => {
    await world.issueNextInvoice()
    world.connectWise.faults.add([{ kind: 'latency', ms: 400, path: '*/additions*' }])
    const { runId } = await readAnswer(api, startedRunSchema, 'POST', `${COHO}/sync`)
    const progress = `/api/runs/${runId}?detail=progress`
    expect(await readAnswer(api, runSchema, 'GET', progress)).toMatchObject({
      trigger: 'hand',
      actor: 'owner@northwind.example',
      customers: [],
      progress: { done: 0, total: 1 },
    })
    await readAnswer(api, programSchema, 'PUT', PROGRAM, { enabled: false })
    expect(await readAnswer(api, runSchema, 'GET', progress)).toMatchObject({
      stopRequestedBy: 'owner@northwind.example',
    })
    await settled()
    world.connectWise.faults.clear()
    expect(await readAnswer(api, runSchema, 'GET', progress)).toMatchObject({
      state: 'finished',
      note: 'Stopped by owner@northwind.example: Sync of Microsoft CSP was switched off',
      progress: { done: 1, total: 1 },
    })
  })
})

describe('another first month', () => {
  it('waits for a sync of the agreement that goes on, which would note again how far it is [F12]', async () => {
    const db = await database()
    await db.execute(sql`
      INSERT INTO leases (organisation_id, resource, token, holder, expires_at)
      SELECT organisation_id, ${`${program}/agreement/${coho.agreementId}`}, ${randomUUID()}, 'another', now() + interval '1 minute'
      FROM mappings`)
    const body = { first: '2026-04' }
    expect(await refusal(api('PUT', `${COHO}/next-period`, { body }))).toMatchObject({
      code: 'already-running',
      status: 409,
    })
    await db.execute(sql`DELETE FROM leases`)
    expect((await api('PUT', `${COHO}/next-period`, { body })).status).toBe(200)
  })
})
