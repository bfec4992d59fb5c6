/** Whatever becomes of one organisation's jobs, those of another are done as if it were alone (J16, I2). */
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { programSettings } from '#db/prism/programs.ts'
import { queueNames } from '#db/queues.ts'
import { type Run, runItemsOf, runsOf } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import { additionsOf, agreementId, april, aprilStatus, program, writesTo } from '#lib/sync/testing/world.ts'
import { drain } from './drain.ts'
import { lookNow } from './look.ts'
import { queueOf } from './queue.ts'
import { requestProducts } from './requests.ts'
import { openQueueDatabase, startTwo, type TwoOrganisations } from './testing/two-organisations.ts'

let database: OpenDatabase
let two: TwoOrganisations
beforeAll(async () => {
  database = await openQueueDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  two = await startTwo(database)
})
afterEach(() => two.close())

const lastRun = async (organisationId: string): Promise<Run | undefined> =>
  (await runsOf(database.db, organisationId, program, { limit: 1, offset: 0 }))[0]
const itemOf = async ({ id }: { id: string }) => {
  const run = await lastRun(id)
  return run === undefined ? undefined : (await runItemsOf(database.db, id, run.id))[0]
}

/** As in a world where it is the only one. */
const expectSound = async (): Promise<void> => {
  expect(await additionsOf(two.sound)).toEqual(april)
  expect(await lastRun(two.sound.id)).toMatchObject({
    state: 'finished',
    status: aprilStatus,
    firstPeriod: '2026-04',
    lastPeriod: '2026-04',
  })
  expect(await programSettings(database.db, two.sound.id, program)).toMatchObject({ lastCheckError: null })
}
const breakOdd = (clients: () => never): void => {
  const { worker } = two
  two.worker = {
    ...worker,
    clients: async (id) => (id === two.odd.id ? clients() : worker.clients(id)),
  }
}
/** Each job has one try while `work` goes on. */
const withoutRetries = async (work: () => Promise<void>): Promise<void> => {
  await database.db.execute(
    sql.raw(`
      CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.retry_limit = 0; RETURN NEW; END $$;
      CREATE TRIGGER once BEFORE INSERT ON pgboss.job_common FOR EACH ROW EXECUTE FUNCTION once()`),
  )
  try {
    await work()
  } finally {
    await database.db.execute(sql.raw('DROP FUNCTION once CASCADE'))
  }
}
/** Stands for whatever keeps an organisation's items from being stored as finished while `work` goes on. */
const withUnstorableItems = async ({ id }: { id: string }, work: () => Promise<void>): Promise<void> => {
  await database.db.execute(
    sql.raw(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON run_items FOR EACH ROW
        WHEN (NEW.organisation_id = '${id}' AND NEW.state = 'finished') EXECUTE FUNCTION refuse()`),
  )
  try {
    await work()
  } finally {
    await database.db.execute(sql.raw('DROP FUNCTION refuse CASCADE'))
  }
}

describe('an organisation whose jobs fail', () => {
  it('because a secret cannot be opened says so on its program’s page [B4][B5]', async () => {
    breakOdd(() => {
      throw new ProductError('secret-unreadable', 'The stored PRISM secret was sealed with another key (k1).')
    })
    expect(await two.detectBoth()).toMatchObject({ invoicesDetected: 1, jobsLeft: 0 })
    await expectSound()
    expect(await programSettings(database.db, two.odd.id, program)).toMatchObject({
      lastCheckError: 'The stored PRISM secret was sealed with another key (k1).',
    })
  })

  it('for a reason that nobody foresaw is given up with a reference [F10]', async () => {
    breakOdd(() => {
      throw Object.create(null)
    })
    await withoutRetries(async () => {
      const request = { organisationId: two.odd.id, program, trigger: 'hand', actor: 'Ann' } as const
      await requestProducts(database.db, request)
      expect(await two.detectBoth()).toMatchObject({ invoicesDetected: 1, jobsLeft: 0 })
    })
    await expectSound()
    const page = await programSettings(database.db, two.odd.id, program)
    expect(page?.lastCheckError).toMatch(/^An unexpected error occurred, reference [\w-]{9}$/)
    expect(await lastRun(two.odd.id)).toMatchObject({
      kind: 'products',
      state: 'finished',
      status: 'Error',
      note: expect.stringMatching(/^An unexpected error occurred, reference /),
    })
  })

  it('with words that PostgreSQL cannot hold has them noted without the characters [J16]', async () => {
    breakOdd(() => {
      throw new ProductError('prism-unreadable', 'PRISM said\u0000 \ud800!')
    })
    await two.detectBoth()
    await expectSound()
    expect(await programSettings(database.db, two.odd.id, program)).toMatchObject({
      lastCheckError: 'PRISM said \ufffd!',
    })
  })

  it('while its failure cannot be stored is closed by its next look, and blocks nothing then [F10]', async () => {
    await withoutRetries(() =>
      withUnstorableItems(two.odd, async () => {
        expect(await two.detectBoth()).toMatchObject({ invoicesDetected: 2, jobsLeft: 0 })
      }),
    )
    await expectSound()
    expect(await itemOf(two.odd)).toMatchObject({ state: 'running' })
    const stuck = await lastRun(two.odd.id)
    await two.detectBoth()
    expect((await runItemsOf(database.db, two.odd.id, stuck?.id ?? ''))[0]).toMatchObject({
      state: 'finished',
      status: 'Error',
      reference: expect.stringMatching(/^[\w-]{9}$/),
    })
    expect(await additionsOf(two.odd)).toEqual(april)
  })

  it('because a payload is not understood loses that job alone, at the first try [J16]', async () => {
    const boss = await queueOf(database.db)
    for (const name of queueNames)
      for (const payload of [{}, { organisationId: 'nobody', program: 7 }, { organisationId: two.odd.id }])
        await boss.send(name, payload, { singletonKey: JSON.stringify(payload) })
    expect(await two.detectBoth()).toMatchObject({ invoicesDetected: 2, jobsLeft: 0 })
    await expectSound()
    const { rows } = await database.db.execute(sql`
      SELECT DISTINCT state, retry_count FROM pgboss.job WHERE output->>'unreadable' IS NOT NULL`)
    expect(rows).toEqual([{ state: 'completed', retry_count: 0 }])
  })
})

describe('a connection’s card', () => {
  it('says since when PRISM fails, in words, and that it works again [B4]', async () => {
    two.odd.prism.faults.add([{ kind: 'expired-token', path: '/api/*' }])
    await two.detectBoth()
    await expectSound()
    const failing = await two.cardOf('prism')
    expect(failing).toMatchObject({
      state: 'failing',
      lastError: 'PRISM gave a token and then did not accept it: it ran out or was withdrawn.',
    })
    expect(failing?.failingSince?.getTime()).toBeGreaterThan(failing?.connectedAt.getTime() ?? 0)
    await two.detectBoth()
    expect((await two.cardOf('prism'))?.failingSince).toEqual(failing?.failingSince)

    two.odd.prism.faults.clear()
    await two.detectBoth()
    expect(await two.cardOf('prism')).toMatchObject({
      state: 'connected',
      lastError: null,
      failingSince: null,
      connectedAt: failing?.connectedAt,
    })
  })

  it('says what a sync of customers or of products met in ConnectWise [B4]', async () => {
    two.odd.connectWise.faults.add([{ kind: 'expired-token', path: '*' }])
    await two.detectBoth()
    await expectSound()
    expect(await itemOf(two.odd)).toMatchObject({ status: 'Error' })
    const failing = await two.cardOf('connectwise')
    expect(failing).toMatchObject({ state: 'failing', lastError: expect.stringContaining('does not accept') })
    expect(await two.cardOf('prism')).toMatchObject({ state: 'connected' })

    const request = { organisationId: two.odd.id, program, trigger: 'hand', actor: 'Ann' } as const
    await requestProducts(database.db, request)
    await drain(two.worker, { budgetMs: 20_000 })
    expect(await two.cardOf('connectwise')).toMatchObject({ state: 'failing' })
    two.odd.connectWise.faults.clear()
    await requestProducts(database.db, request)
    await drain(two.worker, { budgetMs: 20_000 })
    expect(await two.cardOf('connectwise')).toMatchObject({ state: 'connected', failingSince: null })
  })

  it('is written once for uses that say the same within a minute, and not for older credentials [B4]', async () => {
    await two.detectBoth()
    const first = await two.cardOf('connectwise')
    await two.detectBoth()
    expect((await two.cardOf('connectwise'))?.lastCheckedAt).toEqual(first?.lastCheckedAt)
    await two.worker.noteUse({
      organisationId: two.odd.id,
      kind: 'connectwise',
      error: new ProductError('connectwise-unreachable', 'ConnectWise was not reached.'),
      usedFrom: new Date((first?.connectedAt.getTime() ?? 0) - 1),
    })
    expect(await two.cardOf('connectwise')).toEqual(first)
  })
})

describe('a look that somebody waits for', () => {
  const customers = { kind: 'customers', agreementIds: [agreementId] } as const
  const requestsTo = ({ prism }: { prism: TwoOrganisations['odd']['prism'] }): number =>
    prism.requests.report().requests.length

  it('is that organisation’s, whoever’s jobs stand in the queue, and does no other job [R1][I2]', async () => {
    const boss = await queueOf(database.db)
    await boss.send('detect', { organisationId: two.odd.id, program }, { singletonKey: 'odd' })
    await requestProducts(database.db, { organisationId: two.odd.id, program, trigger: 'hand', actor: 'Bob' })
    await lookNow(two.worker, { organisationId: two.sound.id, program, asked: customers }, { patienceMs: 0 })
    expect(requestsTo(two.odd)).toBe(0)
    expect(requestsTo(two.sound)).toBeGreaterThan(0)
    expect(writesTo(two.odd.connectWise)).toEqual([])
    expect(await lastRun(two.odd.id)).toMatchObject({ kind: 'products', state: 'queued' })
  })

  it('leaves what the person asks for next to the person: the history says who it was [G2]', async () => {
    await lookNow(two.worker, { organisationId: two.sound.id, program, asked: customers }, { patienceMs: 0 })
    expect(await lastRun(two.sound.id)).toBeUndefined()
    await lookNow(
      two.worker,
      { organisationId: two.odd.id, program, asked: { kind: 'customers', agreementIds: [99] } },
      { patienceMs: 0 },
    )
    expect(await lastRun(two.odd.id)).toMatchObject({ trigger: 'schedule', actor: 'Scheduled' })
  })

  it('waits for one that another process has under way, and not for ever [R1]', async () => {
    const { db } = database
    const resource = `${program}/detect`
    const hold = (seconds: number) =>
      db.execute(sql`
      INSERT INTO leases (organisation_id, resource, token, holder, expires_at)
      VALUES (${two.sound.id}, ${resource}, gen_random_uuid(), 'another', now() + ${seconds} * interval '1 second')`)
    const input = { organisationId: two.sound.id, program, asked: customers }
    await hold(60)
    await lookNow(two.worker, input, { patienceMs: 300 })
    expect(requestsTo(two.sound)).toBe(0)
    await db.execute(sql`DELETE FROM leases`)
    await hold(0.5)
    await lookNow(two.worker, input, { patienceMs: 5000 })
    expect(requestsTo(two.sound)).toBeGreaterThan(0)
  })

  it('does not fail where PRISM does: the sync goes on with what is stored [decision 041]', async () => {
    two.sound.prism.faults.add([{ kind: 'expired-token', path: '/api/*' }])
    await lookNow(two.worker, { organisationId: two.sound.id, program, asked: customers }, { patienceMs: 0 })
    expect(await programSettings(database.db, two.sound.id, program)).toMatchObject({
      lastCheckError: expect.stringContaining('PRISM gave a token'),
    })
  })
})
