/**
 * What the pages show of an organisation, in a form that does not depend on how it is stored: the history, each run with its
 * agreements, months and subscriptions, the agreements' pods, customers and invoices.
 */
import type { RunAgreement, RunContent } from '#app/api/schemas/runs.ts'
import { server } from '#app/process/process.ts'
import { agreementContent } from '#app/views/agreement-content.ts'
import { customersFound } from '#app/views/customers.ts'
import { shownInvoices } from '#app/views/invoices.ts'
import { programResults } from '#app/views/program-results.ts'
import { listedRuns, runContent } from '#app/views/runs.ts'
import { explainChange, explainReason } from '#lib/billing/explain.ts'
import type { Amount, Change, Finding, Reconciliation } from '#lib/billing/types.ts'
import type { ChangeOutcome, PeriodOutcome, SubscriptionOutcome } from '#lib/ledger/outcome.ts'

const program = 'microsoft-csp'

/** All that is shown of one organisation; the process's database is the one that is asked. */
export const shownOf = async (organisationId: string) => {
  const listed = await listedRuns(organisationId, program, { limit: 1000, offset: 0 })
  const runs = []
  for (const { id, summary } of listed) {
    const content = await runContent(organisationId, id, 'all')
    if (content !== null) runs.push({ summary, ...shownRun(content) })
  }
  const { customers } = await customersFound(organisationId, program, {
    search: '',
    state: '',
    sort: 'name',
    page: 1,
  })
  const agreementIds = [...new Set(customers.flatMap(({ mapping }) => mapping?.agreementId ?? []))]
  const principal = {
    organisationId,
    role: 'owner',
    actor: 'Ann',
    via: 'hand',
    userId: null,
    pod: null,
  } as const
  const pods = []
  for (const id of agreementIds) pods.push(shownPod(await agreementContent(principal, id)))
  return {
    runs,
    pods,
    customers,
    invoices: await shownInvoices(organisationId, program),
    results: await programResults(organisationId, program),
  }
}

export const closeShown = (): Promise<void> => server().close()

const shownRun = ({ customers, progress, doing: _, ...run }: RunContent) => ({
  ...run,
  // How far it came is told only while it goes on.
  ...(run.state === 'finished' ? {} : { progress }),
  customers: customers.map(shownCustomer),
})

const shownCustomer = ({ periods, doing: _, ...customer }: RunAgreement) => ({
  ...customer,
  periods: periods.map(shownPeriod),
})

const shownPod = (content: Awaited<ReturnType<typeof agreementContent>>) => {
  if (content.state === 'unmapped') return content
  const { result, ...pod } = content
  return {
    ...pod,
    result: result && {
      ...result,
      periods: result.periods.map((plan) => shownPeriod(plan as PeriodOutcome)),
    },
  }
}

const shownPeriod = (plan: PeriodOutcome) => ({
  period: plan.period,
  invoiceId: plan.invoiceId,
  findings: plan.findings.map(shownFinding),
  catalogItems: plan.appliedCatalogItems.map(shownApplied),
  ignored: plan.ignored.map(
    ({ subscriptionId, reason, amount }) => `${subscriptionId} ${reason} ${amounts(amount)}`,
  ),
  totals: shownSum(plan.totals),
  subscriptions: plan.subscriptions.map(shownSubscription),
})

const shownSubscription = (row: SubscriptionOutcome) => ({
  what: [row.kind, row.subscriptionId, row.tenantId, row.product.sku, row.product.name].join(' | '),
  status: row.status,
  findings: row.findings.map(shownFinding),
  steps: [
    row.quantityBefore,
    ...row.steps.map(({ first, last, quantity }) => `${first}..${last} ${quantity}`),
  ],
  invoiced: amounts(row.invoiced),
  billed: amounts(row.billed),
  sum: shownSum(row.reconciliation),
  planned: row.changes.map(shownChange),
  ...(row.waits && { waits: [row.waits.question, ...row.waits.changes.map(shownChange)] }),
  applied: row.applied.map(shownApplied),
})

const amounts = ({ cost, price }: Amount): string => `${cost} ${price}`

/** The terms that are not zero. */
const shownSum = ({ terms = {}, ...rest }: Reconciliation): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...rest, ...terms })
      .filter(([, { cost, price }]) => Number(cost) !== 0 || Number(price) !== 0)
      .map(([name, amount]) => [name, amounts(amount)]),
  )

const shownFinding = ({ severity, code, message, detail, remedy, additionIds, asks = [] }: Finding): string =>
  [severity, code, message, detail, remedy, additionIds.join(','), ...asks.map(values)].join(' | ')

const shownApplied = ({ change, outcome, additionId, message }: ChangeOutcome): string =>
  [outcome, additionId, shownChange(change), message].filter((each) => each !== null).join(' | ')

const shownChange = (change: Change): string =>
  [explainChange(change), explainReason(change.reason), valuesOf(change)].join(' | ')

/** In an order of its own, whatever the order in which they were stored. */
const values = (record: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** Every value that is written, or stays. */
const valuesOf = (change: Change): string => {
  switch (change.kind) {
    case 'create':
      return [change.addition, ...change.lots].map(values).join(' ')
    case 'end':
      return `${change.additionId} ${change.cancelledDate}`
    case 'update':
      return `${change.additionId} ${values(change.set)}`
    case 'delete':
      return `${change.additionId}`
    case 'createCatalogItem':
      return `${change.sku} ${change.identifier} ${change.unitCost} ${change.unitPrice}`
    case 'keep': {
      const { addition } = change
      return `${addition.serialNumber} ${addition.unitCost} ${addition.unitPrice}`
    }
  }
}
