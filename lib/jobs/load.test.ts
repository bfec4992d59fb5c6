/** Invoice files are loaded by jobs of their own: in many calls, after every kind of death, and never before their turn (H7, I2, J16). */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { openLoad, openLoads } from '#db/prism/invoice-loads.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import type { Money } from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { loadInvoice } from '#lib/intake/load-invoice.ts'
import { PrismError } from '#lib/prism/errors.ts'
import { programs } from '#lib/programs/registry.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { contextOf } from './context.ts'
import { drain } from './drain.ts'
import { enqueueDetect } from './enqueue.ts'
import { lookNow } from './look.ts'
import { closeQueue } from './queue.ts'
import type { Killed } from './testing/killed-load.ts'
import { csvOf, inParts, pausedAt, type ScriptedPrism, scriptedPrism } from './testing/scripted-prism.ts'
import type { Worker } from './worker.ts'

const [microsoftCsp] = programs
const program = microsoftCsp.slug

let database: TestDatabase
let opened: ReturnType<typeof openDatabase>
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await closeQueue(opened.db)
  await opened.close()
  await database.drop()
})

interface Partner extends ScriptedPrism {
  readonly id: string
}
let partners: Map<string, Partner>
let order: string[]
let worker: Worker
beforeEach(async () => {
  partners = new Map()
  order = []
  await opened.db.execute(sql`DELETE FROM pgboss.job`)
  worker = {
    db: opened.db,
    clients: async (id) => {
      const prism = partners.get(id)?.client
      if (prism === undefined) throw new Error('Nobody’s')
      return { prism, connectWise: {} as ConnectWiseClient, currency: 'AUD' }
    },
    noteUse: async () => undefined,
    settings: { connectWiseTimeoutMs: 1_000, leaseMs: 3_000, parallel: 4 },
  }
})

/** An organisation with invoices of January, February and so on. */
const partner = async (...invoices: string[]): Promise<Partner> => {
  const { id } = await createOrganisation(opened.db, { name: 'Northwind' })
  await putProgramSettings(opened.db, id, program, { ...microsoftCsp.defaults, enabled: true })
  const made = { ...scriptedPrism(invoices, () => order.push(id)), id }
  partners.set(id, made)
  return made
}
const give = ({ files }: Partner, id: string, csv: string): void => {
  files.set(id, () => inParts(csv))
}

/** What the scheduled call does first. */
const lookAt = async ({ id }: Partner) => {
  await enqueueDetect(opened.db, { organisationId: id, program })
  return drain(worker, { budgetMs: 0 })
}
/** One job, whatever it was to wait for. */
const oneJob = async (as = worker) => {
  await opened.db.execute(sql`UPDATE pgboss.job SET start_after = now() WHERE state < 'active'`)
  return drain(as, { budgetMs: 0 })
}
/** A process in which every job begins with its time up already. */
const hurried = (): Worker => {
  let early = 0
  return { ...worker, now: () => new Date(Date.now() + (early += 10_000)) }
}
/** A process whose jobs have all the time they need, however busy the machine is. */
const unhurried = (): Worker => {
  const begun = new Date()
  return { ...worker, now: () => begun }
}
/** Jobs, each with its time up, until none is left; how many it took. */
const allInHurry = async (): Promise<number> => {
  for (let jobs = 1; jobs <= 60; jobs += 1) if ((await oneJob(hurried())).jobsLeft === 0) return jobs
  throw new Error('It does not end')
}
const allJobs = async (): Promise<void> => {
  for (let calls = 0; calls < 60; calls += 1) if ((await oneJob(unhurried())).jobsLeft === 0) return
  throw new Error('It does not end')
}
/** As if the seconds had passed after which a process counts as dead. */
const letTimePass = async (): Promise<void> => {
  await opened.db.execute(sql`UPDATE leases SET expires_at = now()`)
  await opened.db.execute(
    sql`UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`,
  )
}

const invoices = ({ id }: Partner) => invoicesOf(opened.db, id, program)
const states = async (of: Partner) =>
  Object.fromEntries((await invoices(of)).map(({ id, state }) => [id, state]))
const linesOf = async ({ id }: Partner, invoiceId = '1') => {
  const { rows } = await opened.db.execute<{
    lines: number
    distinct: number
    price: Money
    last: number
  }>(sql`
    SELECT count(*)::int AS lines, count(DISTINCT row)::int AS distinct, sum(price)::text AS price, max(row) AS last
    FROM invoice_lines WHERE organisation_id = ${id} AND invoice_id = ${invoiceId}`)
  return rows[0]
}
const load = ({ id }: Partner, invoiceId = '1') => openLoad(opened.db, id, program, invoiceId)

/** The invoice is what its file says, and of nothing else there is a line. */
const expectWhole = async (of: Partner, csv: string, lines: number, invoiceId = '1'): Promise<void> => {
  expect((await invoices(of)).find(({ id }) => id === invoiceId)).toMatchObject({
    state: 'ready',
    lineCount: lines,
    contentHash: createHash('sha256').update(csv).digest('hex'),
  })
  expect(await linesOf(of, invoiceId)).toMatchObject({ lines, distinct: lines, last: lines + 1 })
  expect(await openLoads(opened.db, of.id, program)).toEqual([])
}

describe('a file that is longer than three calls', () => {
  it('ends whole, each call going on where the one before stopped, and nothing is judged before [H7]', async () => {
    const one = await partner('1')
    const csv = csvOf(20_000)
    give(one, '1', csv)
    await lookAt(one)
    for (const lines of [5_000, 10_000, 15_000]) {
      await oneJob(hurried())
      expect(await linesOf(one)).toMatchObject({ lines, distinct: lines })
      expect(await load(one)).toMatchObject({ lines, fileLines: lines + 1, contentHash: null })
      expect(await states(one)).toEqual({})
    }
    await allInHurry()
    await expectWhole(one, csv, 20_000)
    expect(one.asked.length).toBeGreaterThan(3)
  })

  it('is counted by PostgreSQL before anything is planned from its lines, and not minutes later [I2]', async () => {
    const analysed = async () => {
      const { rows } = await opened.db.execute<{ count: number }>(
        sql`SELECT analyze_count::int AS count FROM pg_stat_user_tables WHERE relname = 'invoice_lines'`,
      )
      return rows[0]?.count
    }
    const before = await analysed()
    const one = await partner('1')
    give(one, '1', csvOf(12_000))
    await lookAt(one)
    await allJobs()
    expect(await analysed()).toBe((before ?? 0) + 1)
  })

  it('is read to its end before whose its lines are is found out, which has a call of its own', async () => {
    const one = await partner('1')
    const csv = csvOf(10)
    give(one, '1', csv)
    await lookAt(one)
    await oneJob(hurried())
    expect(await load(one)).toMatchObject({ lines: 10, contentHash: expect.stringMatching(/^[\da-f]{64}$/) })
    one.files.clear()
    await allJobs()
    await expectWhole(one, csv, 10)
    expect(one.asked).toEqual(['1'])
  })

  it('holds the months that are in already: they are decided together, when it is in [F12]', async () => {
    const one = await partner('1', '2')
    give(one, '1', csvOf(12_000))
    give(one, '2', csvOf(3, 1))
    await lookAt(one)
    const seen = new Set<string>()
    for (let left = 1; left > 0; left = (await oneJob(hurried())).jobsLeft)
      for (const state of Object.values(await states(one))) seen.add(state)
    expect([...seen]).toEqual(['loaded'])
    expect(await states(one)).toEqual({ '1': 'ready', '2': 'ready' })
  })

  it('is another one each time: that is said of it after some tries, and holds nothing else up', async () => {
    const one = await partner('1', '2')
    let asked = 0
    one.files.set('1', () => inParts(csvOf(12_000, 0, `${(asked += 1)}` as Money)))
    give(one, '2', csvOf(3, 1))
    await lookAt(one)
    await allInHurry()
    expect(await states(one)).toEqual({ '1': 'unread', '2': 'ready' })
    expect((await invoices(one))[1]).toMatchObject({
      reason: 'PRISM gives another content each time that its file is asked for.',
    })
    expect(await linesOf(one)).toMatchObject({ lines: 0 })
  })
})

describe('a file that is another one at the second call', () => {
  const begun = async (): Promise<Partner> => {
    const one = await partner('1')
    give(one, '1', csvOf(12_000))
    await lookAt(one)
    await oneJob(hurried())
    expect(await linesOf(one)).toMatchObject({ lines: 5_000 })
    return one
  }

  it.each([
    ['in its beginning', csvOf(12_000, 0, '60' as Money), 12_000],
    ['and ends before what is stored', csvOf(100), 100],
    [
      'with a line more in front',
      csvOf(1, 0, '7' as Money) + csvOf(12_000).split('\n').slice(1).join('\n'),
      12_001,
    ],
  ])('%s is started over: no line of the first content stays [H7]', async (_where, csv, lines) => {
    const one = await begun()
    give(one, '1', csv)
    await allJobs()
    await expectWhole(one, csv, lines)
  })

  it('behind what is stored is read on: its lines are those of the second content [H7]', async () => {
    const one = await begun()
    const csv = csvOf(12_000).replace('sub-11999', 'sub-new')
    give(one, '1', csv)
    await allJobs()
    await expectWhole(one, csv, 12_000)
  })

  it('and cannot be read any more is refused, and keeps no line [F1]', async () => {
    const one = await begun()
    give(one, '1', '<html>Sign in</html>')
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'refused' })
    expect(await linesOf(one)).toMatchObject({ lines: 0 })
  })

  it('that PRISM does not give any more is noted, and keeps no line [J16]', async () => {
    const one = await begun()
    one.files.set('1', () => {
      throw new PrismError('refused', 'no such file', 404)
    })
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'unread' })
    expect(await linesOf(one)).toMatchObject({ lines: 0 })
  })
})

describe('a re-issue that takes several calls', () => {
  it('is held beside the one in use, whose lines stay as they are [F1]', async () => {
    const one = await partner('1')
    const first = csvOf(3)
    give(one, '1', first)
    await lookAt(one)
    await allJobs()
    const second = csvOf(12_000)
    give(one, '1', second)
    await lookAt(one)
    await oneJob(hurried())
    expect(await states(one)).toEqual({ '1': 'ready' })
    expect(await linesOf(one, '1-2')).toMatchObject({ lines: 5_000 })
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'ready', '1-2': 'held' })
    await expectWhole(one, first, 3)
    expect(await linesOf(one, '1-2')).toMatchObject({ lines: 12_000, distinct: 12_000 })
  })

  it('and becomes the content that is known leaves nothing behind', async () => {
    const one = await partner('1')
    const first = csvOf(6_000)
    give(one, '1', first)
    await lookAt(one)
    await allJobs()
    give(one, '1', csvOf(12_000))
    await lookAt(one)
    await oneJob(hurried())
    give(one, '1', first)
    await allJobs()
    await expectWhole(one, first, 6_000)
    expect(await states(one)).toEqual({ '1': 'ready' })
  })
})

describe('a load that dies in the middle', () => {
  it('with its process goes on behind what was stored [H7]', async () => {
    const one = await partner('1')
    const csv = csvOf(60_000)
    await lookAt(one)
    const killed: Killed = { databaseUrl: database.url, organisationId: one.id, program, lines: 60_000 }
    const script = fileURLToPath(new URL('testing/killed-load.ts', import.meta.url))
    const child = spawn(process.execPath, [script, JSON.stringify(killed)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    expect(await linesOf(one)).toMatchObject({ lines: 50_000, distinct: 50_000 })
    await letTimePass()
    give(one, '1', csv)
    await allJobs()
    await expectWhole(one, csv, 60_000)
  })

  it('because the database ends its connection under a copy is done again, and no drain fails [H7]', async () => {
    const one = await partner('1')
    const csv = csvOf(12_000)
    give(one, '1', csv)
    await lookAt(one)
    const { db } = opened
    let jobs = Promise.resolve<unknown>(null)
    await db.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE invoice_lines IN ACCESS EXCLUSIVE MODE`)
      jobs = oneJob(unhurried())
      const copying = sql`FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY %' AND wait_event_type = 'Lock'`
      await expect
        .poll(async () => (await db.execute(sql`SELECT 1 ${copying}`)).rows.length, { timeout: 20_000 })
        .toBe(1)
      await db.execute(sql`SELECT pg_terminate_backend(pid) ${copying}`)
    })
    await jobs
    expect(await linesOf(one)).toMatchObject({ lines: 0 })
    await letTimePass()
    await allJobs()
    await expectWhole(one, csv, 12_000)
  })

  it('because PRISM breaks off behind much goes on there, after a while [H7][J16]', {
    timeout: 300_000,
  }, async () => {
    const one = await partner('1')
    const csv = csvOf(60_000)
    const cut = () =>
      pausedAt(csv, 0.95, async () => {
        throw new PrismError('unreachable', 'cut', null)
      })
    one.files.set('1', cut)
    await lookAt(one)
    await oneJob(unhurried())
    expect(await linesOf(one)).toMatchObject({ lines: 50_000 })
    expect(await load(one)).toMatchObject({ failures: 1 })
    expect(await states(one)).toEqual({})
    give(one, '1', csv)
    await allJobs()
    await expectWhole(one, csv, 60_000)
  })

  it('and breaks off there again and again is given up: it is unread, and the others are decided', {
    timeout: 300_000,
  }, async () => {
    const one = await partner('1', '2')
    const csv = csvOf(51_000)
    one.files.set('1', () =>
      pausedAt(csv, 0.99, async () => {
        throw new PrismError('unreachable', 'cut', null)
      }),
    )
    give(one, '2', csvOf(3, 1))
    await lookAt(one)
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'unread', '2': 'ready' })
    expect(await linesOf(one)).toMatchObject({ lines: 0 })
    expect(one.asked.filter((id) => id === '1')).toHaveLength(5)
  })

  it('while another process has taken it over stores nothing more', async () => {
    const one = await partner('1')
    const csv = csvOf(12_000)
    one.files.set('1', () =>
      pausedAt(csv, 0.5, async () => {
        one.files.set('1', () => inParts(csv))
        await letTimePass()
        await allInHurry()
      }),
    )
    await lookAt(one)
    const ctx = await contextOf(worker, one.id, program, 'Scheduled')
    await expect(loadInvoice({ ctx, input: { prismInvoiceId: '1' } })).rejects.toMatchObject({
      code: 'lease-lost',
    })
    await expectWhole(one, csv, 12_000)
  })
})

describe('a file that cannot be loaded', () => {
  it.each([
    [
      'PRISM does not give it',
      () => {
        throw new PrismError('refused', 'no such file', 404)
      },
      'unread',
      'PRISM has no file for it.',
    ],
    ['it is a web page', () => inParts('<html>'), 'refused', 'it is a web page, not an invoice file'],
    [
      'it breaks off',
      () =>
        pausedAt(csvOf(100), 0.5, async () => {
          throw new PrismError('unreachable', 'cut', null)
        }),
      'unread',
      'PRISM did not answer when its file was asked for.',
    ],
    [
      'nobody foresaw why',
      () => {
        throw new TypeError('ours')
      },
      'unread',
      expect.stringMatching(/^An unexpected error occurred, reference /),
    ],
  ])(
    'because %s holds its own month, and the others are loaded and decided [J16][F11]',
    async (_why, file, state, reason) => {
      const one = await partner('1', '2', '3')
      give(one, '1', csvOf(3))
      one.files.set('2', file)
      give(one, '3', csvOf(3, 2))
      await lookAt(one)
      await allJobs()
      expect(await states(one)).toEqual({ '1': 'ready', '2': state, '3': 'ready' })
      expect((await invoices(one))[1]).toMatchObject({ reason })
      expect(await linesOf(one, '2')).toMatchObject({ lines: 0 })
      give(one, '2', csvOf(3, 1))
      await lookAt(one)
      await allJobs()
      expect(await states(one)).toEqual({ '1': 'ready', '2': 'ready', '3': 'ready' })
    },
  )

  it('and whose failure cannot be stored fails no drain and no other organisation, and is closed later [F10]', async () => {
    const [one, other] = [await partner('1'), await partner('1')]
    one.files.set('1', () => {
      throw new TypeError('ours')
    })
    give(other, '1', csvOf(3))
    await lookAt(one)
    await lookAt(other)
    await opened.db.execute(
      sql.raw(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON invoice_loads FOR EACH ROW
          WHEN (NEW.organisation_id = '${one.id}' AND NEW.done_at IS NOT NULL) EXECUTE FUNCTION refuse()`),
    )
    try {
      await opened.db.execute(sql`UPDATE pgboss.job SET retry_limit = 4`)
      await allJobs()
    } finally {
      await opened.db.execute(sql.raw('DROP FUNCTION refuse CASCADE'))
    }
    expect([await states(one), await states(other)]).toEqual([{}, { '1': 'ready' }])
    give(one, '1', csvOf(3))
    await lookAt(one)
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'ready' })
  })

  it('because credentials are refused waits for the next look, which goes on, and nothing is decided before [B4]', async () => {
    const one = await partner('1', '2')
    give(one, '1', csvOf(3))
    one.files.set('2', () => {
      throw new PrismError('refused', 'The token ran out.', 401)
    })
    await lookAt(one)
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'loaded' })
    expect((await programSettings(opened.db, one.id, program))?.lastCheckError).toBe('The token ran out.')
    give(one, '2', csvOf(3, 1))
    await lookAt(one)
    await allJobs()
    expect(await states(one)).toEqual({ '1': 'ready', '2': 'ready' })
    expect((await programSettings(opened.db, one.id, program))?.lastCheckError).toBeNull()
  })
})

describe('organisations that load at once', () => {
  it('take turns, whatever the length of their files, and a short one waits for no long one [I2]', async () => {
    const [one, two, short] = [await partner('1'), await partner('1'), await partner('1')]
    for (const each of [one, two]) give(each, '1', csvOf(20_000))
    give(short, '1', csvOf(3))
    await lookAt(one)
    await lookAt(two)
    await lookAt(short)
    await allInHurry()
    expect(order.slice(0, 7)).toEqual([one, two, short, one, two, one, two].map(({ id }) => id))
    expect([await states(one), await states(two)]).toEqual([{ '1': 'ready' }, { '1': 'ready' }])
  })

  it('load one file each at a time, and leave half of the jobs to others [I2]', async () => {
    let atOnce = 0
    let most = 0
    const busy = new Map<string, number>()
    const many = await Promise.all(Array.from({ length: 4 }, () => partner('1', '2', '3')))
    for (const each of many)
      for (const [month, invoice] of ['1', '2', '3'].entries())
        each.files.set(invoice, () =>
          pausedAt(csvOf(10, month), 0.5, async () => {
            atOnce += 1
            busy.set(each.id, (busy.get(each.id) ?? 0) + 1)
            most = Math.max(most, atOnce)
            expect(busy.get(each.id)).toBe(1)
            await sleep(100)
            busy.set(each.id, 0)
            atOnce -= 1
          }),
        )
    for (const each of many) await lookAt(each)
    await drain(worker, { budgetMs: 20_000 })
    for (const each of many) expect(await states(each)).toEqual({ '1': 'ready', '2': 'ready', '3': 'ready' })
    expect(most).toBe(2)
  })
})

describe('a person who waits for a look', () => {
  const press = ({ id }: Partner) =>
    lookNow(
      worker,
      { organisationId: id, program, asked: { kind: 'customers', agreementIds: [30] } },
      { patienceMs: 0 },
    )
  const waiting = async () =>
    (
      await opened.db.execute<{ organisation: string; priority: number }>(sql`
        SELECT group_id AS organisation, priority FROM pgboss.job
        WHERE name = 'load-invoice' AND state = 'created' ORDER BY priority`)
    ).rows

  it('sees the files of this look, and no other organisation’s job is done [R1][I2]', async () => {
    const [one, other] = [await partner('1', '2'), await partner('1')]
    for (const each of [one, other]) give(each, '1', csvOf(3))
    give(one, '2', csvOf(3, 1))
    await lookAt(other)
    await press(one)
    expect(await states(one)).toEqual({ '1': 'ready', '2': 'ready' })
    expect([await states(other), other.asked]).toEqual([{}, []])
    expect(await waiting()).toEqual([{ organisation: other.id, priority: 0 }])
  })

  it('loads also what the schedule has enqueued for them, and its job finds nothing left', async () => {
    const one = await partner('1')
    give(one, '1', csvOf(3))
    await lookAt(one)
    await press(one)
    expect(await states(one)).toEqual({ '1': 'ready' })
    await allJobs()
    expect(one.asked).toEqual(['1'])
  })

  it('leaves what does not fit their time to a job that goes before the schedule’s', async () => {
    const [one, other] = [await partner('1'), await partner('1')]
    give(one, '1', csvOf(12_000))
    give(other, '1', csvOf(3))
    await lookAt(other)
    await lookAt(one)
    let early = 0
    worker = { ...worker, now: () => new Date(Date.now() + (early += 6_000)) }
    await press(one)
    expect(await states(one)).toEqual({})
    expect(await waiting()).toEqual([
      { organisation: other.id, priority: 0 },
      { organisation: one.id, priority: 10 },
    ])
    worker = { ...worker, now: () => new Date() }
    order = []
    await allJobs()
    expect(order).toEqual([one.id, other.id])
    expect(await states(one)).toEqual({ '1': 'ready' })
  })

  it('has PRISM asked once for a file that breaks off, and the rest left to a job', async () => {
    const one = await partner('1')
    const csv = csvOf(51_000)
    one.files.set('1', () =>
      pausedAt(csv, 0.99, async () => {
        throw new PrismError('unreachable', 'cut', null)
      }),
    )
    worker = unhurried()
    await press(one)
    expect(one.asked).toEqual(['1'])
    expect(await linesOf(one)).toMatchObject({ lines: 50_000 })
    expect(await waiting()).toEqual([{ organisation: one.id, priority: 10 }])
  })

  it('waits for a file that another process is at', async () => {
    const one = await partner('1')
    give(one, '1', csvOf(3))
    const resource = `${program}/load/1`
    await opened.db.execute(sql`
      INSERT INTO leases (organisation_id, resource, token, holder, expires_at)
      VALUES (${one.id}, ${resource}, gen_random_uuid(), 'another', now() + interval '1 second')`)
    await press(one)
    expect(await states(one)).toEqual({ '1': 'ready' })
  })
})
