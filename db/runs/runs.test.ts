/** A run of many agreements: it is stored whatever their number, and the end of one costs the same among 1,000 as among 100. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrganisation } from '#db/directory/organisations.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import { noteAttempt, putMapping } from '#db/mappings/mappings.ts'
import { deletePeriodStates, periodStatesOf, putPeriodStates } from '#db/mappings/period-states.ts'
import { productsNamed } from '#db/prism/products.ts'
import {
  foreignSubscriptions,
  storeTenants,
  subscriptionsOfTenants,
  tenantsByIds,
} from '#db/prism/tenants.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { addition } from '#lib/billing/testing/factories.ts'
import type { Period } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { type Database, type OpenDatabase, openDatabase } from '../client.ts'
import { noteItemProgress, noteUnlessStopped, runProgress } from './run-progress.ts'
import { statusCounts } from './run-summaries.ts'
import { createRun, finishRunWhereDone, run, runItem, updateUnfinishedItem } from './runs.ts'
import { requestStop } from './stops.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let opened: OpenDatabase
let db: Database
let organisationId: string
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
  db = opened.db
  organisationId = (await createOrganisation(db, { name: 'Northwind' })).id
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const runOf = async (agreements: number): Promise<string> => {
  const items = Array.from({ length: agreements }, (_, at) => ({
    agreementId: at + 1,
    agreementName: 'Microsoft CSP',
    companyId: at + 1,
    companyName: `Company ${at + 1}`,
    tenantIds: [`tenant-${at + 1}`],
  }))
  const made = { program, kind: 'customers', trigger: 'schedule', actor: 'Scheduled' } as const
  return (await createRun(db, organisationId, made, items)).id
}

/** Rows of a table, and of its plans that are too long for its own pages, that `work` reads; what an index holds is not counted. */
const rowsRead = (table: string, work: (tx: Database) => Promise<unknown>) =>
  db.transaction(async (tx) => {
    // A table of a test is small enough to be read whole; what is asked here is whether an index answers.
    await tx.execute(sql`SET LOCAL enable_seqscan = off`)
    // The counts also have what the connection did before.
    const before = await read(tx, table)
    await work(tx)
    const after = await read(tx, table)
    return { own: after.own - before.own, toast: after.toast - before.toast }
  })

const read = async (tx: Database, table: string): Promise<{ own: number; toast: number }> => {
  const { rows } = await tx.execute<{ own: number; toast: number }>(sql`
    SELECT
      (SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_all_tables WHERE relid = ${table}::regclass)::int AS own,
      (SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_all_tables
        WHERE relid = (SELECT reltoastrelid FROM pg_class WHERE oid = ${table}::regclass))::int AS toast`)
  return rows[0] ?? expect.fail('PostgreSQL counts nothing')
}

const finished = (id: string, agreementId: number, period: Period, status: 'Success' | 'Warning') =>
  updateUnfinishedItem(db, organisationId, id, agreementId, {
    state: 'finished',
    status,
    firstPeriod: period,
    lastPeriod: period,
    finishedAt: new Date(),
  })

describe('a run of many agreements', () => {
  it('is stored whole, however many they are [E1][I2]', async () => {
    const id = await runOf(8000)
    expect(await runProgress(db, organisationId, id)).toEqual({ done: 0, total: 8000, doing: null })
    expect(await runItem(db, organisationId, id, 8000)).toMatchObject({
      state: 'queued',
      tenantIds: ['tenant-8000'],
    })
  })

  it('costs the end of one the same among 1,000 as among 100 [docs/architecture.md, "Budgets"]', async () => {
    const counted: { readonly own: number; readonly toast: number }[] = []
    for (const agreements of [100, 1000]) {
      const id = await runOf(agreements)
      await db.execute(
        sql`UPDATE run_items SET state = 'finished', status = 'Success', finished_at = now() WHERE run_id = ${id} AND agreement_id <= ${agreements / 2}`,
      )
      await db.execute(sql`VACUUM ANALYZE run_items`)
      counted.push(await rowsRead('run_items', (tx) => finishRunWhereDone(tx, organisationId, id)))
      expect((await run(db, organisationId, id))?.state).toBe('queued')
    }
    for (const each of counted) {
      expect(each.own).toBeLessThanOrEqual(1)
      expect(each.toast).toBe(0)
    }
  })

  it('reads of the ledger only what one agreement did in the period [docs/architecture.md, "Budgets"]', async () => {
    const intent = {
      kind: 'keep',
      reason: { rule: 'unchanged' },
      additionId: 7,
      addition: addition(1, '2026-05-01'),
    }
    const counted: unknown[] = []
    for (const agreements of [100, 1000]) {
      const runId = randomUUID()
      await db.execute(sql`
        INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, subscription_id, lease_token,
                             kind, intent, known_addition_ids, outcome)
        SELECT ${organisationId}, ${program}, agreement, ${runId}, period, '1', 's', gen_random_uuid(),
               kind, ${JSON.stringify(intent)}::jsonb, '[]', outcome
        FROM generate_series(1, ${agreements}::int) AS agreement, (VALUES ('2026-04'), ('2026-05')) AS periods(period),
             (VALUES ('create', 'done'), ('keep', 'done'), ('end', 'refused')) AS kinds(kind, outcome)`)
      await db.execute(sql`VACUUM ANALYZE changes`)
      const of = { runId, agreementId: 7, period: '2026-05' as Period }
      const found = await changesOfItem(db, organisationId, of)
      expect(found.map(({ kind, period, agreementId }) => [kind, period, agreementId])).toEqual([
        ['create', '2026-05', 7],
        ['keep', '2026-05', 7],
        ['end', '2026-05', 7],
      ])
      counted.push(await rowsRead('changes', (tx) => changesOfItem(tx, organisationId, of)))
    }
    expect(counted).toEqual([
      { own: 3, toast: 0 },
      { own: 3, toast: 0 },
    ])
  })

  it('ends with the worst status and the first and the last period, when the last one has ended [G2]', async () => {
    const id = await runOf(3)
    await finished(id, 2, '2026-05' as Period, 'Warning')
    await finished(id, 1, '2026-03' as Period, 'Success')
    expect(await finishRunWhereDone(db, organisationId, id)).toBe(false)
    await updateUnfinishedItem(db, organisationId, id, 3, {
      state: 'finished',
      status: 'No Change',
      finishedAt: new Date(),
    })
    expect(await finishRunWhereDone(db, organisationId, id)).toBe(true)
    expect(await run(db, organisationId, id)).toMatchObject({
      state: 'finished',
      status: 'Warning',
      firstPeriod: '2026-03',
      lastPeriod: '2026-05',
    })
  })

  it('says how far it is and what one of them is doing [G5]', async () => {
    const id = await runOf(2)
    await finished(id, 1, '2026-03' as Period, 'Success')
    await noteItemProgress(db, organisationId, id, 2, { passed: 0, planned: 7 })
    const item = { runId: id, agreementId: 2, tenantIds: [] }
    await noteUnlessStopped(db, organisationId, program, item, { passed: 2, doing: 'Create 5' })
    expect(await runProgress(db, organisationId, id)).toEqual({
      done: 1,
      total: 2,
      doing: 'Company 2: Create 5',
    })
    // A second month, planned when the first is done.
    await noteItemProgress(db, organisationId, id, 2, { passed: 5, planned: 3 })
    expect(await runItem(db, organisationId, id, 2)).toMatchObject({ changesDone: 7, changesTotal: 10 })
  })

  it('notes no next step where it was asked to stop, or a customer does not sync there any more [F16]', async () => {
    const id = await runOf(1)
    const item = { runId: id, agreementId: 1, tenantIds: ['tenant-1', 'tenant-2'] }
    const note = (of = item) =>
      noteUnlessStopped(db, organisationId, program, of, { passed: 1, doing: 'Create 5' })
    const map = (tenantId: string, agreementId: number, syncEnabled: boolean) =>
      putMapping(db, organisationId, program, tenantId, { companyId: 1, agreementId, syncEnabled })
    await map('tenant-1', 1, true)
    await map('tenant-2', 1, true)
    expect(await note()).toBe(true)
    await map('tenant-2', 1, false)
    expect(await note()).toBe(false)
    await map('tenant-2', 7, true)
    expect(await note()).toBe(false)
    expect(await note({ ...item, tenantIds: ['tenant-1'] })).toBe(true)
    await requestStop(db, organisationId, id, 'Ann')
    expect(await note({ ...item, tenantIds: ['tenant-1'] })).toBe(false)
    expect(await runItem(db, organisationId, id, 1)).toMatchObject({ doing: 'Create 5', changesDone: 2 })
  })

  it('keeps what a sync said of an agreement where its job is given up afterwards [F10]', async () => {
    const id = await runOf(1)
    await finished(id, 1, '2026-03' as Period, 'Success')
    await updateUnfinishedItem(db, organisationId, id, 1, { status: 'Error', message: 'given up' })
    expect(await runItem(db, organisationId, id, 1)).toMatchObject({ status: 'Success', message: null })
  })
})

describe('a list', () => {
  it('may be longer than the parameters that PostgreSQL takes [E1]', async () => {
    const ids = Array.from({ length: 70_000 }, (_, at) => `tenant-${at}`)
    const of = [db, organisationId, program] as const
    await storeTenants(...of, [
      {
        id: 'tenant-1',
        customerId: '',
        customerName: 'Coho',
        domain: 'coho.example',
        status: '',
        subscriptions: [],
        keptSubscriptions: [],
      },
    ])
    const good = { agreementId: 1, period: '2026-04' as Period, invoiceId: '1', state: 'good' } as const
    await putPeriodStates(...of, good, [
      { subscriptionId: subscriptionKey('s'), tenantId: 'tenant-1', linesHash: '' },
    ])
    expect(await tenantsByIds(...of, ids)).toHaveLength(1)
    expect(await periodStatesOf(...of, ids)).toHaveLength(1)
    expect(await subscriptionsOfTenants(...of, ids)).toEqual([])
    expect(await foreignSubscriptions(...of, ids.map(subscriptionKey), ids)).toEqual({
      foreign: [],
      moved: [],
    })
    expect(await productsNamed(...of, { idsOrSkus: ids, names: ids })).toEqual([])
    expect(
      await statusCounts(
        db,
        organisationId,
        ids.map(() => organisationId),
      ),
    ).toEqual(new Map())
    await noteAttempt(...of, 1, ids, {
      invoiceId: null,
      lookAgainAt: null,
      lookingSince: null,
      readAt: new Date(),
      seen: [],
    })
    await deletePeriodStates(...of, 1, ids)
    expect(await periodStatesOf(...of, ['tenant-1'])).toEqual([])
  })
})
