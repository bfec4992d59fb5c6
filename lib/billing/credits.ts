/**
 * Credits and adjustments of a monthly invoice that a person picked (F1; docs/billing-rules.md, "Credits and adjustments"): each line
 * is carried by an addition of its own, and its subscription's other lines are planned as if it were not there.
 */

import { adjustmentProduct } from './adjustment-item.ts'
import type { Context } from './context.ts'
import { creditMonth, identifiedCredits, isAgainstItself } from './credit-lines.ts'
import { byHand, type CreditPart, partsOf } from './credit-parts.ts'
import { type CreditGroup, CreditRow } from './credit-row.ts'
import { money, subtractPair } from './decimal.ts'
import * as findings from './findings.ts'
import { beginningOf } from './first-sync.ts'
import { groupLines } from './groups.ts'
import { isWithoutSubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import { isConfirmed, waitsAsLate, waitsAsUnfit } from './late-month.ts'
import type { Matching } from './matching.ts'
import { membershipOf, tenantOf } from './moving.ts'
import { isElsewhere } from './start.ts'
import { invoicedThrough, lateWindow } from './timeline.ts'
import { creditTogether } from './together.ts'
import type { Finding, SubscriptionPlan } from './types.ts'
import type { Untouched } from './unreadable.ts'

/**
 * A row of each subscription and product that has credits or adjustments, or additions of ours that carry one.
 * @param planned the rows of subscriptions
 */
export const creditRows = (
  context: Context,
  matching: Matching,
  planned: readonly SubscriptionPlan[],
  untouched: Untouched,
): SubscriptionPlan[] =>
  creditGroups(context).map((group) => {
    const own = planned.filter(({ subscriptionId }) => subscriptionKey(subscriptionId) === group.id)
    const row = new CreditRow(
      context,
      group,
      own.flatMap(({ changes }) => changes),
    )
    const stops = stopsOf(context, group, untouched)
    if (stops.length > 0) return row.failed(stops)
    return notCarried(context, matching, planned, row) ?? row.carried()
  })

// ───────────────────────────── which there are ─────────────────────────────

const creditGroups = (context: Context): CreditGroup[] => {
  const { situation, classified, window, lookup } = context
  const isElsewhereGood = (id: SubscriptionKey): boolean =>
    situation.goodElsewhere?.[id]?.includes(window.period) === true
  const lines = classified.credits.filter(({ tenantId, subscriptionId }) => {
    const tenant = tenantOf(situation, tenantId)
    const isMember = tenant === undefined || membershipOf(tenant, window.period) === 'member'
    return isMember && !isElsewhereGood(subscriptionKey(subscriptionId))
  })
  const all = identifiedCredits(window.period, lines)
  const parts = partsOf(context)
  if (all.length === 0 && parts.length === 0) return []
  const identity = new Map(all.map((each) => [each.line, each]))
  const groups = groupLines(lines, lookup).map((group): CreditGroup => {
    const isOwn = isWithoutSubscription(group.subscriptionId) && group.product === null
    return {
      ...group,
      ...(isOwn ? { product: adjustmentProduct(situation), finding: null } : {}),
      lines: group.lines.flatMap((line) => identity.get(line) ?? []),
      parts: [],
    }
  })
  for (const part of parts) addPart(context, groups, part)
  return groups
}

/** To the group whose line it carries, else to one of its subscription and product. */
const addPart = (context: Context, groups: CreditGroup[], part: CreditPart): void => {
  const { carries, itemId } = part
  const own = groups.filter(({ id }) => id === carries.subscriptionId)
  const at =
    own.find(({ lines }) => lines.some(({ is }) => is.charge === carries.charge)) ??
    own.find(({ product }) => product?.item?.id === itemId) ??
    own[0]
  if (at === undefined) groups.push({ ...withoutLines(context, part), parts: [part] })
  else groups[groups.indexOf(at)] = { ...at, parts: [...at.parts, part] }
}

const withoutLines = (
  { lookup, stored, customers }: Context,
  { carries, itemId }: CreditPart,
): Omit<CreditGroup, 'parts'> => {
  const id = subscriptionKey(carries.subscriptionId)
  const item = lookup.item(itemId) ?? null
  const product = item ? lookup.productOf(item) : undefined
  const name = product?.name ?? stored.get(id)?.productName ?? item?.identifier ?? ''
  return {
    id,
    subscriptionId: stored.get(id)?.id ?? carries.subscriptionId,
    tenantId: customers.get(id) ?? '',
    product: {
      key: `item:${itemId}`,
      productId: product?.productId ?? '',
      sku: product?.sku ?? item?.vendorSku ?? '',
      name,
      item,
      missing: null,
    },
    finding: null,
    name,
    lines: [],
  }
}

// ───────────────────────────── what stops them ─────────────────────────────

const stopsOf = (context: Context, group: CreditGroup, untouched: Untouched): Finding[] => {
  const { situation, window, unfit } = context
  const against = group.lines.filter(({ line }) => isAgainstItself(line))
  const product = group.lines.length > 0 ? group.finding : null
  return [
    ...(situation.failed?.[creditTogether(group.subscriptionId)] ?? []),
    ...unfit.slice(0, 1).map((rule) => findings.agreementUnfit(rule, window.period)),
    ...untouched.everybody,
    ...unreadable(context),
    ...(product === null ? [] : [product]),
    ...against.map(({ line }) => findings.lineRefused(line)),
  ]
}

/** An addition that carries a credit of the month and cannot be read may be any of them. */
const unreadable = ({ situation, window }: Context): Finding[] => {
  const owned = new Map(situation.owned.map((each) => [each.additionId, each]))
  return (situation.unreadableAdditions ?? []).flatMap((each) => {
    const carries = owned.get(each.id ?? 0)?.carries
    const isIts = carries !== undefined && creditMonth(carries) === window.period
    return isIts ? [findings.additionUnreadable(each)] : []
  })
}

/** The row where nothing of it is written for a named reason; `null`: it is carried. */
const notCarried = (
  context: Context,
  { matched }: Matching,
  planned: readonly SubscriptionPlan[],
  row: CreditRow,
): SubscriptionPlan | null => {
  const { situation } = context
  const { id, tenantId, subscriptionId, lines } = row.group
  const { period } = context.window
  const price = money(row.invoiced.price)
  if (context.isSkipped(id)) {
    const isParked = situation.parked?.[id]?.includes(period) === true
    return row.leftAs('skipped', isParked ? findings.monthParked(period) : findings.monthSkipped(period))
  }
  if (lines.length === 0) return null
  const window = context.isLate(id) ? lateWindow(context.window) : context.window
  const own = { id, tenantId, lines: lines.map(({ line }) => line) }
  const begin = beginningOf(context, own, [...(matched.get(id)?.values() ?? [])].flat(), window)
  const isAsked = planned.some(
    (each) =>
      each.waits?.question === 'first-sync' &&
      (begin === 'catch-up'
        ? subscriptionKey(each.subscriptionId) === subscriptionKey(subscriptionId)
        : each.tenantId === tenantId),
  )
  if (isAsked) return row.waiting('first-sync', findings.firstSyncWaits(period))
  if (begin === 'elsewhere' || isElsewhere(situation.starts?.[id], tenantOf(situation, tenantId), period))
    return row.leftAs('billedElsewhere', findings.billedElsewhere(price))
  if (begin === 'next') return row.leftAs('beforeStart', findings.creditBeforeStart(period, price))
  if (!row.isWriting) return null
  const open = money(subtractPair(row.invoiced, row.billedNow).price)
  const isCreating = row.changes.some(({ kind }) => kind === 'create')
  const same = isCreating && !isConfirmed(context, id, 'late') ? byHand(context, lines) : []
  if (same.length > 0) return row.waiting('late', findings.creditByHand(period, same, open))
  if (waitsAsUnfit(context, id)) return row.waiting('late', findings.unfitMonthWaits(period, open))
  if (!waitsAsLate(context, id) && !waitsAsGiven(context, id)) return null
  const isKnown = invoicedThrough(situation.agreement) !== null
  const why = isWithoutSubscription(id) ? findings.givenLineWaits : findings.lateMonthWaits
  return row.waiting('late', why(period, isKnown, open))
}

/** A line that a person gave to a customer after ConnectWise had invoiced the month, or may have: it may be billed by hand already. */
const waitsAsGiven = (context: Context, id: SubscriptionKey): boolean => {
  const through = invoicedThrough(context.situation.agreement)
  const isOpen = through !== null && through < context.window.first
  return isWithoutSubscription(id) && !isOpen && !isConfirmed(context, id, 'late')
}
