/** How a customer begins that was never synced here (docs/billing-rules.md, "First sync"). */
import { type CountedAddition, isActiveWithin } from './additions.ts'
import type { Context, Group } from './context.ts'
import { periodOf } from './days.ts'
import { money, pair } from './decimal.ts'
import * as findings from './findings.ts'
import { isFirstTime } from './groups.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Matching } from './matching.ts'
import { invoicedTotal, reconcileAs } from './reconcile.ts'
import { isElsewhere, isMonth } from './start.ts'
import { billedBy, keeps, type Row, statusOf, toRow } from './subscription-row.ts'
import { isInvoicedWhole, type Window } from './timeline.ts'
import type {
  Change,
  Finding,
  FirstSync,
  MappedTenant,
  Period,
  Situation,
  SubscriptionPlan,
} from './types.ts'

/**
 * How a subscription begins that was never good here: as usual, or by its customer's choice where ConnectWise has invoiced the
 * month and nothing of it is on the agreement (docs/billing-rules.md, "First sync"). Where the customer began with this month or
 * an earlier one, what begins only now is like what is new in it.
 * @param held the subscription's additions, whatever their product: all its products begin alike
 */
export const beginningOf = (
  context: Context,
  group: Pick<Group, 'id' | 'tenantId' | 'lines'>,
  held: readonly CountedAddition[],
  window: Window,
): FirstSync => {
  const start = context.situation.starts?.[group.id]
  if (start === 'elsewhere') {
    const tenant = context.situation.tenants.find(({ id }) => id === group.tenantId)
    return isElsewhere(start, tenant, window.period) ? 'elsewhere' : 'catch-up'
  }
  if (isMonth(start)) return start > window.period ? 'next' : 'catch-up'
  const isThere = held.some((each) => isActiveWithin(each, window.first, window.next))
  if (isThere || group.lines.length === 0 || hasBeenSynced(context.situation, group.id)) return 'catch-up'
  const asked =
    start === undefined ? firstSyncOfTenant(context, group.tenantId) : { begin: start, isChosen: true }
  if (asked === undefined) return 'catch-up'
  if (asked.begin === 'elsewhere' && asked.isChosen) return asked.begin
  if (asked.begin === 'next' && startOf(context, group, window) <= window.period) return 'catch-up'
  return isInvoicedWhole(context.situation.agreement, window) ? asked.begin : 'catch-up'
}

/** Whether a month of the subscription was synced before. */
export const hasBeenSynced = (
  { synced, good }: Pick<Situation, 'synced' | 'good'>,
  id: SubscriptionKey,
): boolean => synced?.includes(id) ?? (good[id] ?? []).length > 0

/** Left out where the period comes after its customer's first sync; billed elsewhere it is until that is taken back. */
const firstSyncOfTenant = ({ situation, window }: Context, tenantId: string): MappedTenant['firstSync'] => {
  const tenant = situation.tenants.find(({ id }) => id === tenantId)
  // What the agreement before does not bill of a month has no other bill than this.
  if (tenant?.takesOver) return undefined
  const firstSync = tenant?.firstSync
  if (firstSync?.through === undefined || window.period <= firstSync.through) return firstSync
  return firstSync.isChosen && firstSync.begin === 'elsewhere' ? firstSync : undefined
}

/** The month in which it begins: that of `next`, or an earlier one that its customer began with already. */
const startOf = (
  { situation }: Context,
  { id, tenantId }: Pick<Group, 'id' | 'tenantId'>,
  window: Window,
): Period => {
  const known = situation.starts?.[id]
  if (isMonth(known)) return known
  const next = periodOf(window.next)
  const ofCustomer = situation.tenants.find((each) => each.id === tenantId)?.firstSync?.starts
  return ofCustomer !== undefined && ofCustomer < next ? ofCustomer : next
}

/** Whether a later invoice tells what runs on from `next`: then this one only says what it does not bill. */
const isDecidedLater = ({ situation }: Context, window: Window): boolean => {
  const newest = situation.newest ?? situation.usages.at(-1)?.period ?? window.period
  return newest > window.period && newest < periodOf(window.next)
}

/** A subscription that begins with a later month, or is billed elsewhere. */
export const beginningRow = (
  context: Context,
  row: Omit<Row, 'findings' | 'reconciliation'>,
  begin: Exclude<FirstSync, 'catch-up'>,
  window: Window,
): SubscriptionPlan => {
  const invoiced = invoicedTotal(row.group.lines)
  const isNext = begin === 'next'
  const begins = isNext ? startOf(context, row.group, window) : begin
  const isDecided = isDecidedLater(context, window) || !isFirstTime(context, row.group.id)
  const changes = isNext && !isDecided ? row.changes : keeps(row.held, [])
  const found = isMonth(begins)
    ? findings.beginsLater(window.period, begins, money(invoiced.price))
    : findings.billedElsewhere(money(invoiced.price))
  return toRow(context, {
    ...row,
    changes,
    begins,
    findings: [found],
    reconciliation: reconcileAs(
      isNext ? 'beforeStart' : 'billedElsewhere',
      invoiced,
      billedBy(row.held, window),
    ),
  })
}

/**
 * Before the first write of a customer of which nothing is on the agreement, nor comes with this plan, and that nobody has decided
 * about, all its subscriptions wait for one answer (docs/billing-rules.md, "First sync").
 */
export const askFirstSync = (
  context: Context,
  rows: readonly SubscriptionPlan[],
  { matched }: Pick<Matching, 'matched'>,
  azureThere: ReadonlySet<string>,
): SubscriptionPlan[] => {
  const { situation } = context
  if (!rows.some((row) => isUndecided(context, row))) return [...rows]
  const begun = rows.filter((row) => !isUndecided(context, row) && row.changes.some(isCreation))
  const there = new Set([...tenantsThere(context, matched), ...begun.map(({ tenantId }) => tenantId)])
  const asked = new Set(
    situation.tenants
      .filter(({ firstSync }) => firstSync && !firstSync.isChosen && firstSync.starts === undefined)
      .map(({ id }) => id)
      .filter((id) => !azureThere.has(id) && !there.has(id)),
  )
  return rows.map((row) =>
    asked.has(row.tenantId) && isUndecided(context, row)
      ? waitingForAnswer(row, findings.firstSyncWaits(context.window.period))
      : row,
  )
}

/** Customers of which a subscription has an addition, matched to it or with its id, in what is planned. */
const tenantsThere = (
  { situation, usage, window, held }: Context,
  matched: Matching['matched'],
): ReadonlySet<string | undefined> => {
  const tenantOf = new Map([
    ...situation.subscriptions.map((each) => [subscriptionKey(each.id), each.tenantId] as const),
    ...usage.lines.map((line) => [subscriptionKey(line.subscriptionId), line.tenantId] as const),
  ])
  const isActive = (each: CountedAddition): boolean => isActiveWithin(each, window.first, window.next)
  const withIts = held.filter(isActive).map((each) => subscriptionKey(each.addition?.serialNumber ?? ''))
  const matchedTo = [...matched].filter(([, items]) => [...items.values()].flat().some(isActive))
  return new Set([...withIts, ...matchedTo.map(([id]) => id)].map((id) => tenantOf.get(id)))
}

const isCreation = ({ kind }: Change): boolean => kind === 'create'

/** It begins otherwise than usual, and that was not decided before. */
const isUndecided = ({ situation }: Context, row: SubscriptionPlan): boolean =>
  row.begins !== undefined && situation.starts?.[subscriptionKey(row.subscriptionId)] === undefined

/** The row as it waits for how its customer begins; what a yes would send stays with it. */
export const waitingForAnswer = (row: SubscriptionPlan, finding: Finding): SubscriptionPlan => {
  const { begins: _, ...rest } = row
  return {
    ...rest,
    findings: [finding],
    status: statusOf([finding], []),
    changes: [],
    waits: { question: 'first-sync', changes: row.changes },
    reconciliation: reconcileAs('waiting', pair(row.invoiced), pair(row.billed)),
  }
}
