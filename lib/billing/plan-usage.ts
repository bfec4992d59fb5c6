/** The plan of one month's invoice for one agreement: lines are classified, grouped, matched with additions, and sequenced. */
import { badTotal, unplacedHere } from './bad-lines.ts'
import { normalise } from './classify.ts'
import { zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import {
  type Context,
  contextOf,
  type Group,
  goneGroups,
  heldOf,
  isDue,
  matchInputOf,
  treatments,
  unreadableGroups,
} from './groups.ts'
import { match } from './match.ts'
import { azureRow, isUnreadableAzure, leftoverRows } from './plan-aside.ts'
import { planGroup } from './plan-subscription.ts'
import { newCatalogItem } from './products.ts'
import { invoicedTotal, reconcileFailed, reconcileIgnored, totalReconciliation } from './reconcile.ts'
import type {
  CreateCatalogItemChange,
  Finding,
  PeriodPlan,
  Situation,
  SubscriptionPlan,
  Usage,
} from './types.ts'
import { untouchedBy } from './unreadable.ts'

/** Annual now, with additions of ours that still run (F4). */
const turnedAnnual = ({ classified, held }: Context): Finding[] => {
  const ids = new Set(
    classified.ignored.filter(({ reason }) => reason === 'annual').map(({ line }) => line.subscriptionId),
  )
  return [...ids].sort().flatMap((id) => {
    const open = held.filter(
      (each) =>
        each.ours && each.end === null && normalise(each.addition?.serialNumber ?? '') === normalise(id),
    )
    return open.length > 0
      ? [
          findings.turnedAnnual(
            id,
            open.map((each) => each.id),
          ),
        ]
      : []
  })
}

const catalogItems = (context: Context, rows: readonly SubscriptionPlan[]): CreateCatalogItemChange[] => {
  const needed = new Set(
    rows.flatMap((row) =>
      row.changes.some((change) => change.kind === 'create' && change.addition.catalogItemId === null)
        ? [normalise(row.product.sku)]
        : [],
    ),
  )
  return [...needed].sort().flatMap((sku) => {
    const product = context.situation.products.find((each) => each.current && normalise(each.sku) === sku)
    return product ? [newCatalogItem(product, context.situation.options)] : []
  })
}

const byName = (a: SubscriptionPlan, b: SubscriptionPlan): number => {
  const key = (row: SubscriptionPlan): string =>
    `${row.kind === 'subscription' ? 0 : row.kind === 'azure' ? 1 : 2}|${row.product.name}|${row.subscriptionId}|${row.product.sku}|${row.product.catalogItemId}`
  return key(a) < key(b) ? -1 : 1
}

/** Plans one invoice on the situation as it is. @param isNewest whether no newer invoice follows: then the last good period is planned again. */
export const planUsage = (situation: Situation, usage: Usage, isNewest: boolean): PeriodPlan => {
  const context = contextOf(situation, usage, isNewest)
  const subscriptions = treatments(context)
  const input = matchInputOf(context, subscriptions)
  const matching = match(input)
  const untouched = untouchedBy(situation.unreadableAdditions ?? [], input, isUnreadableAzure(context))
  const due = context.groups.filter((group) => isDue(context, group.id))
  const planned = [...due, ...goneGroups(context, matching, subscriptions)]
  const groups = [...planned, ...unreadableGroups(context, untouched, planned)]
  const errorsOf = ({ id }: Group): readonly Finding[] => [
    ...untouched.everybody,
    ...(untouched.subscriptions.get(id) ?? []),
    ...(matching.errors.get(id) ?? []),
  ]
  const rows = [
    ...groups.map((group) =>
      planGroup(
        context,
        group,
        {
          matched: heldOf(matching.matched, group, groups),
          ended: heldOf(context.endedBefore, group, groups),
        },
        errorsOf(group),
      ),
    ),
    ...azureRow(context, matching, untouched),
    ...leftoverRows(context, matching),
  ].sort(byName)
  const { classified } = context
  const unplaced = unplacedHere(context)
  const ignored = reconcileIgnored(invoicedTotal(classified.ignored.map(({ line }) => line)))
  return {
    period: usage.period,
    invoiceId: usage.invoiceId,
    catalogItems: catalogItems(context, rows),
    subscriptions: rows,
    ignored: classified.ignored.map(({ line, reason }) => ({
      subscriptionId: line.subscriptionId,
      tenantId: line.tenantId,
      offerName: line.offerName,
      reason,
      first: line.first,
      last: line.last,
      amount: { cost: line.cost, price: line.price },
    })),
    findings: [
      ...(classified.lacksCycleColumns ? [findings.cycleColumnsMissing()] : []),
      ...turnedAnnual(context),
      ...untouched.everybody,
      ...untouched.nobody,
      ...unplaced.map(findings.lineUnplaced),
      ...matching.listed,
    ],
    totals: totalReconciliation([
      ...rows.map((row) => row.reconciliation),
      ignored,
      reconcileFailed(badTotal(unplaced), zeroPair),
    ]),
  }
}
