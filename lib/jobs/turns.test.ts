/** Time is shared: organisations take turns, a person goes first, one drain a process, every job has a deadline (I2, H7). */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenDatabase } from '#db/client.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { productResultsOf } from '#db/runs/product-runs.ts'
import { createRun, type Run, runsOf } from '#db/runs/runs.ts'
import {
  additionsOf,
  agreementId,
  april,
  aprilStatus,
  createMapped,
  program,
  writesTo,
} from '#lib/sync/testing/world.ts'
import { drain } from './drain.ts'
import { enqueueDetect, enqueueSyncs } from './enqueue.ts'
import { lookNow } from './look.ts'
import { dailyProducts, requestProducts, requestSync } from './requests.ts'
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

const lastRun = async (organisationId: string): Promise<Run | undefined> =>
  (await runsOf(database.db, organisationId, program, { limit: 1, offset: 0 }))[0]

/** Agreements of the odd one that its schedule has enqueued; each takes `ms`. */
const enqueueMany = async (count: number, ms: number): Promise<void> => {
  const { worker } = two
  const { db } = database
  two.worker = {
    ...worker,
    clients: async (id) => {
      if (id === two.odd.id) await sleep(ms)
      return worker.clients(id)
    },
  }
  const items = Array.from({ length: count }, (_, i) => ({
    agreementId: 1000 + i,
    agreementName: '',
    companyId: 10,
    companyName: '',
    tenantIds: [],
  }))
  const run = { program, kind: 'customers', trigger: 'schedule', actor: 'Scheduled' } as const
  const { id: runId } = await createRun(db, two.odd.id, run, items)
  const jobs = items.map((each) => ({
    organisationId: two.odd.id,
    program,
    runId,
    agreementId: each.agreementId,
  }))
  await enqueueSyncs(db, db, jobs)
}

/** A person's press, until its run has ended; how long it took. */
const press = async ({ isAlone }: { readonly isAlone: boolean }): Promise<number> => {
  const { db } = database
  const begun = performance.now()
  const request = { organisationId: two.sound.id, program, agreementIds: [agreementId] }
  const runId = await requestSync(db, { ...request, trigger: 'hand', actor: 'Ann' })
  const draining = drain(two.worker, { budgetMs: 20_000 })
  const isDone = async () => {
    const run = await lastRun(two.sound.id)
    return run?.id === runId && run.state === 'finished'
  }
  await vi.waitUntil(isDone, { timeout: 20_000, interval: 10 })
  const took = performance.now() - begun
  if (isAlone) await draining
  return took
}

describe('an organisation with many agreements in the queue', () => {
  it('makes another one’s press take at most three times what it takes alone [I2]', async () => {
    await two.detectBoth()
    await press({ isAlone: true })
    const alone = Math.max(await press({ isAlone: true }), 100)
    await enqueueMany(40, 400)
    const first = drain(two.worker, { budgetMs: 3_000 })
    await sleep(500)
    expect(await press({ isAlone: false })).toBeLessThan(3 * alone)
    expect((await first).jobsLeft).toBeGreaterThan(20)
  })

  it('and a slow ConnectWise delays no look of another [I2]', async () => {
    await enqueueMany(10, 5_000)
    two.odd.connectWise.faults.add([{ kind: 'latency', path: '*', ms: 5_000 }])
    const { db } = database
    await enqueueDetect(db, { organisationId: two.odd.id, program })
    const first = drain(two.worker, { budgetMs: 4_000 })
    await sleep(300)
    const begun = performance.now()
    await enqueueDetect(db, { organisationId: two.sound.id, program })
    const joined = drain(two.worker, { budgetMs: 4_000 })
    const isChecked = async () => {
      const settings = await programSettings(db, two.sound.id, program)
      return settings?.lastCheckedAt !== null
    }
    await vi.waitUntil(isChecked, { timeout: 20_000, interval: 20 })
    expect(performance.now() - begun).toBeLessThan(3_000)
    two.odd.connectWise.faults.clear()
    await Promise.all([first, joined])
  })

  it('nor do many with a slow ConnectWise, which leave their places after a second [I2]', async () => {
    const { worker } = two
    const { db } = database
    const slow: string[] = []
    for (let count = 0; count < 9; count += 1) slow.push(await createMapped(db))
    let mostAtOnce = 0
    let atOnce = 0
    two.worker = {
      ...worker,
      clients: async (id) => {
        if (!slow.includes(id)) return worker.clients(id)
        atOnce += 1
        mostAtOnce = Math.max(mostAtOnce, atOnce)
        await sleep(8_000)
        atOnce -= 1
        return worker.clients(id)
      },
    }
    for (const organisationId of slow) await enqueueDetect(db, { organisationId, program })
    await enqueueDetect(db, { organisationId: two.sound.id, program })
    const begun = performance.now()
    const draining = drain(two.worker, { budgetMs: 6_000 })
    const isChecked = async () => (await programSettings(db, two.sound.id, program))?.lastCheckedAt !== null
    await vi.waitUntil(isChecked, { timeout: 20_000, interval: 20 })
    expect(performance.now() - begun).toBeLessThan(6_000)
    expect(mostAtOnce).toBe(slow.length)
    await draining
  })

  it('never has more than half of the jobs at a time, and a person’s goes before them all', async () => {
    await enqueueMany(5, 0)
    const { takeNext } = await import('./turns.ts')
    const take = async () =>
      (await takeNext(database.db, { parallel: 4, looksOnly: false, inPlaces: [] }))?.job.data
    await enqueueDetect(database.db, { organisationId: two.odd.id, program })
    const runId = await requestSync(database.db, {
      organisationId: two.odd.id,
      program,
      trigger: 'hand',
      actor: 'Ann',
    })
    expect(await take()).toMatchObject({ runId, agreementId })
    expect(await take()).toEqual({ organisationId: two.odd.id, program })
    expect(await take()).toMatchObject({ organisationId: two.odd.id })
    expect(await take()).toBeUndefined()
    await requestSync(database.db, { organisationId: two.sound.id, program, trigger: 'schedule', actor: '' })
    expect(await take()).toMatchObject({ organisationId: two.sound.id })
  })
})

describe('of the jobs at a time', () => {
  it('those that are no agreement’s, which take more memory, are half', async () => {
    const { takeNext, jobsFor } = await import('./turns.ts')
    const parallel = jobsFor(8)
    await enqueueMany(1, 0)
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    const take = async (others: number, looksOnly = false) =>
      (
        await takeNext(database.db, {
          parallel,
          looksOnly,
          inPlaces: Array.from({ length: others }, () => 'detect' as const),
        })
      )?.name
    expect(parallel).toBe(16)
    expect(await take(8)).toBe('sync-agreement')
    expect(await take(8)).toBeUndefined()
    expect(await take(7)).toBe('detect')
  })
})

describe('a drain', () => {
  it('that is called while one runs joins it, and what was enqueued before is done', async () => {
    let atOnce = 0
    let most = 0
    const { worker } = two
    await enqueueMany(4, 0)
    two.worker = {
      ...worker,
      clients: async (id) => {
        atOnce += 1
        most = Math.max(most, atOnce)
        await sleep(200)
        atOnce -= 1
        return worker.clients(id)
      },
    }
    const drains = Array.from({ length: 20 }, () => drain(two.worker, { budgetMs: 20_000 }))
    await sleep(100)
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    drains.push(drain(two.worker, { budgetMs: 20_000 }))
    const ended = await Promise.all(drains)
    expect(ended.filter(({ isJoined }) => !isJoined)).toHaveLength(1)
    expect(new Set(ended.map(({ jobsDone }) => jobsDone)).size).toBe(1)
    expect(ended[0]).toMatchObject({ invoicesDetected: 1, jobsLeft: 0 })
    expect(most).toBeLessThanOrEqual(4)
    expect((await drain(two.worker, { budgetMs: 0 })).isJoined).toBe(false)
  })
})

describe('a job that runs out of time', () => {
  it('leaves the rest to another one of the same run, and loses nothing [H7]', async () => {
    two.sound.connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*', ms: 300 }])
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    const { worker } = two
    // As if every drain began with its time already up.
    let early = 0
    two.worker = { ...worker, now: () => new Date(Date.now() + (early += 10_000)) }
    let calls = 0
    for (let left = 1; left > 0 && calls < 40; calls += 1)
      left = (await drain(two.worker, { budgetMs: 0 })).jobsLeft
    expect(calls).toBeGreaterThan(5)
    expect(await additionsOf(two.sound)).toEqual(april)
    expect(writesTo(two.sound.connectWise)).toHaveLength(9)
    const runs = await runsOf(database.db, two.sound.id, program, { limit: 9, offset: 0 })
    expect(runs.map(({ state, status }) => [state, status])).toEqual([['finished', aprilStatus]])
  })

  it('loads each invoice file once, one a job, and decides the months when all are there [H7]', async () => {
    const { prism, addresses, id } = two.sound
    for (let months = 0; months < 3; months += 1)
      await fetch(`${addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
    await enqueueDetect(database.db, { organisationId: id, program })
    await drain(two.worker, { budgetMs: 0 })
    const states = async () => (await invoicesOf(database.db, id, program)).map(({ state }) => state)
    for (let files = 1; files <= 3; files += 1) {
      await drain(two.worker, { budgetMs: 0 })
      expect(await states()).toEqual(Array.from({ length: files }, () => 'loaded'))
    }
    await drain(two.worker, { budgetMs: 0 })
    expect(await states()).toEqual(['ready', 'ready', 'ready', 'ready'])
    const read = prism.requests.report().requests.filter(({ path }) => path.endsWith('/csv'))
    expect(new Set(read.map(({ path }) => path)).size).toBe(read.length)
  })

  it('and was stopped by a person stays stopped [F16]', async () => {
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    const { worker } = two
    let early = 0
    two.worker = { ...worker, now: () => new Date(Date.now() + (early += 10_000)) }
    for (let calls = 0; calls < 9 && (await lastRun(two.sound.id)) === undefined; calls += 1)
      await drain(two.worker, { budgetMs: 0 })
    expect((await drain(two.worker, { budgetMs: 0 })).jobsLeft).toBe(1)
    const before = writesTo(two.sound.connectWise).length
    await database.db.execute(
      sql`UPDATE runs SET stop_requested_at = now(), stop_requested_by = 'Ann' WHERE organisation_id = ${two.sound.id}`,
    )
    two.worker = worker
    expect((await drain(two.worker, { budgetMs: 20_000 })).jobsLeft).toBe(0)
    expect(writesTo(two.sound.connectWise)).toHaveLength(before)
    expect(await lastRun(two.sound.id)).toMatchObject({ state: 'finished', note: 'Stopped by Ann' })
  })
})

describe('nothing sleeps inside a job', () => {
  it('agreements of a detected invoice begin when the products that came with it are done [D9]', async () => {
    const { worker } = two
    two.worker = { ...worker, afterDetect: (ctx, found) => dailyProducts(database.db, ctx, found > 0) }
    two.sound.connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*/catalog', ms: 1000 }])
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    const begun = performance.now()
    expect(await drain(two.worker, { budgetMs: 24_000 })).toMatchObject({ jobsDone: 4, jobsLeft: 0 })
    expect(performance.now() - begun).toBeLessThan(20_000)
    const writes = writesTo(two.sound.connectWise)
    expect(writes.filter((each) => each.endsWith('/catalog'))).toHaveLength(1)
    const firstAddition = writes.findIndex((each) => each.includes('/additions'))
    expect(writes.findLastIndex((each) => each.includes('/catalog'))).toBeLessThan(firstAddition)
    expect(await additionsOf(two.sound)).toEqual(april)
  })

  it('a write without an answer is settled by a later job, and nobody writes to the agreement before [docs/applying.md]', async () => {
    const { worker } = two
    two.worker = { ...worker, settings: { ...worker.settings, connectWiseTimeoutMs: 4_000 } }
    two.sound.connectWise.faults.add([{ kind: 'cut-after', method: 'POST', path: '*/additions', nth: 2 }])
    await enqueueDetect(database.db, { organisationId: two.sound.id, program })
    expect(await drain(two.worker, { budgetMs: 3_000 })).toMatchObject({ jobsDone: 3, jobsLeft: 1 })
    const before = writesTo(two.sound.connectWise).length
    const request = { organisationId: two.sound.id, program, agreementIds: [agreementId] }
    const joined = await requestSync(database.db, { ...request, trigger: 'hand', actor: 'Ann' })
    expect(joined).toBe((await lastRun(two.sound.id))?.id)
    expect(await drain(two.worker, { budgetMs: 1_000 })).toMatchObject({ jobsDone: 0, jobsLeft: 1 })
    expect(writesTo(two.sound.connectWise)).toHaveLength(before)
    expect(await drain(two.worker, { budgetMs: 20_000 })).toMatchObject({ jobsLeft: 0 })
    expect(await additionsOf(two.sound)).toEqual(april)
    expect(writesTo(two.sound.connectWise)).toHaveLength(9)
  })

  it('nor does a sync of products, which says of a write without an answer what became of it [D7]', async () => {
    const { worker } = two
    const { db } = database
    await lookNow(
      worker,
      { organisationId: two.sound.id, program, asked: { kind: 'products' } },
      { patienceMs: 0 },
    )
    await db.execute(sql`DELETE FROM pgboss.job`)
    two.worker = { ...worker, settings: { ...worker.settings, connectWiseTimeoutMs: 4_000 } }
    two.sound.connectWise.faults.add([{ kind: 'cut-after', method: 'POST', path: '*/catalog', nth: 1 }])
    const request = { organisationId: two.sound.id, program, trigger: 'hand', actor: 'Ann' } as const
    const runId = await requestProducts(db, request)
    expect(await drain(two.worker, { budgetMs: 2_000 })).toMatchObject({ jobsDone: 1, jobsLeft: 1 })
    expect(await drain(two.worker, { budgetMs: 20_000 })).toMatchObject({ jobsLeft: 0 })
    const posts = writesTo(two.sound.connectWise).filter((each) => /POST .*\/catalog$/.test(each))
    const results = await productResultsOf(db, two.sound.id, runId)
    expect(results.filter(({ what }) => what === 'created')).toHaveLength(posts.length)
    expect(results.filter(({ what }) => what === 'failed')).toEqual([])
    const [created] = results.filter(({ what }) => what === 'created')
    expect(created).toMatchObject({ name: expect.any(String), catalogItemId: expect.any(Number) })
    expect(await lastRun(two.sound.id)).toMatchObject({ id: runId, state: 'finished', status: 'Success' })
  })
})
