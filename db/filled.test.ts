/** A database that an earlier version filled is migrated without a loss: every page shows what it showed then. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { migrate } from './migrate.ts'
import { organisationsIn, restore } from './testing/filled/dump.ts'
import { closeShown, shownOf } from './testing/filled/shown.ts'

type Shown = Awaited<ReturnType<typeof shownOf>>

const stored = async (name: string): Promise<string> =>
  gunzipSync(await readFile(new URL(`./testing/filled/${name}`, import.meta.url))).toString()

const before: Readonly<Record<string, Shown>> = JSON.parse(await stored('shown.json.gz'))
let database: TestDatabase
let organisations: Readonly<Record<string, string>>

beforeAll(async () => {
  database = await createEmptyDatabase()
  await restore(database.url, await stored('database.sql.gz'))
  await migrate(database.url)
  vi.stubEnv('DATABASE_URL', database.url)
  for (const name of ['SESSION_SECRET', 'ENCRYPTION_KEY', 'CRON_SECRET'])
    vi.stubEnv(name, randomBytes(32).toString('base64'))
  organisations = Object.fromEntries((await organisationsIn(database.url)).map(({ id, name }) => [name, id]))
})
afterAll(async () => {
  await closeShown()
  await database.drop()
  vi.unstubAllEnvs()
})

/** As it is stored beside the database. */
const shownNow = async (name: string): Promise<Shown> =>
  JSON.parse(JSON.stringify(await shownOf(organisations[name] ?? '')))

/** Without what a run that has not ended did so far: the earlier version showed that only once it had ended. */
const settled = (shown: Shown | undefined): Shown => {
  if (shown === undefined) throw new Error('There is no such organisation')
  const runs = shown.runs.map((run) =>
    run.state === 'finished'
      ? run
      : { ...run, customers: run.customers.map((each) => ({ ...each, periods: [] })) },
  )
  return { ...shown, runs }
}

describe('a database that an earlier version filled, migrated', () => {
  it('holds the organisations that it held', () => {
    expect(Object.keys(organisations)).toEqual(Object.keys(before))
  })

  it('held what there can be: every status of a run, stopped and crashed ones, writes of every outcome, questions', () => {
    const all = JSON.stringify(before)
    const runs = Object.values(before).flatMap((each) => each.runs)
    expect(new Set(runs.map(({ status }) => status))).toEqual(
      new Set([null, 'No Change', 'Success', 'Warning', 'Error']),
    )
    expect(new Set(runs.map(({ kind, state }) => `${kind} ${state}`))).toEqual(
      new Set(['customers finished', 'customers running', 'products finished']),
    )
    for (const what of ['Stopped by Ann', 'guard-waits', 'first-sync-waits', 'unknown-serial-number'])
      expect(all).toContain(what)
    for (const outcome of ['kept', 'done', 'refused', 'unknown', 'not-sent'])
      expect(all, outcome).toContain(`"${outcome} | `)
  })

  for (const name of Object.keys(before))
    it(`shows what it showed, every run, pod, customer and invoice of ${name}`, async () => {
      const now = settled(await shownNow(name))
      const then = settled(before[name])
      expect(now.runs.map(({ id }) => id)).toEqual(then.runs.map(({ id }) => id))
      // What is shown besides by now is no loss.
      for (const run of then.runs) expect(now.runs.find(({ id }) => id === run.id)).toMatchObject(run)
      expect(now).toMatchObject(then)
    })
})
