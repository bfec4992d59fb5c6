import type { RunAgreement, RunContent, runDetails, ShownRun } from '#app/api/schemas/runs.ts'
import type { Reply } from '#app/contracts/table.ts'
import { server } from '#app/process/process.ts'
import { guardSummaries } from '#db/mappings/guard-verdicts.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { openLinesOf } from '#db/prism/line-claims.ts'
import { productResultsOf } from '#db/runs/product-runs.ts'
import { runProgress } from '#db/runs/run-progress.ts'
import { statusCounts } from '#db/runs/run-summaries.ts'
import { type Run, type RunItem, run, runItem, runItemsOf, runsOf } from '#db/runs/runs.ts'
import { isZeroPair, pair } from '#lib/billing/decimal.ts'
import { type FoundOn, runCausesOf } from '#lib/billing/run-causes.ts'
import type { Status } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { storeFound } from '#lib/sync/found-in-runs.ts'

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
  undoes: run.undoes,
  setsBack: run.setsBack !== null,
})

const PAGE_SIZE = 50

/** A page of the program's runs, the newest first; `page` counts from 1. */
export async function runsPage(
  organisationId: string,
  program: string,
  { kind, page }: { readonly kind: Run['kind'] | undefined; readonly page: number },
): Promise<Reply<'GET /api/runs'>> {
  const runs = await runsOf(server().db, organisationId, program, {
    ...(kind === undefined ? {} : { kind }),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  return { runs: runs.map(shownRun), page, pageSize: PAGE_SIZE }
}

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
  const [{ doing, ...progress }, items, products, guards, unclaimed] = await Promise.all([
    found.kind === 'products' ? found : runProgress(db, organisationId, id),
    detail === 'progress' ? [] : runItemsOf(db, organisationId, id),
    detail === 'all' ? productResultsOf(db, organisationId, id) : [],
    detail === 'progress' ? [] : guardSummaries(db, organisationId, found.program, id),
    detail === 'progress' ? [] : unclaimedIn(organisationId, found),
  ])
  return {
    ...shownRun(found),
    stopRequestedBy: found.stopRequestedBy,
    doing,
    progress: { done: progress.done, total: progress.total },
    counts: found.counts,
    products: products.map(({ organisationId: _, runId: __, ...product }) => product),
    customers: await agreementsOf(organisationId, items, detail),
    causes: runCausesOf(await foundOn(organisationId, items)),
    guards: guards.filter(({ waiting }) => waiting.subscriptions > 0),
    unclaimed,
  }
}

/** Of the invoices that its months have now. */
async function unclaimedIn(
  organisationId: string,
  { program, firstPeriod, lastPeriod }: Run,
): Promise<RunContent['unclaimed']> {
  const { db } = server()
  if (firstPeriod === null || lastPeriod === null) return []
  const ready = (await readyInvoices(db, organisationId, program)).filter(
    ({ period }) => period >= firstPeriod && period <= lastPeriod,
  )
  const ids = ready.map(({ id }) => id)
  const open = ids.length === 0 ? [] : await openLinesOf(db, organisationId, program, ids, 1)
  return ready.flatMap(({ id: invoiceId, period }) => {
    const of = open.find((each) => each.invoiceId === invoiceId)
    return of === undefined || isZeroPair(pair(of.unclaimed))
      ? []
      : [{ invoiceId, period, amount: of.unclaimed }]
  })
}

async function agreementsOf(
  organisationId: string,
  items: readonly RunItem[],
  detail: RunDetail,
): Promise<RunAgreement[]> {
  if (detail !== 'all') return items.map((item) => shownItem(item, []))
  const shown: RunAgreement[] = []
  for (const item of items) shown.push(shownItem(item, await outcomesOf(server().db, organisationId, item)))
  return shown
}

/** What the syncs of agreements found; of one that an earlier version finished it is read once more. */
async function foundOn(organisationId: string, items: readonly RunItem[]): Promise<FoundOn[]> {
  const found: FoundOn[] = []
  for (const item of items.filter(({ status }) => status === 'Error' || status === 'Warning')) {
    const { agreementId, agreementName, companyName, tenantIds } = item
    const points = item.points ?? (await storeFound(server().db, organisationId, item))
    found.push({ agreementId, agreementName, companyName, tenantIds, points })
  }
  return found
}

/** One agreement of a run with its subscriptions; `null` where the run has none of this id. */
export async function runAgreement(
  organisationId: string,
  runId: string,
  agreementId: number,
): Promise<RunAgreement | null> {
  const { db } = server()
  const item = await runItem(db, organisationId, runId, agreementId)
  return item === null ? null : shownItem(item, await outcomesOf(db, organisationId, item))
}

const shownItem = (item: RunItem, periods: PeriodOutcome[]): RunAgreement => ({
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
  periods,
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
