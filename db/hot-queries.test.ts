/**
 * What a look, a sync and a page ask PostgreSQL is answered from an index, whatever other organisations and other months have
 * (E1, I2). Each query is planned and run on filled tables, and the pages of the database that it touched are counted.
 */
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { addition } from '#lib/billing/testing/factories.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import { createTestDatabase, type TestDatabase } from '../scripts/testing/test-database.ts'
import { type Database, type OpenDatabase, openDatabase } from './client.ts'
import {
  changesOfItem,
  changesOfMonths,
  claimedAdditionIds,
  ownedAdditions,
  unsettledChanges,
} from './ledger/changes.ts'
import { creationOfItem } from './ledger/created-items.ts'
import { nextInvoiceDates, readingsOf, writesSettledSince } from './ledger/readings.ts'
import { customerOf } from './mappings/customers.ts'
import { lastingGroups, lastingOfCauses, lastingSums } from './mappings/lasting-points.ts'
import { mappingsOfAgreement, mappingsOfCompany } from './mappings/mappings.ts'
import { mutesNow } from './mappings/mutes.ts'
import { openPointGroups, openPointsOfCauses, openQuestions } from './mappings/open-points.ts'
import { monthsNotPlanned, periodStatesOf } from './mappings/period-states.ts'
import { placesOf } from './mappings/places.ts'
import { foundAgreements, foundCompanies } from './mappings/search.ts'
import { startsOfTenant } from './mappings/subscription-starts.ts'
import { skippedMonths } from './mappings/unbilled-months.ts'
import { besidePlan, billsAndNewest, billsOfAgreement, staysOn } from './months/bills.ts'
import { closingsOf } from './months/closings.ts'
import { billedIn } from './months/month-page.ts'
import { claimMessage, forgetDigests, lastMessages, nextDue } from './notices/outbox.ts'
import { auditEventsAbout, auditEventsOf } from './people/audit.ts'
import { latestLines, linesElsewhere, subscriptionsOnInvoices, usage } from './prism/invoice-lines.ts'
import { invoicedOf } from './prism/invoiced-of.ts'
import { productsOfTenant } from './prism/invoices.ts'
import { claimsOf, invoicesOfOwner, openLinesOf } from './prism/line-claims.ts'
import { invoicesWithUnassignedLines } from './prism/loaded-lines.ts'
import { openLineGroups } from './prism/open-line-items.ts'
import { productsNamed } from './prism/products.ts'
import { foundInvoices, foundProducts, foundSubscriptions, foundTenants } from './prism/search.ts'
import { subscriptionsOfTenants } from './prism/tenants.ts'
import { itemsWithoutWords, searchItems } from './runs/found-in-runs.ts'
import { lastProductRun, unfinishedProductRun } from './runs/product-runs.ts'
import { type MonthKey, roundsOf, roundsOfMonths } from './runs/run-periods.ts'
import { lastSuccessAt, lastWholeRun } from './runs/run-summaries.ts'
import { busyAgreements, lastFinishedItem, runsOf, unfinishedItem } from './runs/runs.ts'
import { foundRuns } from './runs/search.ts'
import { agreementsToRead } from './runs/shared-reads.ts'
import { requestStopOfProgram } from './runs/stops.ts'
import { monthsOfPlaces, syncedMonths, syncsOfCustomer } from './runs/synced-months.ts'
import { soughtOf } from './sought.ts'
import { refreshStatistics } from './statistics.ts'

const program = 'microsoft-csp'
const ORGANISATIONS = 2
const CUSTOMERS = 2000
const MONTHS = 12
/** Eight pages for each month. An organisation's lines alone have more in any of their indexes. */
const PAGES = 96
const latest = { id: 'invoice-12', period: '2026-12' as Period }

let database: TestDatabase
let open: OpenDatabase
/** Notes what it is asked. */
let db: Database
let asked: { readonly query: string; readonly params: unknown[] }[] = []
let organisationId: string
let runId: string
/** Of runs and agreements of these numbers. */
let someMonths: MonthKey[] = []
/** Tables that are small in any deployment may be read through. */
let large: ReadonlySet<string>

beforeAll(async () => {
  database = await createTestDatabase()
  open = openDatabase(database.url)
  await withoutAutovacuum()
  await fill()
  await refreshStatistics(open.db)
  const { rows } = await open.pool.query<{ organisation_id: string; id: string }>(
    "SELECT organisation_id, id FROM runs WHERE state = 'running' ORDER BY organisation_id LIMIT 1",
  )
  organisationId = rows[0]?.organisation_id ?? ''
  runId = rows[0]?.id ?? ''
  someMonths = [7, 8, 9].map((agreementId) => ({ runId, agreementId, period: '2026-12' as Period }))
  const { rows: tables } = await open.pool.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) >= 15 * 8192",
  )
  large = new Set(tables.map(({ relname }) => relname))
  db = drizzle({
    client: open.pool,
    logger: { logQuery: (query, params) => asked.push({ query, params }) },
  }) as unknown as Database
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

const fill = async (): Promise<void> => {
  const kept = addition(1, '2026-01-01')
  const intent = { kind: 'keep', reason: { rule: 'unchanged' }, additionId: kept.id, addition: kept }
  const each = sql`organisations o, generate_series(1, ${sql.raw(`${CUSTOMERS}`)}) n`
  const monthly = sql`${each}, generate_series(1, ${sql.raw(`${MONTHS}`)}) m, LATERAL (SELECT '2026-' || lpad(m::text, 2, '0') AS period) p`
  const month = sql`(period || '-01')::date`
  for (const statement of [
    sql`INSERT INTO organisations (public_id, name) SELECT 'o-' || n, 'Organisation' FROM generate_series(1, ${ORGANISATIONS}) n`,
    sql`INSERT INTO products (organisation_id, program, product_id, sku, name, unit_cost, unit_price, current, seen_at)
      SELECT o.id, ${program}, 'Product-' || n, 'SKU-' || n, 'Licence ' || n || ' (NCE Product)', 8, 10, true, now() FROM ${each}`,
    sql`INSERT INTO prism_tenants (organisation_id, program, id, name, domain, status, current, seen_at)
      SELECT o.id, ${program}, 't-' || n, 'Customer ' || n, 'customer' || n || '.example', 'Active', true, now() FROM ${each}`,
    sql`INSERT INTO prism_subscriptions (organisation_id, program, id, tenant_id, product_id, product_name, display_template, current, seen_at)
      SELECT o.id, ${program}, 's-' || n, 't-' || n, 'Product-' || n, 'Licence', 'Licence', true, now() FROM ${each}`,
    sql`INSERT INTO mappings (organisation_id, program, tenant_id, company_id, agreement_id, sync_enabled)
      SELECT o.id, ${program}, 't-' || n, n, n, true FROM ${each}`,
    sql`INSERT INTO subscription_starts (organisation_id, program, agreement_id, subscription_id, starts)
      SELECT o.id, ${program}, n, 's-' || n, '2026-01' FROM ${each}`,
    sql`INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state)
      SELECT o.id, ${program}, 'invoice-' || m, 'invoice-' || m, '', '2026-' || lpad(m::text, 2, '0'), 'ready'
      FROM organisations o, generate_series(1, ${MONTHS}) m`,
    sql`INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, tenant_id, subscription_id, customer_name,
        primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
      SELECT o.id, ${program}, 'invoice-' || m, period, n + 1, CASE WHEN n % 100 > 0 THEN 't-' || n END, 's-' || n, '', '', '',
        'Licence', ${month}, ${month} + interval '1 month - 1 day', '', 5, 8, 10, 40, 50 FROM ${monthly}`,
    sql`INSERT INTO period_states (organisation_id, program, subscription_id, period, tenant_id, agreement_id, invoice_id, state)
      SELECT o.id, ${program}, 's-' || n, period, 't-' || n, n, 'invoice-' || m, 'good' FROM ${monthly}`,
    sql`INSERT INTO readings (organisation_id, agreement_id, first_read_at, last_read_at, next_invoice_date, additions)
      SELECT o.id, n, now(), now(), '2027-01-01', '[]' FROM ${each}`,
    sql`INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status, created_at, finished_at)
      SELECT o.id, ${program}, CASE WHEN n % 2 = 0 THEN 'products' ELSE 'customers' END, 'hand', 'Ann',
        'finished', CASE WHEN n % 5 = 0 THEN 'Warning' ELSE 'Success' END, now() - n * interval '1 hour', now() - n * interval '1 hour'
      FROM ${each}`,
    sql`INSERT INTO runs (organisation_id, program, kind, trigger, actor, state)
      SELECT id, ${program}, 'customers', 'schedule', 'Scheduled', 'running' FROM organisations`,
    sql`INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, company_name, tenant_ids, state, status,
        queued_at, finished_at, points, words)
      SELECT o.id, r.id, n, ${program}, n, 'Company ' || n, '[]', 'finished', 'Success', r.created_at, now(), '[]',
        'company ' || n || ' sub-' || n || '- unable to sync'
      FROM ${monthly} JOIN LATERAL (
        SELECT id, created_at FROM runs WHERE organisation_id = o.id AND kind = 'customers' AND state = 'finished'
        ORDER BY created_at DESC OFFSET m LIMIT 1) r ON true`,
    sql`INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, tenant_ids, state)
      SELECT r.organisation_id, r.id, n, ${program}, n, '[]', CASE WHEN n > 5 THEN 'queued' ELSE 'running' END
      FROM runs r, generate_series(1, 50) n WHERE r.state = 'running'`,
    sql`INSERT INTO run_periods (organisation_id, run_id, agreement_id, period, round, invoice_id, format, plan, known_addition_ids)
      SELECT organisation_id, run_id, agreement_id, '2026-12', 1, '1', 'outcome', '{}', '[]' FROM run_items
      WHERE agreement_id < 200`,
    sql`INSERT INTO changes (organisation_id, program, agreement_id, run_id, period, invoice_id, round, position, subscription_id,
        lease_token, kind, intent, outcome, addition_id, settled_at)
      SELECT organisation_id, program, agreement_id, run_id, '2026-12', '1', 1, 0, '', run_id,
        CASE WHEN agreement_id % 100 = 0 THEN 'createCatalogItem' ELSE 'create' END,
        ${JSON.stringify({ ...intent, sku: 'SKU-1' })}::jsonb, CASE WHEN state = 'finished' THEN 'done' ELSE 'pending' END, 1, now()
      FROM run_items`,
    sql`INSERT INTO month_bills (organisation_id, program, period, agreement_id, run_id, invoice_id, newest, invoiced_cost, invoiced_price,
        taken_cost, taken_price, billed_cost, billed_price, terms, failing, waiting, tenant_ids, rows, checked_at)
      SELECT o.id, ${program}, period, n, gen_random_uuid(), 'invoice-' || m, period, 40, 50, 0, 0, 40, 50, '{}', 0, 0, ARRAY['t-' || n], '[]', now()
      FROM ${monthly}`,
    // One in two hundred waits for a person, and one in a hundred has a month skipped.
    sql`INSERT INTO waiting_subscriptions (organisation_id, program, agreement_id, ordinal, run_id, period, subscription_id, tenant_id,
        question, invoiced_price, billed_price, kind, cause, severity, amount, asks, addition_id)
      SELECT o.id, ${program}, n, 0, gen_random_uuid(), '2026-12', 's-' || n, 't-' || n, 'late', 50, 0, 'late', 'late/2026-12', 'warning', 50,
        NULL, NULL FROM ${each} WHERE n % 200 = 0`,
    sql`INSERT INTO lasting_points (organisation_id, program, agreement_id, ordinal, cause, tenant_id, subscription_id, product, period,
        amount, message, detail, remedy)
      SELECT o.id, ${program}, n, 0, 'ignored/annual', 't-' || n, 's-' || n, 'Visio', '2026-12', 50, '', '', '' FROM ${each} WHERE n % 200 = 0`,
    sql`INSERT INTO mutes (organisation_id, program, tenant_id, cause, amount, reason, until, muted_by, ended_at, ended_as)
      SELECT o.id, ${program}, 't-' || n, 'ignored/annual', 50, '', '2030-01-01', 'Ann', CASE WHEN n > 3 THEN now() END,
        CASE WHEN n > 3 THEN 'unmuted' END FROM ${each}`,
    sql`UPDATE period_states SET state = 'skipped', by = 'Ann' WHERE period = '2026-01' AND subscription_id LIKE 's-%00'`,
    sql`INSERT INTO digests (organisation_id, program, currency, digest) SELECT o.id, ${program}, 'AUD', '{}' FROM ${each}`,
    sql`INSERT INTO messages (organisation_id, digest_id, program, channel, recipient, state, due_at, ended_at)
      SELECT d.organisation_id, d.id, ${program}, 'mail', 'a-' || a || '@northwind.example',
        CASE WHEN a = 1 THEN 'queued' ELSE 'sent' END, now(), CASE WHEN a = 1 THEN NULL ELSE now() END
      FROM digests d, generate_series(1, 10) a`,
    sql`INSERT INTO audit_events (organisation_id, at, actor, action, subject)
      SELECT o.id, now() - n * interval '1 hour', 'Ann', 'map-customer', 't-' || n FROM ${each}`,
  ])
    await open.db.execute(statement)
}

/** So that nobody but the product has the tables analysed. */
const withoutAutovacuum = async (): Promise<void> => {
  const { rows } = await open.pool.query<{ name: string }>(
    "SELECT quote_ident(relname) AS name FROM pg_stat_user_tables WHERE schemaname = 'public'",
  )
  for (const { name } of rows) await open.pool.query(`ALTER TABLE ${name} SET (autovacuum_enabled = false)`)
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Node[]
}
interface Explained extends Node {
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
}

const scannedIn = (node: Node): string[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []),
  ...(node.Plans ?? []).flatMap(scannedIn),
]

/** What all queries of `ask` read: whole tables, and pages. */
const readBy = async (ask: (db: Database) => PromiseLike<unknown>) => {
  asked = []
  await ask(db)
  let pages = 0
  const scanned: string[] = []
  expect(asked).not.toEqual([])
  for (const { query, params } of asked) {
    const { rows } = await open.pool.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Explained }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${query}`,
      params,
    )
    const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? expect.fail('PostgreSQL explains nothing')
    scanned.push(...scannedIn(plan).filter((table) => large.has(table)))
    pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
  }
  return { scanned, pages }
}

const queries: Readonly<Record<string, (db: Database) => PromiseLike<unknown>>> = {
  'a look: invoices with lines that have no customer': (of) =>
    invoicesWithUnassignedLines(of, organisationId, program),
  'a look: agreements that are busy': (of) => busyAgreements(of, organisationId, program),
  'a look: the run over products that is open': (of) => unfinishedProductRun(of, organisationId, program),
  'a look: the last run over products': (of) => lastProductRun(of, organisationId, program),
  'telling: the next message': (of) =>
    claimMessage(of, organisationId, { now: new Date(0), deadBefore: new Date(0) }),
  'telling: when the next one is due': (of) => nextDue(of, organisationId, 1),
  'telling: digests to forget': (of) => forgetDigests(of, organisationId, new Date(0), 500),
  'telling: questions that are open': (of) => openQuestions(of, organisationId, program),
  'a page: the last message to each address': (of) =>
    lastMessages(of, organisationId, program, 'mail', ['a-7@northwind.example']),
  'a look: months of a customer': (of) => periodStatesOf(of, organisationId, program, ['t-7']),
  'a sync: lines of a customer': (of) => usage(of, organisationId, program, latest, ['t-7']),
  'a sync: subscriptions of a customer on every invoice': (of) =>
    subscriptionsOnInvoices(of, organisationId, program, ['t-7']),
  'a sync: latest lines of subscriptions': (of) =>
    latestLines(
      of,
      organisationId,
      program,
      [subscriptionKey('s-7'), subscriptionKey('s-8')],
      '2026-11-30' as Day,
    ),
  'a sync: lines that are counted elsewhere': (of) =>
    linesElsewhere(of, organisationId, program, latest.id, [subscriptionKey('s-7')], ['t-8']),
  'a sync: what is contested': (of) => claimsOf(of, organisationId, program, latest.id, ['t-7']),
  'a sync: products by id, SKU and name': (of) =>
    productsNamed(of, organisationId, program, {
      idsOrSkus: ['product-7', ' SKU-8'],
      names: ['Licence 9', 'Licence 10'],
    }),
  'a sync: subscriptions of a customer': (of) => subscriptionsOfTenants(of, organisationId, program, ['t-7']),
  'a sync: mappings of an agreement': (of) => mappingsOfAgreement(of, organisationId, program, 7),
  'a sync: readings of an agreement': (of) => readingsOf(of, organisationId, 7, '2026-01-01' as Day),
  'a sync: writes since a reading': (of) =>
    writesSettledSince(of, organisationId, program, 7, new Date(Date.now() - 60_000)),
  'a sync: our additions': (of) => ownedAdditions(of, organisationId, program, 7),
  'a sync: additions that are claimed': (of) => claimedAdditionIds(of, organisationId, program, 7),
  'a sync: writes without an outcome': (of) => unsettledChanges(of, organisationId, program, 7),
  'a sync: the creation of a product': (of) =>
    creationOfItem(of, organisationId, program, 'sku-2', { mark: new Date().toISOString(), unseenMs: 0 }),
  'a sync: agreements to read for a run': (of) =>
    agreementsToRead(of, organisationId, runId, 7, { maxAgeMs: 60_000, most: 100 }),
  'a page: an agreement’s last sync': (of) => lastFinishedItem(of, organisationId, program, 7),
  'a page: an agreement’s sync under way': (of) => unfinishedItem(of, organisationId, program, 7),
  'a page: the months of an agreement': (of) => syncedMonths(of, organisationId, program, 7),
  'a page: one of them': (of) => syncedMonths(of, organisationId, program, 7, '2026-04' as Period),
  'a page: months of a customer, wherever it was': (of) =>
    monthsOfPlaces(
      of,
      organisationId,
      program,
      [
        { agreementId: 7, from: null, until: null },
        { agreementId: 8, from: null, until: '2026-04' as Period },
      ],
      { limit: 12, offset: 0 },
    ),
  'a page: plans of several months': (of) => roundsOfMonths(of, organisationId, someMonths),
  'a page: writes of several months': (of) => changesOfMonths(of, organisationId, someMonths),
  'a page: how far agreements are invoiced': (of) => nextInvoiceDates(of, organisationId, [7, 8]),
  'a page: what customers are invoiced': (of) => invoicedOf(of, organisationId, program, ['t-7']),
  'a page: syncs of a customer': (of) =>
    syncsOfCustomer(of, organisationId, program, { tenantId: 't-7', agreementIds: [7, 8] }, 50),
  'a page: what people did about a customer': (of) =>
    auditEventsAbout(of, organisationId, { program, tenantId: 't-7', agreementIds: [7, 8] }, 50),
  'a page: plans of an agreement in a run': (of) => roundsOf(of, organisationId, { runId, agreementId: 7 }),
  'a page: writes of an agreement in a run': (of) =>
    changesOfItem(of, organisationId, { runId, agreementId: 7 }),
  'a page: a customer': (of) => customerOf(of, organisationId, program, 't-7'),
  'a page: mappings of a company': (of) => mappingsOfCompany(of, organisationId, program, 7),
  'a page: products of a customer': (of) => productsOfTenant(of, organisationId, program, 't-7'),
  'a page: where a customer’s subscriptions begin': (of) =>
    startsOfTenant(of, organisationId, program, 7, 't-7'),
  'a page: history': (of) => runsOf(of, organisationId, program, { limit: 50, offset: 0 }),
  'a page: history of products': (of) =>
    runsOf(of, organisationId, program, { kind: 'products', limit: 50, offset: 0 }),
  'a page: syncs in which a customer is found': (of) =>
    searchItems(of, organisationId, program, { search: 'Company 1777', limit: 51, offset: 0 }),
  'a page: syncs in which a subscription is found': (of) =>
    searchItems(of, organisationId, program, { search: 'sub-1777-', limit: 51, offset: 0 }),
  'a page: syncs in which what all of them say is found': (of) =>
    searchItems(of, organisationId, program, { search: 'unable to sync', limit: 51, offset: 0 }),
  'a page: syncs that no search finds yet': (of) => itemsWithoutWords(of, organisationId, program, 200),
  'a page: the last success': (of) => lastSuccessAt(of, organisationId, program, 'customers'),
  'a page: the last sync of the whole program': (of) => lastWholeRun(of, organisationId, program, 'products'),
  'a page: lines that are nobody’s': (of) => openLinesOf(of, organisationId, program, [latest.id]),
  'a page: invoices with open lines of a subscription': (of) =>
    invoicesOfOwner(of, organisationId, program, subscriptionKey('s-100')),
  'a page: what stays, by cause': (of) =>
    lastingGroups(of, organisationId, program, {
      agreementIds: null,
      without: [{ tenantId: 't-1', cause: 'ignored/annual' }],
    }),
  'a pod: what stays of an agreement': (of) =>
    lastingOfCauses(
      of,
      organisationId,
      program,
      { agreementIds: [200], without: [] },
      { causes: ['ignored/annual'], limit: 3, offset: 0 },
    ),
  'a sync: what stays of a customer': (of) => lastingSums(of, organisationId, program, ['t-200']),
  'a page: what is muted': (of) => mutesNow(of, organisationId, program, new Date(0)),
  'a page: what waits, by cause': (of) => openPointGroups(of, organisationId, program, null),
  'a page: what waits of an agreement': (of) =>
    openPointsOfCauses(of, organisationId, program, [200], { causes: ['late/2026-12'], limit: 3, offset: 0 }),
  'a yes: months that are not planned': (of) => monthsNotPlanned(of, organisationId, program, [100, 200]),
  'a page: skipped months of an agreement': (of) => {
    const skipped = skippedMonths(of, organisationId, program, 'skipped', [100])
    return Promise.all([skipped.totals(), skipped.page({ limit: 3, offset: 0 })])
  },
  'a page: lines that are nobody’s, by subscription': (of) =>
    openLineGroups(of, organisationId, program, { agreementIds: null, limit: 3, offset: 0 }),
  'searching: a customer': (of) => foundTenants(of, organisationId, program, soughtOf('mer 1999'), 9),
  'searching: a customer that is not there': (of) =>
    foundTenants(of, organisationId, program, soughtOf('relecloud'), 9),
  'searching: a company': (of) => foundCompanies(of, organisationId, program, soughtOf('1999'), 9),
  'searching: an agreement': (of) => foundAgreements(of, organisationId, program, soughtOf('1999'), 9),
  'searching: a subscription': (of) => foundSubscriptions(of, organisationId, program, soughtOf('s-1999'), 9),
  'searching: a product': (of) => foundProducts(of, organisationId, program, soughtOf('sku-1999'), 9),
  'searching: an invoice': (of) =>
    foundInvoices(of, organisationId, program, { text: 'invoice-12', months: [] }, 9),
  'searching: a run by its id': (of) =>
    foundRuns(of, organisationId, program, { text: runId, months: [] }, 9),
  'a page: which company’s an agreement is': (of) => placesOf(of, organisationId, program, [7, 8]),
  'a page: what people did': (of) =>
    auditEventsOf(
      of,
      organisationId,
      { search: '', action: '', from: null, until: null },
      { limit: 50, before: null },
    ),
  'a sync: months of an agreement in the index': (of) => billsOfAgreement(of, organisationId, program, 7),
  'a sync: some of them, and the newest': (of) =>
    billsAndNewest(of, organisationId, program, 7, [latest.period]),
  'a sync: what a month’s plan does not tell': (of) =>
    besidePlan(of, organisationId, program, { agreementId: 7, period: latest.period, invoiceId: latest.id }, [
      's-7',
    ]),
  'a sync: whose months an agreement has': (of) => staysOn(of, organisationId, program, 7),
  'a page: how often a month was closed': (of) => closingsOf(of, organisationId, program, latest.period),
  'a page: what was billed the month before': (of) =>
    billedIn(of, organisationId, program, latest.period, [7, 8]),
  'a stop: runs that are open': (of) => requestStopOfProgram(of, organisationId, program, 'Ann'),
}

/** Pages in which the index of words lists the rows that have a part of a word which all have. */
const WORD = 150

/** Where more is found, it may be in as many pages: 50 agreements, 20 lines of nobody's in each month, the months of a second agreement, customers of 10 questions. */
const found: Readonly<Record<string, number>> = {
  'a sync: agreements to read for a run': 50,
  'a page: months of a customer, wherever it was': 3 * MONTHS,
  'telling: questions that are open': (3 * CUSTOMERS) / 200,
  'a page: lines that are nobody’s, by subscription': 20 * MONTHS,
  'a page: syncs in which a customer is found': 2 * WORD,
  'a page: syncs in which a subscription is found': WORD,
}

describe(`Of ${ORGANISATIONS} organisations with ${CUSTOMERS} customers and ${MONTHS} months each`, () => {
  for (const [what, ask] of Object.entries(queries))
    it(`${what}: no table is read through, and few pages of an index [E1][I2]`, async () => {
      const { scanned, pages } = await readBy(ask)
      expect(scanned).toEqual([])
      expect(pages).toBeLessThanOrEqual(PAGES + (found[what] ?? 0))
    })
})
