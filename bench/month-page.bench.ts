/**
 * The page of a month with 10,000 customers of five lines each. Budget: at most 3 times the bare query, which sums the file's
 * lines by customer with where each goes, and 25 ms.
 */
import { monthPage } from '#db/months/month-page.ts'
import type { Period } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startCustomers } from './stage/customers.ts'
import { timed } from './stage/medians.ts'
import { shown } from './stage/sizes.ts'

const CUSTOMERS = 10_000
const LINES = 5
const TIMES = { rounds: 9, warmUps: 2 }
const [{ slug: program }] = programs
const month = { program, period: '2026-09' as Period, invoiceId: 'invoice-9' }

export default async function monthPageBenchmark(): Promise<Row[]> {
  await using stored = await startCustomers({ program, customers: CUSTOMERS, syncs: 1 })
  const { db, organisation, client } = stored
  await client.query(
    `INSERT INTO invoices (organisation_id, program, id, prism_invoice_id, program_name, period, state, total_cost, total_price)
     VALUES ($1, $2, 'invoice-9', 'invoice-9', '', '2026-09', 'ready', 0, 0)`,
    [organisation, program],
  )
  await client.query(
    `INSERT INTO invoice_lines (organisation_id, program, invoice_id, period, row, tenant_id, subscription_id, customer_name,
       primary_domain_name, agreement_number, offer_name, first_day, last_day, description, quantity, unit_cost, unit_price, cost, price)
     SELECT $1, $2, 'invoice-9', '2026-09', (i - 1) * $4::int + n + 1, 'tenant-' || i, 'subscription-' || i || '-' || n, '', '', '', 'Licence',
       '2026-09-01', '2026-09-30', '', 5, 8, 10, 40, 50 FROM generate_series(1, $3::int) i, generate_series(1, $4::int) n`,
    [organisation, program, CUSTOMERS, LINES],
  )
  await client.query(
    `INSERT INTO month_bills (organisation_id, program, period, agreement_id, run_id, invoice_id, newest, invoiced_cost, invoiced_price,
       taken_cost, taken_price, billed_cost, billed_price, terms, failing, waiting, tenant_ids, rows, checked_at)
     SELECT $1, $2, '2026-09', i, gen_random_uuid(), 'invoice-9', '2026-09', 200, 250, 0, 0, 200, CASE WHEN i % 40 = 1 THEN 0 ELSE 250 END,
       CASE WHEN i % 40 = 1 THEN '{"failed": {"cost": "0", "price": "250"}}'::jsonb ELSE '{}' END, CASE WHEN i % 40 = 1 THEN 1 ELSE 0 END, 0,
       ARRAY['tenant-' || i], '[]', now() FROM generate_series(1, $3::int) i WHERE i % 20 > 0 AND i % 10 > 0`,
    [organisation, program, CUSTOMERS],
  )
  await client.query('ANALYZE')

  const bare = () =>
    client.query(
      `SELECT l.tenant_id, m.agreement_id, sum(l.cost), sum(l.price) FROM invoice_lines l
       LEFT JOIN mappings m ON m.organisation_id = l.organisation_id AND m.program = l.program AND m.tenant_id = l.tenant_id
       WHERE l.organisation_id = $1 AND l.program = $2 AND l.invoice_id = 'invoice-9' GROUP BY 1, 2`,
      [organisation, program],
    )
  const pageOf = (term: string, search: string) =>
    monthPage(db, organisation, month, { search, term, state: '' }, { limit: 50, offset: 0 })
  const ms = await timed(
    {
      bare,
      all: () => pageOf('', ''),
      term: () => pageOf('failed', ''),
      searched: () => pageOf('', 'customer77'),
    },
    TIMES,
  )
  const row = (which: string, ours: number): Row => ({
    measure: `month page, ${shown(CUSTOMERS)} customers, ${which}`,
    ours,
    reference: ms.bare,
    unit: 'ms',
    budget: { times: 3, plus: 25 },
  })
  return [row('all', ms.all), row('of a term', ms.term), row('searched', ms.searched)]
}
