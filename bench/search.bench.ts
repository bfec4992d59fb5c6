/**
 * The search box with 10,000 customers and 100,000 subscriptions, all kinds at once as one search asks for them. Budget: at most 3
 * times the bare query of one customer by its key, and 50 ms.
 */
import { foundAgreements, foundCompanies } from '#db/mappings/search.ts'
import { foundInvoices, foundProducts, foundSubscriptions, foundTenants } from '#db/prism/search.ts'
import { foundRuns } from '#db/runs/search.ts'
import { soughtOf } from '#db/sought.ts'
import { refreshStatistics } from '#db/statistics.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startCustomers } from './stage/customers.ts'
import { timed } from './stage/medians.ts'
import { shown } from './stage/sizes.ts'

const CUSTOMERS = 10_000
const SUBSCRIPTIONS = 100_000
const TIMES = { rounds: 15, warmUps: 2 }
const MOST = 9
const [{ slug: program }] = programs

export default async function searchBenchmark(): Promise<Row[]> {
  await using stored = await startCustomers({ program, customers: CUSTOMERS, syncs: 1 })
  const { db, organisation, client } = stored
  await client.query(
    `INSERT INTO prism_subscriptions (organisation_id, program, id, tenant_id, product_id, product_name, display_template, current, seen_at)
     SELECT m.organisation_id, m.program, gen_random_uuid()::text, m.tenant_id, 'P-' || n, 'Microsoft 365 Licence ' || n, '', true, now()
     FROM mappings m, generate_series(1, $3::int) n WHERE m.organisation_id = $1 AND m.program = $2`,
    [organisation, program, SUBSCRIPTIONS / CUSTOMERS],
  )
  await refreshStatistics(db)
  const { rows } = await client.query<{ id: string; tenant_id: string }>(
    'SELECT id, tenant_id FROM prism_subscriptions WHERE organisation_id = $1 ORDER BY id LIMIT 1',
    [organisation],
  )
  const [{ id: subscription, tenant_id: tenant } = { id: '', tenant_id: '' }] = rows

  const search = (text: string) => {
    const sought = soughtOf(text)
    const by = [db, organisation, program, sought, MOST] as const
    const named = [db, organisation, program, { text, months: [] }, MOST] as const
    return Promise.all([
      foundTenants(...by),
      foundCompanies(...by),
      foundAgreements(...by),
      foundSubscriptions(...by),
      foundProducts(...by),
      foundInvoices(...named),
      foundRuns(...named),
    ])
  }
  const ms = await timed(
    {
      bare: () =>
        client.query('SELECT * FROM prism_tenants WHERE organisation_id = $1 AND program = $2 AND id = $3', [
          organisation,
          program,
          tenant,
        ]),
      id: () => search(subscription),
      part: () => search(subscription.slice(0, 8)),
      one: () => search('omer 77'),
      common: () => search('customer'),
      everywhere: () => search('microsoft 365'),
      short: () => search('mi'),
      nothing: () => search('relecloud'),
    },
    TIMES,
  )
  const { bare, ...asked } = ms
  return Object.entries(asked).map(([which, ours]) => ({
    measure: `search, ${shown(CUSTOMERS)} customers, ${shown(SUBSCRIPTIONS)} subscriptions, ${which}`,
    ours,
    reference: bare,
    unit: 'ms',
    budget: { times: 3, plus: 50 },
  }))
}
