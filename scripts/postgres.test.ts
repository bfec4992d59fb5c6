import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeAbandoned, startPostgres } from './postgres.ts'
import { temporaryDataDir } from './testing/temporary-data-dir.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await temporaryDataDir()
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const start = () => startPostgres({ dataDir, temporary: true })

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
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
  const lockFile = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')
  process.kill(Number(lockFile.split('\n')[0]), 'SIGKILL')
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
