/** Rows of what ends because its customer left the agreement (E5): written also where nothing else of the month is. */
import type { CountedAddition } from './additions.ts'
import { billHeld } from './bill.ts'
import { heldAdditions } from './billed-days.ts'
import type { Context } from './context.ts'
import { addMonths, lastDay, periodOf } from './days.ts'
import { decimal, money, type Pair, quantity, sum, sumPairs, zero, zeroPair } from './decimal.ts'
import * as findings from './findings.ts'
import { noSubscription } from './keys.ts'
import type { Matching } from './matching.ts'
import { asClosed, type Closing, closingsOf } from './moving.ts'
import { reconcileAs, totalReconciliation } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { billedBy, statusOf } from './subscription-row.ts'
import { invoicedThrough } from './timeline.ts'
import type { Addition, Finding, MappedTenant, Money, Period, Situation, SubscriptionPlan } from './types.ts'

/**
 * @param planned the other rows of the plan: what they end already is not ended again
 * @param leftAsIs additions that no other row counts: what those that end bill of the month is in the row that ends them
 */
export const closingRows = (
  context: Context,
  planned: readonly SubscriptionPlan[],
  leftAsIs: Matching['leftAsIs'],
): SubscriptionPlan[] => {
  const { situation } = context
  // An older month does not know whose a subscription is by now, and the newest one is always looked at.
  const leaving = context.isNewest ? situation.tenants.filter(({ until, syncs }) => until && syncs) : []
  if (leaving.length === 0) return []
  const after = simulate(
    situation,
    planned.flatMap((row) => row.changes),
  )
  const there = new Map(situation.additions.map((addition) => [addition.id, addition]))
  return leaving.flatMap((tenant) => {
    const { returns } = tenant
    const isBack = returns !== undefined && returns !== null && context.window.period >= returns
    const closings = closingsOf(after, tenant).flatMap((closing): Closing[] => {
      // Of one that is back, what the month is planned with is its again.
      if (isBack && planned.some((row) => isOf(row, closing.addition.id))) return []
      const before = there.get(closing.addition.id)
      return before ? [{ ...closing, change: { ...closing.change, before } }] : []
    })
    const bySubscription = Map.groupBy(
      closings,
      ({ subscriptionId, addition }) => `${subscriptionId} ${addition.catalogItemId}`,
    )
    return [...bySubscription.values()].map((of) => rowOf(context, tenant, of, leftAsIs))
  })
}

const isOf = (row: SubscriptionPlan, additionId: number): boolean =>
  row.changes.some((change) => 'additionId' in change && change.additionId === additionId)

const rowOf = (
  { situation, window, lookup, stored }: Context,
  tenant: MappedTenant,
  closings: readonly Closing[],
  leftAsIs: Matching['leftAsIs'],
): SubscriptionPlan => {
  const [first] = closings
  const subscription = stored.get(first?.subscriptionId ?? noSubscription)
  const item = lookup.item(first?.addition.catalogItemId ?? 0)
  const product = item && lookup.productOf(item)
  const found = foundOf(situation, tenant, closings)
  const changes = closings.map(({ change }) => change)
  const reconciliation = totalReconciliation(
    leftAsIs.map(({ held, term }) => reconcileAs(term, zeroPair, billedBy(endedBy(held, closings), window))),
  )
  return {
    kind: 'closing',
    subscriptionId: subscription?.id ?? first?.addition.serialNumber ?? '',
    tenantId: tenant.id,
    product: {
      productId: product?.productId ?? '',
      sku: product?.sku ?? item?.vendorSku ?? '',
      name: product?.name ?? subscription?.productName ?? item?.identifier ?? '',
      catalogItemId: item?.id ?? null,
    },
    status: statusOf(found, changes),
    findings: found,
    changes,
    quantityBefore: quantity(sum(closings.map(({ addition }) => decimal(addition.quantity)))),
    steps: [{ first: window.first, last: window.last, quantity: quantity(zero) }],
    invoiced: reconciliation.invoiced,
    billed: reconciliation.billed,
    reconciliation,
  }
}

/** Pieces of the additions that end, as they bill once they have. */
const endedBy = (held: readonly CountedAddition[], closings: readonly Closing[]): CountedAddition[] =>
  held.flatMap((piece) => {
    const change = closings.find(({ addition }) => addition.id === piece.id)?.change
    return change === undefined ? [] : asClosed(piece, change)
  })

const foundOf = (situation: Situation, tenant: MappedTenant, closings: readonly Closing[]): Finding[] => {
  const { until } = tenant
  if (!until) return []
  const additions = closings.map(({ addition }) => addition)
  const ids = additions.map(({ id }) => id)
  return [findings.movedAway(until, ids), ...invoicedAfterLeaving(situation, tenant, additions)]
}

/** Names what ConnectWise has invoiced of additions for months after the customer's last one, which nothing credits. */
export const invoicedAfterLeaving = (
  situation: Situation,
  { until }: Pick<MappedTenant, 'until'>,
  additions: readonly Addition[],
): Finding[] => {
  const price = until ? invoicedAfter(situation, until, additions) : money(zero)
  return until && Number(price) !== 0
    ? [
        findings.invoicedAfterLeaving(
          until,
          price,
          additions.map(({ id }) => id),
        ),
      ]
    : []
}

/** What ConnectWise has invoiced of them for months after the last one: what its invoices are known to have billed, else as they are now. */
const invoicedAfter = (situation: Situation, until: Period, additions: readonly Addition[]): Money => {
  const { agreement, invoices = [] } = situation
  const through = invoicedThrough(agreement)
  if (through === null) return money(zero)
  const known = invoices.at(-1)?.through ?? ''
  const ids = new Set(additions.map(({ id }) => id))
  const pieces = heldAdditions(situation).filter(({ id }) => ids.has(id))
  const months: Pair[] = []
  for (let month = addMonths(until, 1); month <= periodOf(through); month = addMonths(month, 1)) {
    const billed = lastDay(month) <= known ? pieces.filter((piece) => piece.billed) : pieces
    months.push(...billed.map((piece) => billHeld(piece, month)))
  }
  return money(sumPairs(months).price)
}
