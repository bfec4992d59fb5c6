import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningPostgres, removeAbandoned, startPostgres } from './postgres.ts'
import { killAtOnce } from './testing/kill-at-once.ts'
import { temporaryDataDir } from './testing/temporary-data-dir.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await temporaryDataDir()
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const start = () => startPostgres({ dataDir, temporary: true })

const dataOf = (folder: string): string => join(folder, 'postgres', 'data')
const mainProcess = async (folder: string): Promise<number> =>
  Number((await readFile(join(dataOf(folder), 'postmaster.pid'), 'utf8')).split('\n')[0])

const answers = (url: string) =>
  query(url, 'select 1 as one').then(
    () => true,
    () => false,
  )

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Another process that starts PostgreSQL on the same folder, and stays until it is killed. */
const startOtherLauncher = async () => {
  const launcher = fork(join(import.meta.dirname, 'testing', 'postgres-launcher.ts'), [dataDir])
  const [message] = (await once(launcher, 'message')) as [{ url: string; adopted: boolean }]
  const kill = async () => {
    launcher.kill('SIGKILL')
    await once(launcher, 'exit')
  }
  return { ...message, kill }
}

it('uses the server that another launcher started, and leaves it running until that one ends', async () => {
  const other = await startOtherLauncher()
  const server = await start()
  expect(server).toMatchObject({ url: other.url, adopted: true })
  await server.stop()
  expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await other.kill()
  await (await start()).stop()
  await expect(query(other.url, 'select 1')).rejects.toThrow()
})

it('adopts, with what was written, the server of a launcher that was killed', async () => {
  const other = await startOtherLauncher()
  await query(other.url, 'create table kept as select 7 as seven')
  await other.kill()
  const server = await start()
  expect(server.adopted).toBe(true)
  expect(await query(server.url, 'select * from kept')).toEqual([{ seven: 7 }])
  await server.stop()
})

it('starts again after the server itself was killed', async () => {
  const other = await startOtherLauncher()
  await query(other.url, 'create table kept as select 7 as seven')
  killAtOnce(await mainProcess(dataDir))
  await other.kill()
  const server = await start()
  expect(server.adopted).toBe(false)
  expect(await query(server.url, 'select * from kept')).toEqual([{ seven: 7 }])
  await server.stop()
})

it('removes a temporary cluster whose launcher was killed, and none that is in use', async () => {
  const other = await startOtherLauncher()
  await removeAbandoned(dataDir)
  expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await other.kill()
  await removeAbandoned(dataDir)
  await expect(query(other.url, 'select 1')).rejects.toThrow()
  expect(await readdir(dataDir)).toEqual([])
})

it('starts where the lock of a killed server names a process that is somebody else’s by now', async () => {
  const server = await start()
  const lock = await readFile(join(dataOf(dataDir), 'postmaster.pid'), 'utf8')
  const other = await startOtherLauncher()
  killAtOnce(await mainProcess(dataDir))
  await other.kill()
  await writeFile(join(dataOf(dataDir), 'postmaster.pid'), lock.replace(/^\d+/, String(process.ppid)))
  const next = await start()
  expect(next).toMatchObject({ adopted: false, url: server.url })
  expect(await answers(next.url)).toBe(true)
  await next.stop()
})

describe('a server that is kept running', () => {
  const lines: string[] = []
  let folder: string
  let server: RunningPostgres
  beforeAll(async () => {
    folder = await temporaryDataDir()
    // Not a temporary one, which forgets its last transactions when it is killed.
    server = await startPostgres({ dataDir: folder, keptRunning: true, log: (line) => lines.push(line) })
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => lines.splice(0))

  it('is started again at the same address within seconds of its death, with what was written', async () => {
    await query(server.url, 'create table kept as select 7 as seven')
    // Counts for minutes without looking up: it outlives its main process, and holds the shared memory.
    const busy = query(server.url, 'select count(*) from generate_series(1, 2000000000)').catch(() => 'ended')
    const counting = "select 1 from pg_stat_activity where query like '%series%' and pid <> pg_backend_pid()"
    await expect.poll(() => query(server.url, counting)).toHaveLength(1)
    const killed = await mainProcess(folder)
    killAtOnce(killed)
    await expect.poll(() => answers(server.url), { timeout: 15_000 }).toBe(true)
    expect(await mainProcess(folder)).not.toBe(killed)
    expect(await query(server.url, 'select * from kept')).toEqual([{ seven: 7 }])
    expect(await busy).toBe('ended')
    await expect.poll(() => lines.at(-1)).toMatch(/^PostgreSQL runs again/)
  })

  it('is left to itself while it recovers from the crash of one of its processes', async () => {
    const main = await mainProcess(folder)
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const ended = new Promise((resolve) => client.once('end', resolve))
    killAtOnce(rows[0]?.pid)
    await ended
    await expect.poll(() => answers(server.url), { timeout: 10_000 }).toBe(true)
    expect(await mainProcess(folder)).toBe(main)
    expect(lines).toEqual([])
  })

  it('says once why it cannot be started, and starts as soon as it can', async () => {
    killAtOnce(await mainProcess(folder))
    // Nothing starts from a folder that is not there.
    await rename(dataOf(folder), `${dataOf(folder)}.away`)
    await expect.poll(() => lines.join(), { timeout: 10_000 }).toContain('tried again until it starts')
    await sleep(1200)
    await rename(`${dataOf(folder)}.away`, dataOf(folder))
    await expect.poll(() => answers(server.url), { timeout: 20_000 }).toBe(true)
    await expect.poll(() => lines.at(-1)).toMatch(/^PostgreSQL runs again/)
    expect(lines.filter((line) => line.includes('tried again until'))).toHaveLength(1)
  })

  it('stays ended once it is stopped in order', async () => {
    await server.stop()
    await sleep(800)
    expect(await answers(server.url)).toBe(false)
    expect(lines).toEqual([])
  })
})
