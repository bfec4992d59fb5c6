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
import { storeMonth } from './stage/month.ts'
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
  const { invoiceId, period } = month
  await storeMonth(client, { organisation, program, customers: CUSTOMERS, lines: LINES, invoiceId, period })

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
