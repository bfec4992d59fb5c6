/** The guards with both stand-ins, through the scheduled call (F18; the sequences of a whole organisation). */
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { type GuardSummary, guardSummaries } from '#db/mappings/guard-verdicts.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { runsOf } from '#db/runs/runs.ts'
import type { Guards } from '#db/values.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import {
  agreementOf,
  type Customers,
  companyId,
  fiftyEight,
  seedsOf,
  subscriptions,
  tenantOf,
} from '#lib/sync/testing/many-customers.ts'
import { clientsOf, workerOf } from '#lib/sync/testing/processes.ts'
import { program, writesTo } from '#lib/sync/testing/world.ts'
import { type ConnectWise, createConnectWise } from '#standin/connectwise/server.ts'
import { createPrism, type Prism } from '#standin/prism/prism.ts'
import { licences, quantity, start } from '#standin/prism/testing.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { judgeUnapplied } from './guarded.ts'
import { pickInvoice } from './pick.ts'

let database: TestDatabase
let db: Database
let prism: Prism
let connectWise: ConnectWise
let addresses: { prism: string; connectWise: string }
let worker: Worker
let close: () => Promise<void>
beforeEach(async () => {
  database = await createTestDatabase()
  const opened = openDatabase(database.url)
  db = opened.db
  close = async () => {
    await closeQueue(db)
    await opened.close()
    await Promise.all([prism.close(), connectWise.close()])
    await database.drop()
  }
})
afterEach(() => close())

const startSystems = async (customers: Customers): Promise<void> => {
  const seeds = seedsOf(customers)
  prism = createPrism({ issuedAtStart: 1, seed: seeds.prism })
  connectWise = createConnectWise({ seed: seeds.connectWise })
  addresses = { prism: await prism.listen(0), connectWise: await connectWise.listen(0) }
  worker = workerOf(db, addresses)
}

const both: Guards = { endedShare: 0.3, totalShare: 0.3 }
const createMapped = async (customers: Customers, guards: Guards = both): Promise<string> => {
  const { id } = await createOrganisation(db, { name: 'Northwind Managed Services' })
  await setGuards(id, guards)
  for (const [at] of customers.entries())
    await putMapping(db, id, program, tenantOf(at), {
      companyId,
      agreementId: agreementOf(at),
      syncEnabled: true,
    })
  return id
}
const setGuards = async (organisationId: string, guards: Guards): Promise<void> => {
  const found = programBySlug(program)
  if (found === undefined) throw new Error('There is no program')
  await putProgramSettings(db, organisationId, program, { ...found.defaults, enabled: true, guards })
}

const scheduledCall = async (organisationId: string): Promise<void> => {
  await enqueueDetect(db, { organisationId, program })
  expect(await drain(worker, { budgetMs: 60_000 })).toMatchObject({ jobsLeft: 0 })
}

/** PRISM issues the next month, once `change` was made to the file; its invoice's id. */
const issue = async (change: (lines: readonly string[]) => readonly string[] = (lines) => lines) => {
  const answer = await fetch(`${addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
  const { invoiceId } = (await answer.json()) as { invoiceId: number }
  await rewrite(invoiceId, change)
  return String(invoiceId)
}
const rewrite = async (id: number | string, change: (lines: readonly string[]) => readonly string[]) => {
  const path = `${addresses.prism}/control/invoices/${id}/csv`
  const lines = (await (await fetch(path)).text()).trimEnd().split('\n')
  await fetch(path, { method: 'PUT', body: change(lines).join('\n') })
}
const without = (pattern: RegExp) => (lines: readonly string[]) => lines.filter((line) => !pattern.test(line))

/** What runs on without end, by agreement. */
const open = async (at: number): Promise<string[]> => {
  const { additions } = await clientsOf(addresses).connectWise.additions(agreementOf(at))
  return additions.filter((each) => each.cancelledDate === null).map((each) => each.serialNumber)
}
const openOfAll = async (customers: Customers): Promise<number> =>
  (await Promise.all(customers.map((_, at) => open(at)))).flat().length

/** By subscription of the newest run: status, and what it waits for. */
const lastPlans = async (organisationId: string): Promise<Map<string, string>> => {
  const [run] = await runsOf(db, organisationId, program, { limit: 1, offset: 0 })
  const items = run ? await itemsWithMonths(db, organisationId, run.id) : []
  return new Map(
    items.flatMap(({ months }) =>
      months.flatMap((plan) =>
        plan.subscriptions.map((row) => [
          `${plan.period} ${row.subscriptionId}`,
          [row.status, row.waits?.question].filter(Boolean).join(' '),
        ]),
      ),
    ),
  )
}
const newest = async (organisationId: string): Promise<GuardSummary | undefined> =>
  (await guardSummaries(db, organisationId, program))[0]

describe('an invoice without many lines [F18]', () => {
  const customers = fiftyEight

  it('that ends 44 of 58, each agreement’s own share whatever it is, waits as a whole, and the rest syncs', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    expect(await openOfAll(customers)).toBe(58)
    // Three of the four of each, and both of the last one: fewer than five on any agreement.
    const id = await issue(without(/sub-(\d+-[123]|14-0),/))
    await scheduledCall(organisationId)

    expect(await openOfAll(customers)).toBe(58)
    const plans = [...(await lastPlans(organisationId)).values()]
    expect(plans.filter((what) => what === 'Warning guard')).toHaveLength(44)
    expect(plans.filter((what) => what === 'No Change')).toHaveLength(14)
    expect(await newest(organisationId)).toMatchObject({
      invoiceId: id,
      period: '2026-05',
      ended: 44,
      running: 58,
      totalBefore: '6960',
      totalAfter: '1680',
      waiting: { subscriptions: 44, agreements: 15, before: '5280', after: '0' },
    })
    const [run] = await runsOf(db, organisationId, program, { limit: 1, offset: 0 })
    expect(run).toMatchObject({ status: 'Warning' })
  })

  it('is taken up where fewer than the share end, though all of one agreement’s but one do', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    await issue(without(/sub-[0-3]-[0-2],/))
    await scheduledCall(organisationId)
    expect(await openOfAll(customers)).toBe(58 - 12)
    expect(await newest(organisationId)).toMatchObject({ ended: 12, waiting: { subscriptions: 0 } })
  })

  it('waits no longer once the owner switches the guards off: the next look writes it', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    await issue(without(/sub-\d+-[12],/))
    await scheduledCall(organisationId)
    expect(await openOfAll(customers)).toBe(58)
    await db.transaction(async (tx) => {
      await tx.execute(
        sql`UPDATE programs SET guards = '{"endedShare":null,"totalShare":null}' WHERE organisation_id = ${organisationId}`,
      )
      await judgeUnapplied({ db: tx, organisationId, program }, new Date())
    })
    await scheduledCall(organisationId)
    expect(await openOfAll(customers)).toBe(29)
  })
})

describe('several months that are due at once [F18]', () => {
  const fewer = [
    start(1000),
    quantity(800, '2026-05-01'),
    quantity(640, '2026-06-01'),
    quantity(512, '2026-07-01'),
    quantity(410, '2026-08-01'),
  ]
  const customers = [subscriptions(0, 3, fewer), subscriptions(1, 3, fewer)]

  it('of a fifth less each do not slip past: the second is compared with the last good month, too', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    for (let month = 0; month < 4; month += 1) await issue()
    await scheduledCall(organisationId)
    const verdicts = await guardSummaries(db, organisationId, program)
    expect(verdicts.map(({ period, waiting }) => [period, waiting.subscriptions])).toEqual([
      ['2026-08', 6],
      ['2026-07', 6],
      ['2026-06', 6],
      ['2026-05', 0],
      ['2026-04', 0],
    ])
    const { additions } = await clientsOf(addresses).connectWise.additions(agreementOf(0))
    const running = additions.filter(({ cancelledDate }) => cancelledDate === null)
    expect(new Set(running.map((each) => each.quantity))).toEqual(new Set(['800']))
  })

  it('that come one by one, each synced before the next, are compared one by one', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    for (let month = 0; month < 4; month += 1) {
      await issue()
      await scheduledCall(organisationId)
    }
    const { additions } = await clientsOf(addresses).connectWise.additions(agreementOf(1))
    const running = additions.filter(({ cancelledDate }) => cancelledDate === null)
    expect(new Set(running.map((each) => each.quantity))).toEqual(new Set(['410']))
  })
})

describe('a customer of whom nothing is charged any more [F18]', () => {
  const free = {
    ...licences(start(1, '2025-06-01', 'free')),
    subscriptionId: 'sub-0-free',
    tenantId: tenantOf(0),
  }
  const customers = [[...subscriptions(0, 2), free], subscriptions(1, 9)]

  it('waits although a line of 0.00 is left of it, and although few end', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    await issue(without(/sub-0-\d,/))
    await scheduledCall(organisationId)
    expect((await open(0)).sort()).toEqual(['sub-0-0', 'sub-0-1', 'sub-0-free'])
    expect(await newest(organisationId)).toMatchObject({
      ended: 2,
      waiting: { subscriptions: 2, customers: 1, agreements: 1 },
    })
  })

  it('does not where a charged line is left, nor where it never had one', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    await issue(without(/sub-0-(0|free),/))
    await scheduledCall(organisationId)
    expect(await open(0)).toEqual(['sub-0-1'])
    expect(await newest(organisationId)).toMatchObject({ ended: 1, waiting: { subscriptions: 0 } })
  })

  it('is not asked about at its first sync', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    expect(await newest(organisationId)).toMatchObject({ running: 0, waiting: { subscriptions: 0 } })
  })
})

describe('a verdict [F18]', () => {
  const customers = [subscriptions(0, 9), subscriptions(1, 9)]
  const judgedAt = async (organisationId: string) => {
    const { rows } = await db.execute<{ invoice_id: string; judged_at: string }>(
      sql`SELECT invoice_id, judged_at::text FROM guard_verdicts WHERE organisation_id = ${organisationId} ORDER BY invoice_id`,
    )
    return rows
  }

  it('is not given again by a later look, and is for other content that a person picks', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    const id = await issue()
    await scheduledCall(organisationId)
    const before = await judgedAt(organisationId)
    expect(before.map((each) => each.invoice_id)).toEqual([expect.any(String), id])
    await scheduledCall(organisationId)
    expect(await judgedAt(organisationId)).toEqual(before)

    await rewrite(id, without(/sub-\d-[1-8],/))
    await scheduledCall(organisationId)
    const picked = { db, organisationId, program, invoiceId: `${id}-2`, actor: 'Ann', now: new Date() }
    await pickInvoice(picked)
    expect(await newest(organisationId)).toMatchObject({ invoiceId: `${id}-2`, ended: 16, running: 18 })
    await scheduledCall(organisationId)
    expect(await openOfAll(customers)).toBe(18)
    // The content that was in use comes back: nothing ends.
    await pickInvoice({ ...picked, invoiceId: id })
    expect(await newest(organisationId)).toMatchObject({ invoiceId: id, ended: 0 })
  })

  it('is one organisation’s alone', async () => {
    await startSystems(customers)
    const [ours, theirs] = [await createMapped(customers), await createMapped(customers)]
    const none = { endedShare: null, totalShare: null }
    await setGuards(theirs, none)
    await scheduledCall(ours)
    await issue(without(/sub-\d-[1-8],/))
    await scheduledCall(ours)
    const writes = writesTo(connectWise).length
    expect(await newest(ours)).toMatchObject({ ended: 16, waiting: { subscriptions: 16 } })
    expect(await guardSummaries(db, theirs, program)).toEqual([])
    await scheduledCall(theirs)
    expect(await newest(theirs)).toMatchObject({ running: 0, waiting: { subscriptions: 0 } })
    expect(await newest(ours)).toMatchObject({ ended: 16, waiting: { subscriptions: 16 } })
    expect(writesTo(connectWise).length).toBeGreaterThanOrEqual(writes)
  })

  it('counts what is marked as annual now neither as ended nor as moved', async () => {
    await startSystems(customers)
    const organisationId = await createMapped(customers)
    await scheduledCall(organisationId)
    await issue((lines) =>
      lines.map((line) => (/sub-0-/.test(line) ? line.replace(/,1,MONTHS/, ',1,YEARS') : line)),
    )
    await scheduledCall(organisationId)
    expect(await newest(organisationId)).toMatchObject({
      running: 9,
      ended: 0,
      waiting: { subscriptions: 0 },
    })
    expect(await openOfAll(customers)).toBe(18)
  })
})
