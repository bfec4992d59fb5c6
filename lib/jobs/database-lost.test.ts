/** A month that is synced while its database is killed, crashes or is away: it ends right, and nobody lends a hand. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { migrate } from '#db/migrate.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { runsOf } from '#db/runs/runs.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import type { Addition } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { clientsOf, settlesSoon, workerOf } from '#lib/sync/testing/processes.ts'
import {
  agreementId,
  april,
  program,
  secondAgreementId,
  startWorld,
  tenantId,
  type World,
  writesTo,
} from '#lib/sync/testing/world.ts'
import { startPostgres } from '../../scripts/postgres.ts'
import { locateCluster } from '../../scripts/postgres-cluster.ts'
import { startServer, stopServer } from '../../scripts/postgres-server.ts'
import { killAtOnce } from '../../scripts/testing/kill-at-once.ts'
import { temporaryDataDir } from '../../scripts/testing/temporary-data-dir.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { drain } from './drain.ts'
import { enqueueDetect } from './enqueue.ts'
import type { Worker } from './worker.ts'

/** How long a managed database may be away for its maintenance; 20 s and more by hand. */
const AWAY_MS = Number(process.env.DATABASE_AWAY_MS ?? 3_000)

const mappings = { [tenantId]: agreementId, 'tenant-2': secondAgreementId }

/** An organisation with two customers that sync. */
const createMapped = async (db: Database): Promise<string> => {
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  const [microsoftCsp] = programs
  if (!microsoftCsp) throw new Error('There is no program')
  await putProgramSettings(db, id, program, { ...microsoftCsp.defaults, enabled: true })
  for (const [tenant, agreement] of Object.entries(mappings))
    await putMapping(db, id, program, tenant, { companyId: 10, agreementId: agreement, syncEnabled: true })
  return id
}

/** What ConnectWise bills from, of each agreement. */
const additions = async ({ addresses }: World): Promise<string[][]> => {
  const { connectWise } = clientsOf(addresses)
  const found = await Promise.all(Object.values(mappings).map((id) => connectWise.additions(id)))
  return found.map((each) => each.additions.map(lineOf).sort())
}
const lineOf = (each: Addition): string =>
  [
    each.catalogItemId,
    each.serialNumber,
    each.effectiveDate,
    each.cancelledDate ?? 'open',
    each.quantity,
    each.unitCost,
    each.unitPrice,
  ].join(' ')

/** What the ticker does: it calls until nothing is left, whatever the calls end in. */
const drainUntilDone = async (worker: Worker): Promise<void> => {
  for (;;) {
    const drained = await drain(worker, { budgetMs: 10_000 }).catch((error: unknown) => {
      if (!isDatabaseLost(error)) throw error
      return null
    })
    if (drained?.jobsLeft === 0) return
    await sleep(200)
  }
}

/** Two organisations on one database, each with its own PRISM and ConnectWise; `disturb` comes in the middle of their syncs. */
const syncApril = async (worlds: readonly [World, World], disturb?: () => Promise<unknown>) => {
  const [{ db, addresses }] = worlds
  const base = workerOf(db, addresses, settlesSoon)
  const organisations = new Map<string, World>()
  for (const world of worlds) organisations.set(await createMapped(db), world)
  const worker: Worker = {
    ...base,
    clients: async (id) => clientsOf((organisations.get(id) ?? worlds[0]).addresses),
    settings: { ...base.settings, parallel: 4 },
  }
  for (const organisationId of organisations.keys()) await enqueueDetect(db, { organisationId, program })
  if (disturb)
    for (const { connectWise } of worlds)
      connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*/additions', ms: 300 }])
  const done = drainUntilDone(worker)
  if (disturb) {
    const isUnderWay = () => worlds.every(({ connectWise }) => writesTo(connectWise).length > 2)
    await vi.waitUntil(isUnderWay, { timeout: 30_000, interval: 10 })
    await disturb()
  }
  await done
  return Promise.all([...organisations].map(([id, world]) => resultOf(id, world, db)))
}

const resultOf = async (organisationId: string, world: World, db: Database) => ({
  additions: await additions(world),
  writes: writesTo(world.connectWise).toSorted(),
  runs: (await runsOf(db, organisationId, program, { limit: 9, offset: 0 })).map(
    ({ kind, state, status }) => ({
      kind,
      state,
      status,
    }),
  ),
})

const held = new AsyncDisposableStack()
afterAll(() => held.disposeAsync())

const startWorlds = async (database: TestDatabase): Promise<[World, World]> => {
  const start = async () => {
    const world = await startWorld({ withSecond: true, database })
    // Not longer: what it may still wait for ends with the server, which is stopped next.
    held.defer(() => Promise.race([world.close(), sleep(10_000, undefined, { ref: false })]))
    return world
  }
  return [await start(), await start()]
}

/** Worlds on a server of their own. */
const ownServer = async (keptRunning: boolean) => {
  const dataDir = await temporaryDataDir()
  const server = await startPostgres({ dataDir, keptRunning })
  held.defer(async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  await migrate(server.url)
  const worlds = await startWorlds({ url: server.url, drop: () => Promise.resolve() })
  return { worlds, url: server.url, cluster: await locateCluster(dataDir, () => {}) }
}

let clean: Awaited<ReturnType<typeof syncApril>>
beforeAll(async () => {
  const database = await createTestDatabase()
  held.defer(() => database.drop())
  clean = await syncApril(await startWorlds({ ...database, drop: () => Promise.resolve() }))
  expect(clean[0]?.additions.map(({ length }) => length)).toEqual([april.length, 1])
})

describe.concurrent('a month of two organisations ends as an undisturbed one, without a hand, where the database', () => {
  it('is killed in the middle of it, and started again by the launcher [H7]', async () => {
    const { worlds, cluster } = await ownServer(true)
    const kill = async () => {
      const [pid] = (await readFile(join(cluster.data, 'postmaster.pid'), 'utf8')).split('\n')
      killAtOnce(Number(pid))
    }
    expect(await syncApril(worlds, kill)).toEqual(clean)
  })

  it('ends all its connections because one of its processes crashed [H7]', async () => {
    const { worlds } = await ownServer(true)
    const crash = async () => {
      const { rows } = await worlds[0].db.execute<{ pid: number }>(
        sql`SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1`,
      )
      killAtOnce(rows[0]?.pid)
    }
    expect(await syncApril(worlds, crash)).toEqual(clean)
  })

  it('ends some connections under a statement, and takes new ones at once, as at a failover [H7]', async () => {
    const database = await createTestDatabase()
    held.defer(() => database.drop())
    const worlds = await startWorlds({ ...database, drop: () => Promise.resolve() })
    const { db } = worlds[0]
    const waiting = sql`
      FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const cut = () =>
      db.transaction(async (tx) => {
        // Both organisations' next intents wait for this.
        await tx.execute(sql`LOCK TABLE changes IN ACCESS EXCLUSIVE MODE`)
        await expect
          .poll(async () => (await db.execute(sql`SELECT 1 ${waiting}`)).rows.length)
          .toBeGreaterThan(1)
        await db.execute(sql`SELECT pg_terminate_backend(pid) ${waiting}`)
      })
    expect(await syncApril(worlds, cut)).toEqual(clean)
  })

  it('is stopped in order, and away for a while, as for its maintenance [H7]', async () => {
    const { worlds, url, cluster } = await ownServer(false)
    const maintain = async () => {
      await stopServer(cluster)
      await sleep(AWAY_MS)
      await startServer(cluster, { port: Number(new URL(url).port), temporary: false })
    }
    expect(await syncApril(worlds, maintain)).toEqual(clean)
  })
})
