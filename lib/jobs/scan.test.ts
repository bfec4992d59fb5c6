/** Scans take turns: two organisations read at once, and a scan without a job goes on when it is asked for (J7, I2). */
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { scanOf } from '#db/connections/scans.ts'
import { ProductError } from '#lib/base/errors.ts'
import { drain } from './drain.ts'
import { requestScan, stopScan } from './scan.ts'
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

const ask = ({ id }: { readonly id: string }) =>
  requestScan(database.db, { organisationId: id, actor: 'Ann' })
const stateOf = async ({ id }: { readonly id: string }) => (await scanOf(database.db, id))?.state
const drained = () => drain(two.worker, { budgetMs: 20_000 })

describe('scans of two organisations', () => {
  it('are both done, whichever was asked for first [I2]', async () => {
    await ask(two.odd)
    await ask(two.sound)
    expect(await drained()).toMatchObject({ jobsLeft: 0 })
    expect([await stateOf(two.odd), await stateOf(two.sound)]).toEqual(['finished', 'finished'])
  })

  it('do not wait for each other: one whose ConnectWise is slow delays the other by nothing', async () => {
    two.odd.connectWise.faults.add([{ kind: 'latency', path: '*', ms: 300 }])
    await ask(two.odd)
    await ask(two.sound)
    const draining = drained()
    await vi.waitUntil(async () => (await stateOf(two.sound)) === 'finished', {
      timeout: 10_000,
      interval: 5,
    })
    expect(await stateOf(two.odd)).toBe('running')
    two.odd.connectWise.faults.clear()
    await draining
    expect(await stateOf(two.odd)).toBe('finished')
  })

  it('fail one by one: a secret that cannot be opened is said at its own', async () => {
    const { worker } = two
    two.worker = {
      ...worker,
      clients: async (id) => {
        if (id === two.odd.id) throw new ProductError('secret-unreadable', 'It was sealed with another key.')
        return worker.clients(id)
      },
    }
    await ask(two.odd)
    await ask(two.sound)
    await drained()
    expect(await scanOf(database.db, two.odd.id)).toMatchObject({
      state: 'failed',
      note: 'It was sealed with another key.',
    })
    expect(await stateOf(two.sound)).toBe('finished')
  })
})

describe('a scan', () => {
  it('that lost its job goes on when it is asked for again, as the same scan', async () => {
    await ask(two.odd)
    const { id } = (await scanOf(database.db, two.odd.id)) ?? {}
    await database.db.execute(sql`DELETE FROM pgboss.job WHERE name = 'scan'`)
    expect(await drained()).toMatchObject({ jobsDone: 0 })
    await ask(two.odd)
    await ask(two.odd)
    expect(await drained()).toMatchObject({ jobsDone: 1 })
    expect(await scanOf(database.db, two.odd.id)).toMatchObject({ id, state: 'finished' })
  })

  it('that was stopped is gone on with, and one that ended is begun anew', async () => {
    await ask(two.odd)
    const first = await scanOf(database.db, two.odd.id)
    const request = { organisationId: two.odd.id, actor: 'Bob' }
    expect(await stopScan(database.db, request)).toBe(true)
    expect(await stopScan(database.db, request)).toBe(false)
    await drained()
    expect(await scanOf(database.db, two.odd.id)).toMatchObject({ state: 'stopped', note: 'Stopped by Bob' })
    await ask(two.odd)
    await drained()
    expect(await scanOf(database.db, two.odd.id)).toMatchObject({ id: first?.id, state: 'finished' })
    await ask(two.odd)
    expect((await scanOf(database.db, two.odd.id))?.id).not.toBe(first?.id)
    await drained()
  })
})
