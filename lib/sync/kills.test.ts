/**
 * Real processes of the app and of PostgreSQL, killed at moments that nobody chose: the scheduled job by itself ends in the
 * additions of an undisturbed sync, and one sync more writes nothing. `SWEEP=full` kills twenty of each.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { startPostgres } from '../../scripts/postgres.ts'
import { locateCluster } from '../../scripts/postgres-cluster.ts'
import { killAtOnce } from '../../scripts/testing/kill-at-once.ts'
import { temporaryDataDir } from '../../scripts/testing/temporary-data-dir.ts'
import type { TestDatabase } from '../../scripts/testing/test-database.ts'
import type { Now } from './testing/sweep/case.ts'
import type { Draining } from './testing/sweep/draining.ts'
import { customersOf, fewest } from './testing/sweep/mappings.ts'
import { isFull, useSuite } from './testing/sweep/suite.ts'
import { program, writesTo } from './testing/world.ts'

const kills = Array.from({ length: isFull ? 20 : 3 }, (_, at) => at + 1)
const groups = [customersOf(fewest)]

/** Makes a sync last about as long as the moments of the kills are apart. */
const slow = { rules: [[{ kind: 'latency', method: 'write', ms: 40 } as const]] }
const LONGEST_MS = 1_000
const randomMoment = (): number => Math.round(Math.random() * LONGEST_MS)

const writesIn = ({ systems }: Now): number =>
  systems.reduce((sum, { connectWise }) => sum + writesTo(connectWise).length, 0)

/** Until the sync is under way, and as long again as was drawn; `isOver` says that it never will be. */
const untilMoment = async (now: Now, ms: number, isOver: () => boolean): Promise<void> => {
  while (writesIn(now) === 0 && !isOver()) await pause(5)
  await pause(ms)
}

/** After so many of all its writes. */
const report = (what: string, ms: number, writes: number): void =>
  console.log(`${what} killed ${ms} ms after its first write, at ${writes} writes`)

describe('a process of the app that is killed', () => {
  const suite = useSuite(groups, { slots: 1 })
  const kill = async (now: Now): Promise<void> => {
    const { database, process: own, systems } = now
    for (const { organisation } of systems)
      await enqueueDetect(own.db, { organisationId: organisation.id, program })
    const draining: Draining = {
      databaseUrl: database.url,
      addresses: systems.map(({ organisation, address }) => [
        organisation.id,
        { prism: organisation.prism, connectWise: address },
      ]),
    }
    const script = fileURLToPath(new URL('testing/sweep/draining.ts', import.meta.url))
    const child = spawn(process.execPath, [script, JSON.stringify(draining)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const exited = once(child, 'exit')
    const ms = randomMoment()
    await untilMoment(now, ms, () => child.exitCode !== null)
    killAtOnce(child.pid)
    expect((await exited)[1]).toBe('SIGKILL')
    report('A process of the app', ms, writesIn(now))
  }

  for (const nth of kills)
    it(`at a random moment leaves nothing that the next one does not put right (${nth}) [docs/applying.md]`, async () => {
      expect((await suite.run({ ...slow, first: kill })).states).toEqual(suite.clean.states)
    })
})

describe('a database server that is killed', () => {
  const held = new AsyncDisposableStack()
  let dataDir = ''
  const ownServer = async (): Promise<TestDatabase> => {
    dataDir = await temporaryDataDir()
    const server = await startPostgres({ dataDir, keptRunning: true })
    held.defer(async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    })
    await migrate(server.url)
    return { url: server.url, drop: () => Promise.resolve() }
  }
  // Runs after the suite's own, which still has connections to the server.
  afterAll(() => held.disposeAsync())
  const suite = useSuite(groups, { database: ownServer, slots: 1 })

  const kill = async (now: Now): Promise<void> => {
    // The sequences of a database that was cloned since the last one would go back after a crash, as those of no other do.
    await now.process.db.execute(sql`CHECKPOINT`)
    const ms = randomMoment()
    await untilMoment(now, ms, () => false)
    const { data } = await locateCluster(dataDir, () => {})
    const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
    killAtOnce(Number(pid))
    report('The database server', ms, writesIn(now))
  }

  for (const nth of kills)
    it(`at a random moment, and started again, has lost nothing of what was written (${nth}) [H7]`, async () => {
      expect((await suite.run({ ...slow, beside: kill })).states).toEqual(suite.clean.states)
    })
})
