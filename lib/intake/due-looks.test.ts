/** Which organisations are looked at by a scheduled call (H7, I2). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#db/client.ts'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { deleteConnection, putConnection } from '#db/connections/connections.ts'
import { lookAtAll, lookNoLaterThan } from '#db/directory/due-looks.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { lookAtAgreementsAgain, putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { log } from '#lib/base/log.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { enqueueDueLooks } from './due-looks.ts'

const EVERY = 45 * 60_000
const [{ slug: program, defaults }] = programs

let database: TestDatabase
let opened: OpenDatabase
let now: Date
let enqueued: string[][]
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})
beforeEach(async () => {
  await opened.db.execute(sql`DELETE FROM due_looks`)
  now = new Date()
  enqueued = []
})

const connected = async (kinds: readonly ('prism' | 'connectwise')[] = ['prism', 'connectwise']) => {
  const { id } = await createOrganisation(opened.db, { name: 'Northwind' })
  for (const kind of kinds)
    await putConnection(opened.db, id, { kind, settings: {}, sealed: '', sealKeyId: '' })
  return id
}
const later = (ms: number): Date => {
  now = new Date(now.getTime() + ms)
  return now
}
const look = async (
  over: { enqueue?: (tx: Database, ids: readonly string[]) => Promise<void>; withinMs?: number } = {},
) => {
  later(1000)
  const before = enqueued.length
  const count = await enqueueDueLooks(
    {
      db: opened.db,
      now: () => now,
      log,
      enqueue: async (tx, ids) => {
        await over.enqueue?.(tx, ids)
        enqueued.push([...ids])
      },
    },
    new Date(now.getTime() + (over.withinMs ?? EVERY)),
  )
  const ids = enqueued.slice(before).flat()
  expect(ids).toHaveLength(count)
  return ids
}

describe('an organisation is looked at', () => {
  it('as soon as both systems are connected, and again well within each hour [F1]', async () => {
    const id = await connected(['prism'])
    expect(await look()).toEqual([])
    await putConnection(opened.db, id, { kind: 'connectwise', settings: {}, sealed: '', sealKeyId: '' })
    expect(await look()).toEqual([id])
    later(EVERY - 60_000)
    expect(await look()).toEqual([])
    later(60_000)
    expect(await look()).toEqual([id])
    await deleteConnection(opened.db, id, 'prism')
    later(2 * EVERY)
    expect(await look()).toEqual([])
  })

  it('at once when its program is switched on, and not because another setting changed [F1]', async () => {
    const id = await connected()
    await look()
    await putProgramSettings(opened.db, id, program, { ...defaults, enabled: false })
    expect(await look()).toEqual([])
    await putProgramSettings(opened.db, id, program, { ...defaults, enabled: true })
    now = new Date()
    expect(await look()).toEqual([id])
    await putProgramSettings(opened.db, id, program, { ...defaults, enabled: true, syncAzure: true })
    expect(await look()).toEqual([])
  })

  it('earlier where one of its agreements is to be looked at again, each at its time [docs/applying.md]', async () => {
    const id = await connected()
    await look()
    const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    const times = [at(15), at(20)]
    for (const [i, time] of times.entries()) {
      const agreementId = 30 + i
      await putMapping(opened.db, id, program, `tenant-${i}`, {
        companyId: 10,
        agreementId,
        syncEnabled: true,
      })
      await lookAtAgreementsAgain(opened.db, id, program, [agreementId], time)
    }
    expect(await look()).toEqual([])
    later(15 * 60_000)
    expect(await look()).toEqual([id])
    expect(await look()).toEqual([])
    later(5 * 60_000)
    expect(await look()).toEqual([id])
  })
})

describe('of many organisations', () => {
  it('the longest waiting comes first, a hundred at once, and what no time is left for waits for the next call [I2]', async () => {
    const ids: string[] = []
    for (let i = 0; i < 130; i += 1) ids.push(await connected())
    for (const [i, id] of ids.entries())
      await lookNoLaterThan(opened.db, id, new Date(now.getTime() - (ids.length - i) * 1000))
    expect(await look({ withinMs: 0 })).toEqual(ids.slice(0, 100))
    expect(await look()).toEqual(ids.slice(100))
    await lookAtAll(opened.db, later(1000))
    expect((await look()).toSorted()).toEqual(ids.toSorted())
    expect(enqueued.map(({ length }) => length)).toEqual([100, 30, 100, 30])
  })

  it('two calls at once take each of them once [H7]', async () => {
    const ids = [await connected(), await connected(), await connected()]
    later(1000)
    const taken: string[] = []
    const ctx = {
      db: opened.db,
      now: () => now,
      log,
      enqueue: async (_: Database, of: readonly string[]) => void taken.push(...of),
    }
    await Promise.all([enqueueDueLooks(ctx, now), enqueueDueLooks(ctx, now), enqueueDueLooks(ctx, now)])
    expect(taken.toSorted()).toEqual(ids.toSorted())
  })

  it('one whose look cannot be enqueued waits a minute, and no other waits for it [J16]', async () => {
    const [odd, ...sound] = [await connected(), await connected(), await connected()]
    const enqueue = async (tx: Database, ids: readonly string[]) => {
      if (ids.includes(odd ?? '')) await tx.execute(sql`SELECT 1 / 0`)
    }
    expect((await look({ enqueue })).toSorted()).toEqual(sound.toSorted())
    expect(await look()).toEqual([])
    later(60_000)
    expect(await look()).toEqual([odd])
  })
})
