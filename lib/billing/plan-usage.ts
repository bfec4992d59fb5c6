/** The plan of one month's invoice for one agreement: lines are classified, grouped, matched with additions, and sequenced. */
import { adjustments } from './adjustment-item.ts'
import { askAlsoBilled } from './also-billed.ts'
import { azureBeginning } from './azure-beginning.ts'
import { badTotal, unplacedHere } from './bad-lines.ts'
import { closingRows } from './closing-rows.ts'
import type { Context, Group } from './context.ts'
import { creditRows } from './credits.ts'
import { zeroPair } from './decimal.ts'
import type { Doubt } from './doubts.ts'
import { billedRow } from './drift.ts'
import { endedBefore } from './ended-before.ts'
import { roundingRow } from './exact-amounts.ts'
import * as findings from './findings.ts'
import { askFirstSync } from './first-sync.ts'
import { goneGroups, heldOf, unreadableGroups } from './gone-groups.ts'
import { contextOf, matchInputOf } from './groups.ts'
import { type SubscriptionKey, skuKey, subscriptionKey } from './keys.ts'
import { match } from './match.ts'
import type { Matching } from './matching.ts'
import { azureRow, isUnreadableAzure, leftoverRows, leftRows } from './plan-aside.ts'
import { type PlanGroup, planGroup } from './plan-subscription.ts'
import { newCatalogItem } from './products.ts'
import { invoicedTotal, reconcileFailed, reconcileIgnored, totalReconciliation } from './reconcile.ts'
import { skippedRows } from './skipped.ts'
import { unlessFailed } from './together.ts'
import type {
  CreateCatalogItemChange,
  Finding,
  PeriodPlan,
  Situation,
  SubscriptionPlan,
  Usage,
} from './types.ts'
import { mayOwnOne, type Untouched, untouchedBy } from './unreadable.ts'

const catalogItems = (context: Context, rows: readonly SubscriptionPlan[]): CreateCatalogItemChange[] => {
  const needed = new Set(
    rows.flatMap((row) =>
      row.changes.some((change) => change.kind === 'create' && change.addition.catalogItemId === null)
        ? [skuKey(row.product.sku)]
        : [],
    ),
  )
  return [...needed].sort().flatMap((sku) => {
    const product = [...context.situation.products, adjustments].find(
      (each) => each.current && skuKey(each.sku) === sku,
    )
    return product ? [newCatalogItem(product, context.situation.options)] : []
  })
}

const kinds: readonly SubscriptionPlan['kind'][] = [
  'subscription',
  'annual',
  'closing',
  'azure',
  'credit',
  'leftover',
  'addition',
]

/**
 * By name; what belongs to one subscription together, what it moved to before what it moved from
 * (docs/billing-rules.md, "One id").
 */
const sorted = (rows: readonly SubscriptionPlan[]): SubscriptionPlan[] => {
  const names = new Map<SubscriptionKey, string>()
  for (const { kind, subscriptionId, product } of rows) {
    if (kind === 'credit') continue
    const id = subscriptionKey(subscriptionId)
    const known = names.get(id)
    if (known === undefined || product.name < known) names.set(id, product.name)
  }
  const isOver = ({ steps }: SubscriptionPlan): boolean => steps.every(({ quantity }) => quantity === '0')
  const key = (row: SubscriptionPlan): readonly (string | number)[] => {
    const id = subscriptionKey(row.subscriptionId)
    return [
      kinds.indexOf(row.kind),
      id === '' ? row.product.name : (names.get(id) ?? row.product.name),
      id,
      isOver(row) ? 1 : 0,
      row.product.name,
      row.product.sku,
      row.product.catalogItemId ?? 0,
      row.findings[0]?.additionIds[0] ?? 0,
    ]
  }
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ row }) => row)
}

const compareKeys = (a: readonly (string | number)[], b: readonly (string | number)[]): number => {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}

/** Doubts about a subscription's additions; of one that only the later reading has, its serial number and product tell. */
const doubtsBySubscription = ({ doubts, groups, held }: Context, { matched }: Matching) => {
  if (doubts.length === 0) return () => []
  const known = new Set(held.map(({ id }) => id))
  return (subscriptionId: SubscriptionKey): Doubt[] => {
    const own = new Set([...(matched.get(subscriptionId)?.values() ?? [])].flat().map(({ id }) => id))
    const items = groups.filter(({ id }) => id === subscriptionId).map(({ product }) => product?.item?.id)
    return doubts.filter(
      ({ additionId, serial, itemId }) =>
        own.has(additionId) ||
        (!known.has(additionId) && serial === subscriptionId && items.includes(itemId)),
    )
  }
}

/**
 * The rows of subscriptions and products; where one of a subscription fails, none of it is written
 * (docs/billing-rules.md, "One id").
 */
const subscriptionRows = (
  context: Context,
  matching: Matching,
  untouched: Untouched,
  planOf: PlanGroup,
): SubscriptionPlan[] => {
  const due = context.groups.filter(({ id }) => context.isDue(id) || context.isBilled(id))
  const readable = [...due, ...goneGroups(context, matching)]
  const groups = [...readable, ...unreadableGroups(context, untouched, readable)].filter(
    ({ id }) => !context.isSkipped(id),
  )
  const errorsOf = ({ id }: Group): readonly Finding[] => [
    ...(context.situation.failed?.[id] ?? []),
    ...(context.isBilled(id) ? [] : untouched.everybody),
    ...(untouched.subscriptions.get(id) ?? []),
    ...(matching.errors.get(id) ?? []),
  ]
  const endedOf = endedBefore(context)
  const doubtsIn = doubtsBySubscription(context, matching)
  const planOne = (group: Group, errors: readonly Finding[]): SubscriptionPlan => {
    const matched = heldOf(matching.matched, group, groups)
    const ofId = [...(matching.matched.get(group.id)?.values() ?? [])].flat()
    const additions = { matched, ended: endedOf(matched, group, groups), ofId, doubts: doubtsIn(group.id) }
    return context.isBilled(group.id) && errors.length === 0
      ? billedRow(context, group, additions)
      : planOf(context, group, additions, errors)
  }
  const planned = groups.map((group) => ({ group, row: planOne(group, errorsOf(group)) }))
  const failed = new Map<string, Group>()
  for (const { group, row } of planned) if (row.status === 'Error') failed.set(group.id, group)
  return planned.map(({ group, row }) => {
    const cause = failed.get(group.id)
    if (cause === undefined || row.status === 'Error') return row
    return planOne(group, [findings.otherProductFailed(cause.name)])
  })
}

/** What ends is not named a second time as left as it is. */
const isSameAddition = (closing: SubscriptionPlan, left: SubscriptionPlan): boolean =>
  left.findings.some(({ additionIds }) =>
    closing.changes.some((change) => 'additionId' in change && additionIds.includes(change.additionId)),
  )

/** Whose each addition is in the month, and what those that cannot be read stop. */
export const matchingOf = (context: Context): { matching: Matching; untouched: Untouched } => {
  const input = matchInputOf(context)
  const untouched = untouchedBy(
    context.situation.unreadableAdditions ?? [],
    input,
    isUnreadableAzure(context),
  )
  return { untouched, matching: match({ ...input, mayOwnUnreadable: mayOwnOne(untouched, input) }) }
}

/**
 * Plans one invoice on the situation as it is.
 * @param isNewest whether no newer invoice follows: then the last good period is planned again.
 * @param planOf how a subscription and product is planned: `planByRules` comes to the same
 */
export const planUsage = (
  situation: Situation,
  usage: Usage,
  isNewest: boolean,
  planOf: PlanGroup = planGroup,
): PeriodPlan => {
  const context = contextOf(situation, usage, isNewest)
  const { matching, untouched } = matchingOf(context)
  const azure = azureBeginning(context, matching)
  const planned = [
    ...askAlsoBilled(
      context,
      askFirstSync(
        context,
        [...subscriptionRows(context, matching, untouched, planOf), ...azure.rows],
        matching,
        azure.there,
      ),
    ),
    ...azureRow(azure.context, matching, untouched),
  ]
  const closing = closingRows(context, planned, matching.leftAsIs)
  const others = [
    ...planned,
    ...creditRows(context, matching, planned, untouched),
    ...closing,
    ...skippedRows(context, matching),
    ...leftoverRows(context, matching),
    ...leftRows(context, matching).filter((row) => !closing.some((each) => isSameAddition(each, row))),
  ]
  const rows = sorted([...others, ...roundingRow(context, matching, others, untouched)]).map((row) =>
    unlessFailed(row, situation),
  )
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
      ...context.unfit.map((rule) => findings.agreementUnfit(rule, usage.period)),
      ...(classified.lacksCycleColumns ? [findings.cycleColumnsMissing()] : []),
      ...untouched.everybody,
      ...untouched.nobody,
      ...unplaced.map(findings.lineUnplaced),
    ],
    totals: totalReconciliation([
      ...rows.map((row) => row.reconciliation),
      ignored,
      reconcileFailed(badTotal(unplaced), zeroPair),
    ]),
  }
}
