import type { RunContent, RunCustomer, runDetails, ShownRun } from '#app/api/schemas/runs.ts'
import { server } from '#app/process/process.ts'
import { guardSummaries } from '#db/mappings/guard-verdicts.ts'
import { productResultsOf } from '#db/runs/product-runs.ts'
import { runProgress } from '#db/runs/run-progress.ts'
import { statusCounts } from '#db/runs/run-summaries.ts'
import { type Run, type RunItem, run, runItem, runItemHeadings, runItemsOf, runsOf } from '#db/runs/runs.ts'
import type { Status } from '#lib/billing/types.ts'

/** A run as the API shows it: moments as text. */
export const shownRun = (run: Run): ShownRun => ({
  id: run.id,
  program: run.program,
  kind: run.kind,
  trigger: run.trigger,
  actor: run.actor,
  state: run.state,
  status: run.status,
  note: run.note,
  firstPeriod: run.firstPeriod,
  lastPeriod: run.lastPeriod,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  finishedAt: run.finishedAt?.toISOString() ?? null,
})

type RunDetail = (typeof runDetails)[number]

/** A run with what it did; `null` where the organisation has none of this id. */
export async function runContent(
  organisationId: string,
  id: string,
  detail: RunDetail,
): Promise<RunContent | null> {
  const { db } = server()
  const found = await run(db, organisationId, id)
  if (found === null) return null
  const [{ doing, ...progress }, customers, products, guards] = await Promise.all([
    found.kind === 'products' ? found : runProgress(db, organisationId, id),
    customersOf(organisationId, id, detail),
    detail === 'all' ? productResultsOf(db, organisationId, id) : [],
    detail === 'progress' ? [] : guardSummaries(db, organisationId, found.program, id),
  ])
  return {
    ...shownRun(found),
    stopRequestedBy: found.stopRequestedBy,
    doing,
    progress: { done: progress.done, total: progress.total },
    counts: found.counts,
    products: products.map(({ organisationId: _, runId: __, ...product }) => product),
    customers: customers.map(shownItem),
    guards: guards.filter(({ waiting }) => waiting.subscriptions > 0),
  }
}

async function customersOf(
  organisationId: string,
  id: string,
  detail: RunDetail,
): Promise<readonly Parameters<typeof shownItem>[0][]> {
  const { db } = server()
  if (detail === 'progress') return []
  return detail === 'all' ? runItemsOf(db, organisationId, id) : runItemHeadings(db, organisationId, id)
}

/** One agreement of a run with its subscriptions; `null` where the run has none of this id. */
export async function runCustomer(
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<RunCustomer | null> {
  const item = await runItem(server().db, organisationId, runId, agreementId)
  return item === null ? null : shownItem(item)
}

const shownItem = (
  item: Omit<RunItem, 'plans' | 'begun'> & Partial<Pick<RunItem, 'plans'>>,
): RunCustomer => ({
  agreementId: item.agreementId,
  agreementName: item.agreementName,
  companyId: item.companyId,
  companyName: item.companyName,
  tenantIds: [...item.tenantIds],
  state: item.state,
  status: item.status,
  message: item.message,
  detail: item.detail,
  remedy: item.remedy,
  reference: item.reference,
  doing: item.doing,
  periods: [...(item.plans ?? [])],
})

/** Runs with what came of each in a few words, for lists. */
export async function listedRuns(
  organisationId: string,
  program: string,
  page: Parameters<typeof runsOf>[3],
): Promise<(ShownRun & { readonly summary: string })[]> {
  const { db } = server()
  const runs = await runsOf(db, organisationId, program, page)
  const customers = runs.filter(({ kind }) => kind === 'customers').map(({ id }) => id)
  const counts = await statusCounts(db, organisationId, customers)
  return runs.map((each) => ({ ...shownRun(each), summary: summaryOf(each, counts.get(each.id) ?? {}) }))
}

function summaryOf({ kind, counts }: Run, agreements: Partial<Record<Status, number>>): string {
  if (kind === 'products')
    return counts === null
      ? ''
      : `${counts.created} created, ${counts.updated} updated, ${counts.failed} failed`
  const total = Object.values(agreements).reduce((sum, each) => sum + each, 0)
  const named = (['Error', 'Warning'] as const).flatMap((status) =>
    agreements[status] === undefined ? [] : [`${agreements[status]} ${status}`],
  )
  return [`${total} ${total === 1 ? 'agreement' : 'agreements'}`, ...named].join(', ')
}
