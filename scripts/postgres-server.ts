/** The server of a cluster: is it there, how it is started, what a dead one left behind. */
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, passwordOf, ROLE, runAsServerUser } from './postgres-cluster.ts'

export interface StartOptions {
  readonly port: number
  /** Not flushed to disk. */
  readonly temporary: boolean
}

/**
 * Starts the server, after what a dead one left is out of the way. Throws with the end of the server's log where it does
 * not come up.
 */
export async function startServer(cluster: Cluster, { port, temporary }: StartOptions): Promise<void> {
  await removeStaleLock(cluster)
  const log = join(cluster.home, 'server.log')
  const options = serverOptions(port, temporary)
  try {
    await runAsServerUser(cluster, 'pg_ctl', ['start', '-D', cluster.data, '-w', '-l', log, '-o', options])
  } catch (error) {
    throw new Error(await startFailure(cluster, error), { cause: error })
  }
}

/** Stops the server in order: what it does is ended, what it knows is written. */
export async function stopServer(cluster: Cluster): Promise<void> {
  if (!(await hasServer(cluster))) return
  await runAsServerUser(cluster, 'pg_ctl', ['stop', '-D', cluster.data, '-m', 'fast', '-w'])
}

/** The port of the server that runs on this folder and knows our password; undefined where none does. */
export async function runningPort(cluster: Cluster): Promise<number | undefined> {
  const { port } = await lockOf(cluster)
  if (port === undefined) return undefined
  const client = new pg.Client({
    connectionString: await urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: 5_000,
  })
  try {
    await client.connect()
    return port
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}

export async function urlOf(cluster: Cluster, port: number, database: string): Promise<string> {
  return `postgres://${ROLE}:${await passwordOf(cluster)}@127.0.0.1:${port}/${database}`
}

/** The port of the server that was killed here, or runs; an app that was told it may still ask there. */
export async function lastPort(cluster: Cluster): Promise<number | undefined> {
  return (await lockOf(cluster)).port
}

/** Whether the cluster's main process lives, be it that it still starts or recovers. */
export async function hasServer(cluster: Cluster): Promise<boolean> {
  const { pid } = await lockOf(cluster)
  return pid !== undefined && (await worksIn(cluster, pid))
}

/** Ends processes of a killed server that did not notice it, and so keep the next one from starting. */
export async function endLeftovers(cluster: Cluster): Promise<void> {
  if (await hasServer(cluster)) return
  for (const entry of await readdir('/proc').catch(() => [])) {
    const pid = Number(entry)
    if (Number.isInteger(pid) && (await isProcessIn(cluster, pid))) killQuietly(pid)
  }
}

/** The lock file of a running server: its main process is in the first line, its port in the fourth. */
async function lockOf(cluster: Cluster): Promise<{ pid?: number; port?: number }> {
  const [pid, , , port] = (await readFile(lockFile(cluster), 'utf8').catch(() => '')).split('\n')
  return { ...(Number(pid) > 0 && { pid: Number(pid) }), ...(Number(port) > 0 && { port: Number(port) }) }
}

const lockFile = (cluster: Cluster): string => join(cluster.data, 'postmaster.pid')

/**
 * PostgreSQL takes the lock for held while any process has the number in it: after a restart of the machine or the
 * container a stranger's, or one that ended and that nobody has collected.
 */
async function removeStaleLock(cluster: Cluster): Promise<void> {
  const { pid } = await lockOf(cluster)
  if (pid !== undefined && !(await worksIn(cluster, pid))) await rm(lockFile(cluster), { force: true })
}

/** Whether a living process works in the cluster's folder, as all of PostgreSQL's do. */
async function worksIn(cluster: Cluster, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  // Without /proc nothing more can be known of it than that it lives.
  if (!(await hasProcesses())) return true
  return isProcessIn(cluster, pid)
}

/** False for one that ended and was not collected yet: it has no folder any more. */
async function isProcessIn(cluster: Cluster, pid: number): Promise<boolean> {
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return folder !== undefined && folder === (await realpath(cluster.data).catch(() => cluster.data))
}

const hasProcesses = (): Promise<boolean> =>
  readlink('/proc/self/cwd').then(
    () => true,
    () => false,
  )

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // alive, but somebody else's
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended in between.
  }
}

/** Nobody keeps what is in it, and it may lie in memory. */
const FLEETING = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=128MB',
]

function serverOptions(port: number, temporary: boolean): string {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    ...(temporary ? FLEETING : []),
  ]
  return settings.map((setting) => `-c ${setting}`).join(' ')
}

async function startFailure(cluster: Cluster, error: unknown): Promise<string> {
  const serverLog = await readFile(join(cluster.home, 'server.log'), 'utf8').catch(() => '')
  const lastLines = serverLog.trim().split('\n').slice(-8).join('\n  ') || String(error)
  return (
    `PostgreSQL did not start on ${cluster.data}. The end of its log:\n  ${lastLines}\n` +
    'Set DATABASE_URL to use another PostgreSQL, or DATA_DIR to use another folder.'
  )
}

/** Waits until `attempt` succeeds, at most `ms`; throws what the last one threw. */
export async function retryFor<T>(ms: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(250)
    }
  }
}
