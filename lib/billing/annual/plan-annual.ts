/**
 * The plan of annual invoices for a One-Time agreement (J9; docs/billing-rules.md, "Annual invoices"): one addition a line, so that
 * the additions of an invoice sum to its total to the cent. A synchronous pure function like `plan`, with plans of the same kind.
 */
import { badTotal } from '../bad-lines.ts'
import { periodOf } from '../days.ts'
import { pair, sumPairs, zeroPair } from '../decimal.ts'
import * as months from '../findings.ts'
import { skuKey } from '../keys.ts'
import { changesOf } from '../plan.ts'
import { newCatalogItem, productLookup } from '../products.ts'
import { reconcileFailed, reconcileIgnored, totalReconciliation } from '../reconcile.ts'
import { simulate } from '../simulate.ts'
import type {
  BadLine,
  CreateCatalogItemChange,
  Finding,
  IgnoredLine,
  PeriodPlan,
  Plan,
  SubscriptionPlan,
} from '../types.ts'
import * as findings from './annual-findings.ts'
import { annualGroups } from './annual-groups.ts'
import { rowsOf } from './annual-rows.ts'
import { type AnnualInvoice, type AnnualSituation, inOrder, isDue } from './annual-situation.ts'
import { isBilledBy, turnsByLine } from './carried.ts'
import { type KnownLines, knownLines } from './known-lines.ts'
import { type IdentifiedLine, identified, identityKey } from './line-identity.ts'
import { billingDay } from './one-time-bill.ts'
import { oneTimeUnfitness } from './one-time-rules.ts'

/** Plans every invoice of the situation, oldest first, each on the simulated result of the one before. */
export const planAnnual = (situation: AnnualSituation): Plan => {
  const known = knownLines(situation)
  const first = planInOrder(situation, known, new Set())
  const { periods } = first.periods.some(asksForCredit)
    ? // A credit may have come on an earlier invoice than what it takes back.
      planInOrder(situation, known, billedIn(first.after))
    : first
  return { agreementId: situation.agreement.id, periods }
}

/** @param billed keys of lines that are billed once all of it is written, as far as that is known */
const planInOrder = (
  situation: AnnualSituation,
  known: KnownLines,
  billed: ReadonlySet<string>,
): { readonly periods: PeriodPlan[]; readonly after: AnnualSituation } => {
  const periods: PeriodPlan[] = []
  let after = situation
  for (const invoice of inOrder(situation.invoices)) {
    const planned = planInvoice(after, invoice, known, billed)
    periods.push(planned)
    const { additions, owned, catalog } = after
    after = { ...after, ...simulate({ additions, owned, catalog }, changesOf(planned)) }
  }
  return { periods, after }
}

const asksForCredit = ({ subscriptions }: PeriodPlan): boolean =>
  subscriptions.some(({ askedLines = [] }) => askedLines.some(({ why }) => why === 'credit'))

const billedIn = (situation: AnnualSituation): ReadonlySet<string> =>
  new Set([...turnsByLine(situation)].flatMap(([key, turns]) => (isBilledBy(turns) ? [key] : [])))

const planInvoice = (
  situation: AnnualSituation,
  invoice: AnnualInvoice,
  known: KnownLines,
  billed: ReadonlySet<string>,
): PeriodPlan => {
  const { agreement, currency } = situation
  const { planned, ignored } = sortLines(situation, invoice)
  const { bad, unplaced } = sortBadLines(situation, invoice)
  const period = periodOf(invoice.issuedOn)
  const groups = annualGroups(
    { situation, invoice, known, billed, lookup: productLookup(situation) },
    planned,
    bad,
  )
  const unfit = oneTimeUnfitness(agreement, billingDay(agreement, invoice.issuedOn), currency)
  const rows = rowsOf(
    groups,
    unfit.map((rule) => months.agreementUnfit(rule, period)),
  )
  return {
    period,
    invoiceId: invoice.invoiceId,
    annual: { issuedOn: invoice.issuedOn },
    catalogItems: catalogItems(situation, rows),
    subscriptions: rows,
    ignored,
    findings: [...findingsOf(situation, invoice), ...unplaced.map(months.lineUnplaced)],
    totals: totalReconciliation([
      ...rows.map(({ reconciliation }) => reconciliation),
      reconcileIgnored(sumPairs(ignored.map(({ amount }) => pair(amount)))),
      reconcileFailed(badTotal(unplaced), zeroPair),
    ]),
  }
}

/** What is not carried is listed with its amount (F4): all of it while these terms are off, and of a customer that does not sync. */
const sortLines = (
  situation: AnnualSituation,
  invoice: AnnualInvoice,
): { readonly planned: readonly IdentifiedLine[]; readonly ignored: IgnoredLine[] } => {
  const turns = turnsByLine(situation)
  const syncing = new Set(situation.tenants.filter(({ syncs }) => syncs).map(({ id }) => id))
  const isOn = isDue(invoice, situation)
  const planned: IdentifiedLine[] = []
  const ignored: IgnoredLine[] = []
  for (const of of identified(invoice)) {
    const { line, is } = of
    const isSyncing = syncing.has(line.tenantId)
    // What was carried before is shown as long as it is there.
    if (turns.has(identityKey(is)) || (isOn && isSyncing)) planned.push(of)
    else ignored.push(ignoredLine(of, isSyncing ? 'annual' : 'tenant-off'))
  }
  return { planned, ignored }
}

const ignoredLine = ({ line }: IdentifiedLine, reason: IgnoredLine['reason']): IgnoredLine => ({
  subscriptionId: line.subscriptionId,
  tenantId: line.tenantId,
  offerName: line.offerName,
  reason,
  first: line.first,
  last: line.last,
  amount: { cost: line.cost, price: line.price },
})

/** Of customers that sync: those that name a subscription, and those that do not. */
const sortBadLines = (
  situation: AnnualSituation,
  invoice: AnnualInvoice,
): { readonly bad: readonly BadLine[]; readonly unplaced: readonly BadLine[] } => {
  const syncing = new Set(situation.tenants.filter(({ syncs }) => syncs).map(({ id }) => id))
  const isOn = isDue(invoice, situation)
  const here = (invoice.badLines ?? []).filter(({ tenantId }) => isOn && syncing.has(tenantId))
  return {
    bad: here.filter(({ subscriptionId }) => subscriptionId !== ''),
    unplaced: here.filter(({ subscriptionId }) => subscriptionId === ''),
  }
}

const findingsOf = ({ options }: AnnualSituation, invoice: AnnualInvoice): Finding[] => {
  const { annualTermsAtOnce: since } = options
  const isOlder = since !== null && invoice.issuedOn < since && invoice.isTaken !== true
  return [
    ...(isOlder ? [findings.issuedBefore(since)] : []),
    ...(invoice.awaitsPick ? [findings.reissueWaits(invoice.invoiceId)] : []),
  ]
}

const catalogItems = (
  { products, options }: AnnualSituation,
  rows: readonly SubscriptionPlan[],
): CreateCatalogItemChange[] => {
  const needed = new Set(
    rows.flatMap(({ changes, product }) =>
      changes.some((change) => change.kind === 'create' && change.addition.catalogItemId === null)
        ? [skuKey(product.sku)]
        : [],
    ),
  )
  return [...needed].sort().flatMap((sku) => {
    const product = products.find((each) => each.current && skuKey(each.sku) === sku)
    return product ? [newCatalogItem(product, options)] : []
  })
}
