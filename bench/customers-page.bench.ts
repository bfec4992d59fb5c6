/**
 * A page of the customers with 10,000 of them, each with three syncs behind it. Budget: at most 3 times the bare query of the
 * same rows, and 25 ms.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { customerCounts, customersPage } from '#db/mappings/customers.ts'
import { migrate } from '#db/migrate.ts'
import { programs } from '#lib/programs/registry.ts'
import { startPostgres } from '#scripts/postgres.ts'

const CUSTOMERS = 10_000
const SYNCS = 3
const ROUNDS = 15
const [{ slug: program }] = programs

const dataDir = await mkdtemp(join(tmpdir(), 'prism-pod-bench-'))
const postgres = await startPostgres({ dataDir, temporary: true })
await migrate(postgres.url)
const { db, close } = openDatabase(postgres.url)
const { id: organisation } = await createOrganisation(db, { name: 'Northwind' })
const client = new pg.Client({ connectionString: postgres.url })
await client.connect()
await client.query(
  `INSERT INTO prism_tenants (organisation_id, program, id, name, domain, status, current, seen_at)
   SELECT $1, $2, 'tenant-' || i, 'Customer ' || md5(i::text), 'customer' || i || '.example', 'Active', true, now()
   FROM generate_series(1, ${CUSTOMERS}) i`,
  [organisation, program],
)
await client.query(
  `INSERT INTO mappings (organisation_id, program, tenant_id, company_id, company_name, agreement_id, agreement_name, sync_enabled)
   SELECT $1, $2, 'tenant-' || i, i, 'Company ' || i, i, 'Microsoft CSP', i % 10 > 0
   FROM generate_series(1, ${CUSTOMERS}) i WHERE i % 20 > 0`,
  [organisation, program],
)
await client.query(
  `INSERT INTO runs (organisation_id, program, kind, trigger, actor, state, status)
   SELECT $1, $2, 'customers', 'schedule', 'Scheduled', 'finished', 'Warning' FROM generate_series(1, ${SYNCS})`,
  [organisation, program],
)
await client.query(
  `INSERT INTO run_items (organisation_id, run_id, agreement_id, program, company_id, tenant_ids, state, status, queued_at, finished_at)
   SELECT $1, r.id, i, $2, i, '[]', 'finished', CASE WHEN i % 40 = 0 THEN 'Error' ELSE 'No Change' END, now(), now()
   FROM runs r, generate_series(1, ${CUSTOMERS}) i WHERE r.organisation_id = $1`,
  [organisation, program],
)
await client.query('ANALYZE')

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Milliseconds of one round, after two that only warm up. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = -2; round < ROUNDS; round += 1) {
    const start = performance.now()
    await work()
    if (round >= 0) rounds.push(performance.now() - start)
  }
  return median(rounds)
}

const bare = await timed(() =>
  client.query(
    `SELECT t.*, m.*, count(*) OVER () FROM prism_tenants t
     LEFT JOIN mappings m ON m.organisation_id = t.organisation_id AND m.program = t.program AND m.tenant_id = t.id
     WHERE t.organisation_id = $1 AND t.program = $2 ORDER BY lower(t.name) LIMIT 50`,
    [organisation, program],
  ),
)
const pageBy = (sort: 'name' | 'state' | 'result', search = '') =>
  timed(() =>
    Promise.all([
      customersPage(db, organisation, program, {
        search,
        state: null,
        sort,
        descending: true,
        limit: 50,
        offset: 0,
      }),
      customerCounts(db, organisation, program),
    ]),
  )
const byName = await pageBy('name')
const byResult = await pageBy('result')
const searched = await pageBy('name', 'customer77')

await client.end()
await close()
await postgres.stop()
await rm(dataDir, { recursive: true, force: true })

const budget = 3 * bare + 25
const shown = { bare, 'by name': byName, 'by result': byResult, searched }
for (const [name, ms] of Object.entries(shown)) console.log(`${name}: ${ms.toFixed(0)} ms`)
console.log(`budget ${budget.toFixed(0)} ms`)
process.exitCode = Math.max(byName, byResult, searched) <= budget ? 0 : 1
