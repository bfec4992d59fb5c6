import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { isLeased, takeLease } from '#db/ledger/leases.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { leaseResource } from '#lib/ledger/context.ts'
import { letTimePass, syncKilled } from './testing/killing.ts'
import { workerOf } from './testing/processes.ts'
import { isFull } from './testing/sweep/suite.ts'
import {
  additionsOf,
  agreementId,
  april,
  aprilStatus,
  createMapped,
  lastRun,
  program,
  startWorld,
  type World,
  writesTo,
} from './testing/world.ts'

/** Each test has a world of its own. */
interface Own {
  readonly world: World
  readonly organisationId: string
}
const test = it.extend<{ own: Own }>({
  // oxlint-disable-next-line no-empty-pattern -- the test runner reads from it which fixtures it needs
  own: async ({}, use) => {
    const world = await startWorld()
    await use({ world, organisationId: await createMapped(world.db) })
    await world.close()
  },
})

/** The writes of an undisturbed sync: a catalog item, seven additions, the adoption and the end of the one that was there. */
const writes = 9
/**
 * Around one write of each kind: the first creates the catalog item, the third and the fifth additions, the last ends one.
 * `SWEEP=full` kills around all of them. In sweep.test.ts the process dies around every write of six mappings, without a kill.
 */
const struck = isFull ? Array.from({ length: writes }, (_, i) => i + 1) : [1, 5, writes]
const boundaries = [
  ...struck.map((write) => ({ write, side: 'after' as const })),
  ...(isFull ? struck : [3]).map((write) => ({ write, side: 'before' as const })),
]

describe('a sync whose process is killed', () => {
  for (const at of boundaries)
    test(`${at.side} write ${at.write} and started again ends in the same additions as an undisturbed one [docs/applying.md]`, async ({
      own,
    }) => {
      const { world, organisationId } = own
      expect(await syncKilled(own, at)).toBe('SIGKILL')
      expect(writesTo(world.connectWise)).toHaveLength(at.side === 'before' ? at.write - 1 : at.write)
      await letTimePass(own)
      expect(await drain(world.worker, { budgetMs: 20_000 })).toMatchObject({ jobsDone: 1, jobsLeft: 0 })
      expect(await additionsOf(world)).toEqual(april)
      expect(writesTo(world.connectWise)).toHaveLength(writes)
      expect((await lastRun(world, organisationId)).run).toMatchObject({
        state: 'finished',
        status: aprilStatus,
      })
    })
})

describe('a sync whose process was killed', () => {
  test('is picked up by another one within seconds, without anybody asking [docs/applying.md]', async ({
    own,
  }) => {
    const { world } = own
    expect(await syncKilled(own, { write: 3, side: 'after' })).toBe('SIGKILL')
    const died = performance.now()
    expect(await drain(world.worker, { budgetMs: 25_000 })).toMatchObject({ jobsDone: 1, jobsLeft: 0 })
    expect(performance.now() - died).toBeLessThan(20_000)
    expect(await additionsOf(world)).toEqual(april)
  })
})

describe('the lease of an agreement', () => {
  /** The agreement's job has failed once, and is tried again until it is let in. */
  const isKeptOut = async ({ world }: Own): Promise<boolean> => {
    const { rows } = await world.db.execute(
      sql`SELECT FROM pgboss.job WHERE name = 'sync-agreement' AND (state = 'retry' OR retry_count > 0)`,
    )
    return rows.length > 0
  }
  const keptOut = (own: Own) => vi.waitUntil(() => isKeptOut(own), { timeout: 50_000, interval: 50 })

  test('keeps a second writer out until it ends [docs/applying.md]', async ({ own }) => {
    const { world, organisationId } = own
    await enqueueDetect(world.db, { organisationId, program })
    const lease = {
      resource: leaseResource(program, agreementId),
      token: crypto.randomUUID(),
      holder: 'another process',
    }
    expect(await takeLease(world.db, organisationId, { ...lease, durationMs: 60_000 })).toBe(true)
    const syncing = drain(world.worker, { budgetMs: 50_000 })
    await keptOut(own)
    expect(writesTo(world.connectWise)).toEqual([])
    await letTimePass(own)
    expect(await syncing).toMatchObject({ jobsLeft: 0 })
    expect(await additionsOf(world)).toEqual(april)
    expect(await isLeased(world.db, organisationId, lease.resource)).toBe(false)
  })

  test('when it is lost between two writes, stops the process that held it before the next one [docs/applying.md]', async ({
    own,
  }) => {
    const { world, organisationId } = own
    const { faults } = world.connectWise
    // The second write is held until another process has the lease, however long that takes.
    world.worker = workerOf(world.db, world.addresses)
    faults.watch(() =>
      world.db.execute(
        sql`UPDATE leases SET token = gen_random_uuid(), expires_at = now() + interval '1 minute'`,
      ),
    )
    faults.add([{ kind: 'latency', method: 'POST', path: '*/additions', nth: 1, ms: 0 }])
    await enqueueDetect(world.db, { organisationId, program })
    const syncing = drain(world.worker, { budgetMs: 50_000 })
    await keptOut(own)
    expect(writesTo(world.connectWise)).toHaveLength(2)
    await letTimePass(own)
    expect(await syncing).toMatchObject({ jobsLeft: 0 })
    expect(await additionsOf(world)).toEqual(april)
  })
})
