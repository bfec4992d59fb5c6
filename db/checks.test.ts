/** What the database itself demands of its rows, whoever writes them. */
import { randomUUID } from 'node:crypto'
import { getTableColumns, getTableName, is, type SQL, sql } from 'drizzle-orm'
import { type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { periodPattern } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { type OpenDatabase, openDatabase } from './client.ts'
import { createOrganisation } from './directory/organisations.ts'
import { noteFitness, unfitSpans } from './mappings/unfit-spans.ts'
import * as schema from './schema.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let open: OpenDatabase
let organisationId: string
/** By `table.column`, each of one column. */
let checks: Map<string, string[]>

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  const { rows } = await open.pool.query<{ column: string; demands: string }>(`
    SELECT t.relname || '.' || a.attname AS column, pg_get_constraintdef(c.oid) AS demands
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'c' AND c.convalidated AND cardinality(c.conkey) = 1 AND t.relnamespace = 'public'::regnamespace`)
  checks = new Map(
    [...Map.groupBy(rows, ({ column }) => column)].map(([column, of]) => [
      column,
      of.map(({ demands }) => demands),
    ]),
  )
})
afterAll(async () => {
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
})

const columns: readonly (readonly [name: string, column: PgColumn])[] = Object.values(schema)
  .filter((each) => is(each, PgTable))
  .flatMap((table) =>
    Object.values<PgColumn>(getTableColumns(table)).map(
      (column) => [`${getTableName(table)}.${column.name}`, column] as const,
    ),
  )
/** The name of the constraint that refuses it; `null` where it is taken. */
const refusedBy = async (statement: SQL): Promise<string | null> =>
  open.db.execute(statement).then(
    () => null,
    (error: Error & { readonly cause?: { readonly constraint?: string } }) =>
      error.cause?.constraint ?? error.message,
  )

describe('a column', () => {
  it('with a list of values holds one of these very values and nothing else', () => {
    const listed = columns.filter(([, { enumValues }]) => enumValues !== undefined)
    expect(listed.length).toBeGreaterThan(35)
    for (const [name, { enumValues }] of listed) {
      const demanded = (checks.get(name) ?? []).map((demands) =>
        [...demands.matchAll(/'([^']*)'::text/g)].map(([, value]) => value),
      )
      expect(demanded, name).toContainEqual(enumValues)
    }
  })

  it('that says what state, status or kind a row has has such a list, PRISM’s own words aside', () => {
    const says =
      /(^|_|\.)(state|status|kind|outcome|trigger|role|format|motion|mode|question|answer|begin|end|what)$/
    const free = columns.filter(
      ([name, { columnType, enumValues }]) =>
        columnType === 'PgText' && says.test(name) && enumValues === undefined,
    )
    expect(free.map(([name]) => name)).toEqual(['prism_tenants.status', 'prism_subscriptions.status'])
  })

  it('that holds a month holds a calendar month, and one that may hold a word only such words', () => {
    const months = columns.filter(
      ([name]) => /[._]period$/.test(name) || name === 'subscription_starts.starts',
    )
    expect(months.length).toBeGreaterThan(12)
    for (const [name] of months)
      expect(checks.get(name)?.join(), name).toContain(`~ '${periodPattern.source}'::text`)
    const words = months.filter(([name]) => checks.get(name)?.join().includes(' OR '))
    expect(words.map(([name]) => name)).toEqual(['changes.period', 'subscription_starts.starts'])
  })

  it('that holds a subscription’s id holds it in lower case [F5]', () => {
    const ids = columns.filter(
      ([name]) => name.endsWith('.subscription_id') || name === 'prism_subscriptions.id',
    )
    expect(ids.length).toBeGreaterThan(10)
    for (const [name] of ids) expect(checks.get(name)?.join(), name).toContain('lower(')
  })

  it('of JSON is parsed when it is read; of these, whoever reads the row knows what to parse', () => {
    const stored = columns.filter(([, column]) => column.getSQLType() === 'jsonb')
    expect(stored.length).toBeGreaterThan(20)
    const takesAnything = stored.filter(([, column]) => {
      try {
        column.mapFromDriverValue({ odd: 1 })
        return true
      } catch {
        return false
      }
    })
    expect(takesAnything.map(([name]) => name).sort()).toEqual([
      'audit_events.detail',
      'company_readings.reading',
      'connections.settings',
      'digests.digest',
      'month_bills.rows',
      'product_previews.plan',
      // Of another version it is `null`: made anew from the plans.
      'run_items.points',
      'run_periods.plan',
      'shared_reads.value',
      'told.told',
    ])
  })
})

describe('the database refuses', () => {
  const invoice = (id: string, period: string, state = 'held') => sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state)
    VALUES (${organisationId}, ${program}, ${id}, ${id}, '', ${period}, ${state})`
  const line = (of: { period?: string; row?: number; subscriptionId?: string; first?: string }) => sql`
    INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, subscription_id, customer_name,
      primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
    VALUES (${organisationId}, ${program}, '1', ${of.period ?? '2026-09'}, ${of.row ?? 2}, ${of.subscriptionId ?? 'sub-1'}, '', '', '',
      '', ${of.first ?? '2026-09-01'}, '2026-09-30', '', 1, 1, 1, 1, 1)`
  const run = (kind: string, state: string, finishedAt: Date | null = null) => sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, finished_at)
    VALUES (${organisationId}, ${program}, ${kind}, 'hand', 'Ann', ${state}, ${finishedAt})`
  const change = (runId: string, round: number | null, position: number | null) => sql`
    INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, round, position, subscription_id,
      lease_token, kind, intent, outcome)
    VALUES (${organisationId}, ${program}, 1, ${runId}, '2026-09', '1', ${round}, ${position}, '', ${runId}, 'create', '{}', 'done')`

  it('a month that is none, a state that is none, and a second invoice of a month in use [F1]', async () => {
    expect(await refusedBy(invoice('1', '2026-13'))).toBe('invoices_period_month')
    expect(await refusedBy(invoice('1', '2026-9'))).toBe('invoices_period_month')
    expect(await refusedBy(invoice('1', '2026-09', 'Ready'))).toBe('invoices_state_known')
    expect(await refusedBy(invoice('1', '2026-09', 'ready'))).toBeNull()
    expect(await refusedBy(invoice('2', '2026-09', 'ready'))).toBe('invoices_one_ready')
  })

  it('a line of another month than its invoice’s, outside the file, or that ends before it begins', async () => {
    await open.db.execute(invoice('1', '2026-09'))
    expect(await refusedBy(line({ period: '2026-08' }))).toBe('invoice_lines_invoice')
    expect(await refusedBy(line({ row: 0 }))).toBe('invoice_lines_row_ordinal')
    expect(await refusedBy(line({ first: '2026-10-01' }))).toBe('invoice_lines_days')
    expect(await refusedBy(line({ subscriptionId: 'SUB-1' }))).toBe('invoice_lines_subscription_id_lower')
    expect(await refusedBy(line({ subscriptionId: 'é-ß-σ' }))).toBeNull()
    await expect(
      open.db.execute(sql`UPDATE invoices SET period = '2026-08' WHERE organisation_id = ${organisationId}`),
    ).rejects.toThrow()
  })

  it('a planned change that is begun twice, in whatever process [docs/applying.md, "Writes"]', async () => {
    const runId = randomUUID()
    expect(await refusedBy(change(runId, 1, 0))).toBeNull()
    expect(await refusedBy(change(runId, 1, 0))).toBe('changes_one_of_plan')
    expect(await refusedBy(change(runId, 2, 0))).toBeNull()
    expect(await refusedBy(change(randomUUID(), 1, 0))).toBeNull()
    // The catalog's own writes have no place in a plan.
    expect(await refusedBy(change(runId, null, null))).toBeNull()
    expect(await refusedBy(change(runId, null, null))).toBeNull()
  })

  it('a second open run over a program’s products, and a run that ended at no time', async () => {
    expect(await refusedBy(run('products', 'running'))).toBeNull()
    expect(await refusedBy(run('products', 'queued'))).toBe('runs_one_of_products')
    expect(await refusedBy(run('customers', 'queued'))).toBeNull()
    expect(await refusedBy(run('customers', 'queued'))).toBeNull()
    expect(await refusedBy(run('products', 'finished'))).toBe('runs_finished')
    expect(await refusedBy(run('products', 'finished', new Date()))).toBeNull()
  })

  it('an answer without what it answers, and a skipped month that nobody skipped', async () => {
    const answer = (said: string, subscriptionId: string | null, endsOn: string | null) => sql`
      INSERT INTO addition_answers (organisation_id, program, agreement_id, addition_id, answer, subscription_id, ends_on, answered_by)
      VALUES (${organisationId}, ${program}, 1, 1, ${said}, ${subscriptionId}, ${endsOn}, 'Ann')`
    expect(await refusedBy(answer('subscription', null, null))).toBe('addition_answers_subscription')
    expect(await refusedBy(answer('ends', null, null))).toBe('addition_answers_end')
    expect(await refusedBy(answer('stays', null, '2026-09-30'))).toBe('addition_answers_end')
    expect(await refusedBy(answer('stays', null, null))).toBeNull()
    const skipped = sql`
      INSERT INTO period_states (organisation_id, program, subscription_id, period, tenant_id, agreement_id, invoice_id, state)
      VALUES (${organisationId}, ${program}, 'sub-1', '2026-09', 't', 1, '1', 'skipped')`
    expect(await refusedBy(skipped)).toBe('period_states_by')
  })
})

it('An agreement that two readings find unfit at once is unfit once', async () => {
  const unfit = { isUnfit: true, nextInvoiceDate: null }
  await Promise.all(Array.from({ length: 8 }, () => noteFitness(open.db, organisationId, 1, unfit)))
  expect(await unfitSpans(open.db, organisationId, 1)).toHaveLength(1)
})
