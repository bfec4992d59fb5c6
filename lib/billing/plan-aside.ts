/** Rows of a plan that are no subscription's: the agreement's Azure usage (F3), and additions that are left over (F9) or as they are. */
import { type CountedAddition, quantityOn } from './additions.ts'
import { type AzurePlan, besideAzure, planAzure } from './azure.ts'
import { badTotal } from './bad-lines.ts'
import { billHeld } from './bill.ts'
import { changedSinceBilled, isBilledAndOver } from './billed-days.ts'
import { isAzure } from './classify.ts'
import type { Context } from './context.ts'
import { previousDay } from './days.ts'
import {
  addPair,
  amount,
  decimal,
  holdable,
  mapPair,
  money,
  type Pair,
  quantity,
  roundToCents,
  subtractPair,
  zero,
  zeroPair,
} from './decimal.ts'
import * as findings from './findings.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import type { Matching } from './matching.ts'
import { linesTwice, productOf } from './plan-subscription.ts'
import { unbilledParts } from './price-warnings.ts'
import { emptyReconciliation, invoicedTotal, reconcileAs, reconcileFailed } from './reconcile.ts'
import { mendedBy, mustEnd, piecesMustEnd } from './still-wrong.ts'
import { billedBy, statusOf } from './subscription-row.ts'
import type { Window } from './timeline.ts'
import { AZURE } from './together.ts'
import type { Finding, InvoiceLine, Reconciliation, SubscriptionPlan, UnreadableAddition } from './types.ts'
import type { Untouched } from './unreadable.ts'

/** Subscriptions that are Azure by this invoice, the last one or PRISM. */
const azureIds = ({ situation, classified }: Context): Set<SubscriptionKey> => {
  const previous = (situation.previous?.lines ?? []).filter((line) => isAzure(undefined, line.offerName))
  const stored = situation.subscriptions.filter((each) => isAzure(each, ''))
  return new Set([
    ...[...classified.azure, ...classified.badAzure, ...previous].map((line) =>
      subscriptionKey(line.subscriptionId),
    ),
    ...stored.map((each) => subscriptionKey(each.id)),
  ])
}

/** Whether an addition that cannot be read may bill the agreement's Azure usage. */
export const isUnreadableAzure = (context: Context): ((addition: UnreadableAddition) => boolean) => {
  if (!context.situation.options.syncAzure) return () => false
  const ids = azureIds(context)
  const itemId = azureProduct(context, context.classified.azure).product?.item?.id
  return ({ serialNumber, catalogItemId }) =>
    serialNumber === null
      ? catalogItemId !== null && catalogItemId === itemId
      : ids.has(subscriptionKey(serialNumber))
}

/** Why the Azure usage cannot be planned, else its product: that of the first Azure subscription by id. */
const azureProduct = ({ lookup, classified }: Context, lines: readonly InvoiceLine[]) => {
  const [bad] = [...classified.badAzure].sort((a, b) => a.row - b.row)
  const [first] = lines
  const resolution = first ? lookup.resolve(first, false) : null
  const product = resolution && 'product' in resolution ? resolution.product : null
  const refused = bad ? findings.lineUnreadable(bad) : null
  return { product, finding: refused ?? (resolution && 'finding' in resolution ? resolution.finding : null) }
}

const reconcileAzure = (
  total: Pair,
  { billed, held }: Pick<AzurePlan, 'billed' | 'held'>,
  window: Window,
): Reconciliation => {
  const whole = billedBy(
    held.map((each) => ({ ...each, billCustomer: 'Billable', lessIncluded: zero })),
    window,
  )
  return {
    ...emptyReconciliation,
    invoiced: amount(total),
    billed: amount(billed),
    notBilled: amount(subtractPair(whole, billed)),
    rounding: amount(subtractPair(total, mapPair(total, roundToCents))),
    unexplained: amount(subtractPair(mapPair(total, roundToCents), whole)),
  }
}

const contestedAzure = ({ classified, usage }: Context): Finding[] =>
  classified.contestedAzure.slice(0, 1).map(({ subscriptionId }) => {
    return findings.lineContested(usage.contested?.[subscriptionKey(subscriptionId)] ?? [])
  })

/** The agreement's Azure usage as one row; none where there is none. */
export const azureRow = (context: Context, matching: Matching, untouched: Untouched): SubscriptionPlan[] => {
  const { situation, window, classified, unfit } = context
  if (!situation.options.syncAzure) return []
  const lines = [...classified.azure].sort((a, b) =>
    subscriptionKey(a.subscriptionId) < subscriptionKey(b.subscriptionId) ? -1 : 1,
  )
  const total = addPair(invoicedTotal(lines), badTotal(classified.badAzure))
  const { product, finding } = azureProduct(context, lines)
  const beside = besideAzure({ held: matching.azure, window })
  const isThere = lines.length > 0 || matching.azure.some((each) => isPeriods(each, window))
  const stops = [
    ...(situation.failed?.[AZURE] ?? []),
    ...(isThere ? unfit.slice(0, 1).map((rule) => findings.agreementUnfit(rule, window.period)) : []),
    ...(isThere ? untouched.everybody : []),
    ...untouched.azure,
    ...(finding === null ? [] : [finding]),
    ...contestedAzure(context),
    ...(beside.length > 0 ? [askBesideAzure(context, beside)] : []),
  ]
  const billedNow = (): Pair =>
    billedBy(
      matching.azure.filter((each) => isPeriods(each, window) || beside.includes(each)),
      window,
    )
  const azure =
    stops.length > 0
      ? { changes: [], findings: stops, held: [], billed: billedNow() }
      : planAzure({
          window,
          agreement: situation.agreement,
          product: product ? productOf(context, product) : { sku: '', catalogItemId: null, taxable: true },
          total: mapPair(total, holdable),
          held: matching.azure,
        })
  if (azure === null) return []
  const isWritten = azure.findings.length === 0
  const reconciliation = isWritten
    ? reconcileAzure(total, azure, window)
    : reconcileFailed(total, azure.billed)
  const found = [...azure.findings, ...unbilledParts(azure.held, azure.changes, window, true)]
  return [
    {
      kind: 'azure',
      subscriptionId: '',
      tenantId: lines[0]?.tenantId ?? '',
      product: {
        productId: product?.productId ?? '',
        sku: product?.sku ?? '',
        name: 'Azure',
        catalogItemId: product?.item?.id ?? null,
      },
      status: statusOf(found, azure.changes),
      findings: [...found, ...linesTwice(lines)],
      changes: [...azure.changes],
      quantityBefore: quantity(zero),
      steps: [
        { first: window.first, last: window.last, quantity: quantity(decimal(lines.length > 0 ? 1 : 0)) },
      ],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    },
  ]
}

/** What an open one bills is no total of a month's usage, so only a person can say when it ends. */
const askBesideAzure = (context: Context, beside: readonly CountedAddition[]): Finding => ({
  ...mendedBy(
    findings.besideAzure(
      context.window.period,
      beside.map(({ id }) => id),
    ),
    mustEnd(
      beside.map(({ id, startedOn, addition }) => ({
        id,
        start: startedOn,
        end: addition?.cancelledDate ?? null,
      })),
      context.window.first,
    ),
  ),
  asks: beside.map((each) => ({
    additionId: each.id,
    serialNumber: each.addition?.serialNumber ?? '',
    quantity: quantity(each.quantity),
    billed: money(billHeld(each, context.window.period).price),
    owners: [],
  })),
})

const isPeriods = (held: CountedAddition, window: Window): boolean =>
  subscriptionKey(held.addition?.serialNumber ?? '') === `azure-${window.period}`

export const leftoverRows = ({ window, lookup }: Context, matching: Matching): SubscriptionPlan[] =>
  matching.leftovers.map(({ held, sku, asks }) => {
    const product = lookup.bySku(sku)
    const addition = held[0]?.addition
    const reconciliation = reconcileAs('leftOver', zeroPair, billedBy(held, window))
    return {
      kind: 'leftover',
      subscriptionId: '',
      tenantId: '',
      product: {
        productId: product?.productId ?? '',
        sku,
        name: product?.name ?? sku,
        catalogItemId: addition?.catalogItemId ?? null,
      },
      status: 'Error',
      findings: [
        {
          ...mendedBy(findings.leftoverAddition(sku, addition?.id ?? 0), piecesMustEnd(held, window.first)),
          asks: [...asks],
        },
      ],
      changes: [],
      quantityBefore: quantity(quantityOn(held, previousDay(window.first))),
      steps: [{ first: window.first, last: window.last, quantity: quantity(zero) }],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    }
  })

/** Additions that are left as they are, each with what it bills and why. */
export const leftRows = (context: Context, matching: Matching): SubscriptionPlan[] => {
  const { window, lookup, stored } = context
  return matching.leftAsIs.map(({ held, term, finding, subscriptionId, change }) => {
    const addition = held[0]?.addition ?? change?.before
    const item = lookup.item(addition?.catalogItemId ?? 0)
    const product = item && lookup.productOf(item)
    const isOver = change === undefined && isBilledAndOver(held, window)
    const reconciliation = reconcileAs(isOver ? 'drift' : term, zeroPair, billedBy(held, window))
    const found = [
      ...(finding === null || isOver ? [] : [finding]),
      ...changedSinceBilled(context, held, window.period),
    ]
    return {
      kind: 'addition',
      subscriptionId: addition?.serialNumber ?? '',
      tenantId: stored.get(subscriptionId)?.tenantId ?? '',
      product: {
        productId: product?.productId ?? '',
        sku: product?.sku ?? item?.vendorSku ?? '',
        name: product?.name ?? item?.identifier ?? `Addition ${addition?.id ?? ''}`,
        catalogItemId: addition?.catalogItemId ?? null,
      },
      status: statusOf(found, change ? [change] : []),
      findings: found,
      changes: change ? [change] : [],
      quantityBefore: quantity(quantityOn(held, previousDay(window.first))),
      steps: [{ first: window.first, last: window.last, quantity: quantity(zero) }],
      invoiced: reconciliation.invoiced,
      billed: reconciliation.billed,
      reconciliation,
    }
  })
}
