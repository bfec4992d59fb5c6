/** How a customer begins that was never synced here (design.md 2a, "First sync"). */
import { type Held, isActiveWithin } from './additions.ts'
import { periodOf } from './days.ts'
import { money, pair } from './decimal.ts'
import * as findings from './findings.ts'
import type { Context, Group } from './groups.ts'
import { invoicedTotal, reconcileAs } from './reconcile.ts'
import { billedBy, keeps, type Row, statusOf, toRow } from './subscription-row.ts'
import { isInvoicedWhole, type Window } from './timeline.ts'
import type { Change, FirstSync, SubscriptionPlan } from './types.ts'

/**
 * How a subscription begins that was never good here: as usual, or by its customer's choice where ConnectWise has invoiced the
 * month and nothing of it is on the agreement (design.md 2a, "First sync").
 */
export const beginningOf = (
  context: Context,
  group: Group,
  held: readonly Held[],
  window: Window,
): FirstSync => {
  const { situation } = context
  const start = situation.starts?.[group.id]
  if (start === 'elsewhere') return 'elsewhere'
  if (start !== undefined) return start > window.period ? 'next' : 'catch-up'
  const tenant = situation.tenants.find(({ id }) => id === group.tenantId)
  const isThere = held.some((each) => isActiveWithin(each, window.first, window.next))
  // What the agreement before does not bill of a month has no other bill than this.
  if (tenant?.firstSync === undefined || tenant.takesOver || isThere || group.lines.length === 0)
    return 'catch-up'
  return isInvoicedWhole(situation.agreement, window) ? tenant.firstSync.begin : 'catch-up'
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
  const begins = isNext ? periodOf(window.next) : begin
  const changes = isNext ? row.changes : keeps(row.held, [])
  const found = isNext
    ? findings.beginsLater(window.period, periodOf(window.next), money(invoiced.price))
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
 * Before the first write of a customer of which nothing is on the agreement, and that nobody has decided about, all its
 * subscriptions wait for one answer (design.md 2a, "First sync").
 */
export const askFirstSync = (context: Context, rows: readonly SubscriptionPlan[]): SubscriptionPlan[] => {
  const asked = new Set(
    context.situation.tenants
      .filter(({ firstSync }) => firstSync && !firstSync.isChosen)
      .map(({ id }) => id)
      .filter((id) => {
        const own = rows.filter((row) => row.tenantId === id && row.kind === 'subscription')
        return own.some(({ begins }) => begins) && own.every((row) => row.begins || row.changes.every(isNew))
      }),
  )
  return rows.map((row) => {
    if (!asked.has(row.tenantId) || row.begins === undefined) return row
    const { begins: _, ...rest } = row
    const finding = findings.firstSyncWaits(context.window.period)
    return {
      ...rest,
      findings: [finding],
      status: statusOf([finding], []),
      changes: [],
      waits: { question: 'first-sync', changes: row.changes },
      reconciliation: reconcileAs('waiting', pair(row.invoiced), pair(row.billed)),
    }
  })
}

const isNew = (change: Change): boolean => change.kind === 'create'
