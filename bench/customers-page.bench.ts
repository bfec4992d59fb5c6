/**
 * A page of the customers with 10,000 of them, each with three syncs behind it. Budget: at most 3 times the bare query of the
 * same rows, and 25 ms.
 */
import { customersPage } from '#db/mappings/customers-page.ts'
import { pointSummaries } from '#db/mappings/point-summaries.ts'
import { programs } from '#lib/programs/registry.ts'
import type { Row } from '#scripts/bench-table.ts'
import { startCustomers } from './stage/customers.ts'
import { timed } from './stage/medians.ts'
import { shown } from './stage/sizes.ts'

const CUSTOMERS = 10_000
const SYNCS = 3
const TIMES = { rounds: 15, warmUps: 2 }
const [{ slug: program }] = programs

export default async function customersPageBenchmark(): Promise<Row[]> {
  await using stored = await startCustomers({ program, customers: CUSTOMERS, syncs: SYNCS })
  const { db, organisation, client } = stored

  const bare = () =>
    client.query(
      `SELECT t.*, m.*, count(*) OVER () FROM prism_tenants t
       LEFT JOIN mappings m ON m.organisation_id = t.organisation_id AND m.program = t.program AND m.tenant_id = t.id
       WHERE t.organisation_id = $1 AND t.program = $2 ORDER BY lower(t.name) LIMIT 50`,
      [organisation, program],
    )
  const pageBy = async (sort: 'name' | 'state' | 'result', search: string) => {
    const { rows } = await customersPage(db, organisation, program, {
      search,
      state: null,
      sort,
      descending: true,
      limit: 50,
      offset: 0,
    })
    const inTrouble = rows.flatMap(({ state, mapping }) =>
      state === 'attention' ? (mapping?.agreementId ?? []) : [],
    )
    return pointSummaries(db, organisation, program, inTrouble)
  }
  const ms = await timed(
    {
      bare,
      byName: () => pageBy('name', ''),
      byResult: () => pageBy('result', ''),
      searched: () => pageBy('name', 'customer77'),
    },
    TIMES,
  )

  const row = (which: string, ours: number): Row => ({
    measure: `customers page, ${shown(CUSTOMERS)} customers, ${which}`,
    ours,
    reference: ms.bare,
    unit: 'ms',
    budget: { times: 3, plus: 25 },
  })
  return [row('by name', ms.byName), row('by result', ms.byResult), row('searched', ms.searched)]
}
