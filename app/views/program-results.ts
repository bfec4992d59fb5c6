/** What the result cards of a program say (G1). */

import { server } from '#app/process/process.ts'
import { syncingByStatus } from '#db/mappings/customers.ts'
import { lastSuccessAt, lastWholeRun, type RunKind, statusCounts } from '#db/runs/run-summaries.ts'
import type { Run } from '#db/runs/runs.ts'
import { statuses } from '#lib/billing/status.ts'
import { shownRun } from './runs.ts'

type Counts = readonly (readonly [name: string, count: number])[]

export interface Results extends Awaited<ReturnType<typeof resultsOf>> {
  /** The customers that sync by their status now; `null` for products. */
  readonly now: Counts | null
}

export async function programResults(organisationId: string, program: string) {
  const [customers, products, now] = await Promise.all([
    resultsOf(organisationId, program, 'customers'),
    resultsOf(organisationId, program, 'products'),
    customersNow(organisationId, program),
  ])
  return { customers: { ...customers, now }, products: { ...products, now: null } }
}

async function resultsOf(organisationId: string, program: string, kind: RunKind) {
  const { db } = server()
  const [successAt, last] = await Promise.all([
    lastSuccessAt(db, organisationId, program, kind),
    lastWholeRun(db, organisationId, program, kind),
  ])
  return {
    successAt: successAt?.toISOString() ?? null,
    last: last === null ? null : { ...shownRun(last), counts: await countsOf(organisationId, last) },
  }
}

const STATUSES = statuses.toReversed()

async function customersNow(organisationId: string, program: string): Promise<Counts> {
  const found = await syncingByStatus(server().db, organisationId, program)
  const waiting = found.get(null) ?? 0
  const counts = STATUSES.map((status) => [status, found.get(status) ?? 0] as const)
  return waiting === 0 ? counts : [...counts, ['Not synced yet', waiting]]
}

/** What is counted of a run, in the words and the order of its card. */
async function countsOf(organisationId: string, { id, kind, counts }: Run): Promise<Counts> {
  if (kind === 'products') {
    const { created = 0, updated = 0, unchanged = 0, failed = 0 } = counts ?? {}
    return [
      ['Failed', failed],
      ['Created', created],
      ['Updated', updated],
      ['Unchanged', unchanged],
    ]
  }
  const found = (await statusCounts(server().db, organisationId, [id])).get(id) ?? {}
  return STATUSES.map((status) => [status, found[status] ?? 0])
}
