/**
 * A real PostgreSQL from npm, for a machine that names no DATABASE_URL: one cluster in DATA_DIR, started by the
 * first launcher that needs it, shared by the others, stopped by the last one that leaves.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { freePort } from './ports.ts'
import { type Cluster, locateCluster, prepareCluster } from './postgres-cluster.ts'
import { appUrlOf, ensureDatabase } from './postgres-roles.ts'
import {
  isAlive,
  lastPort,
  retryFor,
  runningPort,
  startServer,
  stopServer,
  urlOf,
} from './postgres-server.ts'
import { keepRunning } from './postgres-watch.ts'

const START_RETRY_MS = 10_000
const DATABASE = 'prism_pod'

type PostgresOptions = {
  /** The cluster lives in its folder `postgres`, or, where PostgreSQL's user cannot reach that, in /var/lib. */
  dataDir: string
  /** A cluster for one test run: not flushed to disk, and deleted when it is stopped. */
  temporary?: boolean
  /** Begin with an empty database, whatever it held before and whoever is connected to it. */
  emptyDatabase?: boolean
  /** Start the server again, on the same port, where it dies before `stop`. */
  keptRunning?: boolean
  log?: (line: string) => void
}

export type RunningPostgres = {
  /** As the superuser, which makes and drops databases. */
  url: string
  /** As a role that owns the database and can do nothing beyond: the app's. */
  appUrl: string
  /** The server ran already: another launcher's, or left behind by one that was killed. */
  adopted: boolean
  /** Stops the server, unless another launcher still uses it. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL, or adopts the one that already runs on this folder, and makes sure that its database exists.
 * Retries for 10 s, because a killed server's last processes may still hold the folder. Throws with the end of the
 * server's log where it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, temporary = false, emptyDatabase = false, keptRunning = false, log = () => {} } = options
  const cluster = await prepareCluster(resolve(dataDir), log)
  await registerLauncher(cluster)
  const { port, adopted } = await startOrAdopt(cluster, temporary)
  await ensureDatabase(cluster, port, { name: DATABASE, empty: emptyDatabase })
  const watch = keptRunning ? keepRunning(cluster, { port, temporary }, log) : undefined
  return {
    url: await urlOf(cluster, port, DATABASE),
    appUrl: await appUrlOf(cluster, port, DATABASE),
    adopted,
    async stop() {
      await watch?.[Symbol.asyncDispose]()
      await leave(cluster, temporary)
    },
  }
}

async function startOrAdopt(
  cluster: Cluster,
  temporary: boolean,
): Promise<{ port: number; adopted: boolean }> {
  return retryFor(START_RETRY_MS, async () => {
    const running = await runningPort(cluster)
    if (running !== undefined) return { port: running, adopted: true }
    const port = await freePort(await lastPort(cluster))
    await startServer(cluster, { port, temporary })
    return { port, adopted: false }
  })
}

const launchersOf = (cluster: Cluster) => join(cluster.home, 'launchers')

/** Stops and deletes a temporary cluster whose launchers were all killed; leaves any other alone. */
export async function removeAbandoned(dataDir: string): Promise<void> {
  const cluster = await locateCluster(resolve(dataDir), () => {})
  // A cluster that nobody has registered at yet is just being created.
  const launchers = await readdir(launchersOf(cluster)).catch(() => [])
  if (launchers.length > 0) await leave(cluster, true)
}

/** Each launcher leaves its process id here; those of killed launchers are no longer alive and do not count. */
async function registerLauncher(cluster: Cluster): Promise<void> {
  await mkdir(launchersOf(cluster), { recursive: true })
  await writeFile(join(launchersOf(cluster), String(process.pid)), '')
}

async function leave(cluster: Cluster, temporary: boolean): Promise<void> {
  await rm(join(launchersOf(cluster), String(process.pid)), { force: true })
  for (const pid of await readdir(launchersOf(cluster)).catch(() => [])) {
    if (isAlive(Number(pid))) return
    await rm(join(launchersOf(cluster), pid), { force: true })
  }
  await stopServer(cluster)
  if (temporary) await rm(cluster.home, { recursive: true, force: true })
}
