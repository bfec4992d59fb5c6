/** What is true now, read from what syncs, looks and product syncs store. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putOpenPoints } from '#db/mappings/waiting.ts'
import { type NewAgreementFinding, putAgreementFindings } from '#db/notices/agreement-findings.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { OpenPoint } from '#lib/billing/open-points.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import { situationOf } from './situation.ts'

const program = 'microsoft-csp'
let database: TestDatabase
let open: OpenDatabase
let organisationId: string

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
})
afterAll(async () => {
  await open.close()
  await database.drop()
})
beforeEach(async () => {
  organisationId = (await createOrganisation(open.db, { name: 'Northwind' })).id
})

const run = async (kind: 'customers' | 'products', status: string): Promise<string> => {
  const { rows } = await open.db.execute<{ id: string }>(sql`
    INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status, finished_at)
    VALUES (${organisationId}, ${program}, ${kind}, 'schedule', 'Sync', 'finished', ${status}, now()) RETURNING id`)
  return rows[0]?.id ?? ''
}
/** A finished sync of agreement 7, which a customer syncs. */
const synced = async (status: string, message: string | null = null): Promise<string> => {
  const runId = await run('customers', status)
  await open.db.execute(sql`
    INSERT INTO mappings (organisation_id, program, tenant_id, company_id, company_name, agreement_id, sync_enabled)
    VALUES (${organisationId}, ${program}, 't-7', 1, 'Coho', 7, true) ON CONFLICT DO NOTHING`)
  await open.db.execute(sql`
    INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, tenant_ids, state, status, message, finished_at)
    VALUES (${organisationId}, ${runId}, 7, ${program}, 1, '["t-7"]', 'finished', ${status}, ${message}, now())`)
  return runId
}
const finding = (changes: Partial<NewAgreementFinding>): NewAgreementFinding => ({
  kind: 'error',
  period: '2026-09' as Period,
  tenantId: 't-7',
  subscriptionId: subscriptionKey('S-1'),
  product: 'Microsoft 365 E3',
  code: 'connectwise-refused',
  message: 'ConnectWise returned an error response: Locked',
  remedy: 'Unlock it.',
  amount: '10.5' as Money,
  ...changes,
})
const put = (runId: string, ...found: NewAgreementFinding[]) =>
  putAgreementFindings(open.db, organisationId, program, { runId, agreementId: 7 }, found)
const now = async (at = '2026-10-03T00:00:00Z') => {
  const { facts, working } = await situationOf(open.db, organisationId, program, new Date(at))
  return {
    working: [...working],
    facts: facts.map(({ kind, cause, customer, subject, amount }) => ({
      kind,
      cause,
      customer,
      subject,
      amount,
    })),
  }
}

it('finds errors and price warnings of the last sync, several months of one summed, under the customer’s name [G4]', async () => {
  await open.db.execute(sql`
    INSERT INTO prism_tenants (organisation_id, program, id, name, domain, status, current, seen_at)
    VALUES (${organisationId}, ${program}, 't-7', 'Coho Winery', 'coho.example', 'Active', true, now())`)
  const runId = await synced('Error')
  const price = 'Subscription cost unit price changed from 5.00 to 6.00 on 01 Sep 2026'
  await put(
    runId,
    finding({}),
    finding({ period: '2026-10' as Period }),
    finding({ kind: 'price', code: 'cost-price-changed', message: price }),
  )
  const of = { customer: 'Coho Winery', subject: 'Microsoft 365 E3' }
  expect(await now()).toEqual({
    working: [],
    facts: [
      { ...of, kind: 'error', cause: 'ConnectWise returned an error response: Locked', amount: '21' },
      { ...of, kind: 'price', cause: price, amount: '10.5' },
    ],
  })
})

it('takes nothing that an earlier sync found for true now [G4]', async () => {
  await put(await synced('Error'), finding({}))
  await synced('Success')
  expect(await now()).toEqual({ working: ['7'], facts: [] })
})

it('says why an agreement failed as a whole, and something where nothing says why [G4]', async () => {
  await synced('Error', 'ConnectWise could not be reached.')
  expect((await now()).facts).toMatchObject([
    { kind: 'error', cause: 'ConnectWise could not be reached.', customer: 'Coho' },
  ])
  await synced('Error')
  const { facts } = await situationOf(open.db, organisationId, program, new Date('2026-10-03T00:00:00Z'))
  expect(facts.map(({ kind, cause, remedy }) => [kind, cause, remedy])).toEqual([
    [
      'error',
      'The sync ended with an error.',
      'Open the sync: it says what failed, and what to do about it.',
    ],
  ])
  await synced('Warning', 'Stopped by clerk@northwind.example')
  expect(await now()).toEqual({ working: [], facts: [] })
})

it('leaves out an agreement whose Sync is off, with what waits of it [J4]', async () => {
  const runId = await synced('Error', 'ConnectWise could not be reached.')
  await waits(runId)
  await open.db.execute(
    sql`UPDATE mappings SET sync_enabled = false WHERE organisation_id = ${organisationId}`,
  )
  expect(await now()).toEqual({ working: [], facts: [] })
})

const point = (changes: Partial<OpenPoint> = {}): OpenPoint => ({
  asksLine: null,
  stillWrong: '',
  kind: 'guard',
  cause: 'guard',
  severity: 'warning',
  question: 'guard',
  tenantId: 't-7',
  subscriptionId: subscriptionKey('S-1'),
  product: 'Microsoft 365 E3',
  from: '2026-09' as Period,
  to: '2026-10' as Period,
  invoiced: '10' as Money,
  billed: '22' as Money,
  amount: '12' as Money,
  message: '',
  detail: '',
  remedy: '',
  asks: null,
  asksBilled: null,
  ...changes,
})
const waits = (runId: string) =>
  putOpenPoints(open.db, organisationId, program, { runId, agreementId: 7, isPlanned: true }, [
    point(),
    // An error is told of as one, whatever list it stands on.
    point({
      kind: 'failed',
      cause: 'failed',
      question: null,
      severity: 'error',
      subscriptionId: subscriptionKey('S-2'),
    }),
  ])

it('finds what waits for a person once, subscriptions and invoices [J4]', async () => {
  await waits(await synced('Warning'))
  await open.db.execute(sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, reason, total_price, detected_at)
    VALUES (${organisationId}, ${program}, 'i-9', 'i-9', '', '2026-09', 'held', 'Two invoices of the month.', 120.50, now())`)
  expect((await now()).facts).toMatchObject([
    { kind: 'waits', amount: '12', subject: 'Microsoft 365 E3' },
    { kind: 'waits', cause: 'Two invoices of the month.', customer: 'Invoice i-9', amount: '120.5' },
  ])
})

const skips = (period: string) =>
  open.db.execute(sql`
    INSERT INTO period_states (organisation_id, program, subscription_id, period, tenant_id, agreement_id, invoice_id, state, by, updated_at)
    VALUES (${organisationId}, ${program}, 's-1', ${period}, 't-7', 7, 'i-9', 'skipped', 'clerk@northwind.example', now() + interval '1 second')`)

it('finds what a person has skipped since no more, and still what nobody has [J4, F12]', async () => {
  await waits(await synced('Warning'))
  await skips('2026-08')
  expect((await now()).facts).toHaveLength(1)
  await skips('2026-09')
  expect((await now()).facts).toEqual([])
})

it('finds what a person has confirmed since no more, and still what was confirmed before [J4, F18]', async () => {
  await waits(await synced('Warning'))
  const confirmed = (at: string) =>
    open.db.execute(sql`
      INSERT INTO confirmations (organisation_id, program, agreement_id, subscription_id, period, question, invoice_id, confirmed_by, confirmed_at)
      VALUES (${organisationId}, ${program}, 7, 's-1', '2026-09', 'guard', 'i-9', 'clerk@northwind.example', ${at})
      ON CONFLICT ON CONSTRAINT confirmations_pk DO UPDATE SET confirmed_at = excluded.confirmed_at`)
  await confirmed('2026-01-01T00:00:00Z')
  expect((await now()).facts).toHaveLength(1)
  await confirmed('2100-01-01T00:00:00Z')
  expect((await now()).facts).toEqual([])
})

it('finds products that failed in the last product sync, and that it works again [G4]', async () => {
  const failed = await run('products', 'Error')
  await open.db.execute(sql`
    INSERT INTO product_results (organisation_id, run_id, sku, name, status, what, message)
    VALUES (${organisationId}, ${failed}, 'SKU-1', 'E3', 'Error', 'failed', 'There are multiple products')`)
  expect(await now()).toMatchObject({
    working: [],
    facts: [{ kind: 'error', cause: 'There are multiple products', customer: 'Products', subject: 'E3' }],
  })
  await run('products', 'Success')
  expect(await now()).toEqual({ working: ['products'], facts: [] })
})

it('finds the invoice late by when the earlier ones came, credits aside [J4]', async () => {
  await open.db.execute(sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, detected_at)
    VALUES (${organisationId}, ${program}, 'i-8', 'i-8', '', '2026-08', 'ready', '2026-09-02T08:00:00Z'),
      (${organisationId}, ${program}, 'credit', 'credit', '', '2026-09', 'ignored', '2026-10-01T08:00:00Z')`)
  expect((await now('2026-10-05T23:00:00Z')).facts).toEqual([])
  expect((await now('2026-10-06T00:00:00Z')).facts).toMatchObject([
    {
      kind: 'late',
      cause: 'The October invoice for September 2026 usage is late: it was expected by 5 Oct 2026.',
    },
  ])
})

it('finds what else stands in the inbox, by group: a person who wants in, once [J4, B6]', async () => {
  await open.db.execute(sql`
    INSERT INTO users (organisation_id, email, role, waiting_since)
    VALUES (${organisationId}, 'new@northwind.example', 'viewer', now())`)
  expect((await now()).facts).toMatchObject([{ kind: 'waits', customer: 'To do' }])
})

it('finds terms that end within 30 days, with what they cost [J12]', async () => {
  await open.db.execute(sql`
    INSERT INTO prism_subscriptions (organisation_id, program, id, tenant_id, product_id, product_name, display_template,
      listed_quantity, first_purchased, current, seen_at)
    VALUES (${organisationId}, ${program}, 's-1', 't-7', 'p-1', 'Microsoft 365 E3', 'Licence', 4, '2025-10-20', true, now()),
      (${organisationId}, ${program}, 's-2', 't-7', 'p-1', 'Microsoft 365 E3', 'Licence', 4, '2025-12-20', true, now())`)
  const invoiceId = crypto.randomUUID()
  await open.db.execute(sql`
    INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, content_hash, line_count)
    VALUES (${organisationId}, ${program}, ${invoiceId}, '1', 'Microsoft CSP Indirect', '2026-09', 'ready', 'h', 2)`)
  for (const [row, id] of ['s-1', 's-2'].entries())
    await open.db.execute(sql`
      INSERT INTO invoice_lines (organisation_id, program, invoice_id, row, period, tenant_id, subscription_id, customer_name,
        primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price,
        cost, price, billing_cycle, term_duration, term_unit)
      VALUES (${organisationId}, ${program}, ${invoiceId}, ${row + 1}, '2026-09', 't-7', ${id}, 'Coho', 'coho.example', '1',
        'Microsoft 365 E3', '2026-09-01', '2026-09-30', '', 4, 8, 10.5, 32, 42, 'Monthly', '1', 'YEARS')`)
  expect((await now()).facts).toEqual([
    {
      kind: 'renewal',
      cause: 'Terms end within 30 days.',
      customer: 'Coho',
      subject: 'Microsoft 365 E3, until 19 Oct 2026',
      amount: '42',
    },
  ])
})
