/** The rows of an annual invoice's plan: its subscriptions and products, with the additions that carry their lines. */
import { type Pair, quantity, zero, zeroPair } from '../decimal.ts'
import * as months from '../findings.ts'
import { subscriptionKey } from '../keys.ts'
import { reconcileFailed, totalReconciliation } from '../reconcile.ts'
import { statusOf } from '../subscription-row.ts'
import type { Finding, SubscriptionPlan } from '../types.ts'
import type { EntryOwner } from './entries.ts'
import type { LineOutcome } from './line-outcome.ts'

/** The lines of one subscription and product, and what was written of lines that are gone. */
export interface AnnualGroup extends EntryOwner {
  readonly outcomes: readonly LineOutcome[]
  /** What keeps it from being written. */
  readonly stops: readonly Finding[]
  /** What its lines that cannot be read charge. */
  readonly bad: Pair
}

const isWritten = ({ outcomes }: AnnualGroup): boolean =>
  outcomes.some(({ changes }) => changes.some(({ kind }) => kind !== 'keep'))

/** @param unfit why the agreement cannot carry what would be written */
export const rowsOf = (groups: readonly AnnualGroup[], unfit: readonly Finding[]): SubscriptionPlan[] => {
  const stopped = groups.map((group) => ({
    ...group,
    stops: [...(isWritten(group) ? unfit.slice(0, 1) : []), ...group.stops],
  }))
  const failing = new Map(stopped.filter(({ stops }) => stops.length > 0).map((group) => [group.id, group]))
  return stopped
    .map((group) => {
      const other = failing.get(group.id)
      const isHeld = group.stops.length === 0 && other !== undefined && isWritten(group)
      return rowOf(isHeld ? { ...group, stops: [months.otherProductFailed(other.name)] } : group)
    })
    .sort((a, b) => compare(orderOf(a), orderOf(b)))
}

const rowOf = ({
  subscriptionId,
  tenantId,
  product,
  name,
  outcomes,
  stops,
  bad,
}: AnnualGroup): SubscriptionPlan => {
  const isStopped = stops.length > 0
  const changes = isStopped ? [] : outcomes.flatMap((outcome) => outcome.changes)
  const found = [...stops, ...outcomes.flatMap((outcome) => outcome.findings)]
  const reconciliation = totalReconciliation([
    ...outcomes.map(({ money, failed }) => (isStopped ? failed : money)),
    reconcileFailed(bad, zeroPair),
  ])
  const annualLines = outcomes.flatMap(({ of }) =>
    of === null
      ? []
      : [
          {
            quantity: of.line.quantity,
            first: of.line.first,
            last: of.line.last,
            amount: { cost: of.line.cost, price: of.line.price },
          },
        ],
  )
  const asked = isStopped ? [] : outcomes.flatMap((outcome) => outcome.asked ?? [])
  return {
    kind: 'annual',
    subscriptionId,
    tenantId,
    product: {
      productId: product?.productId ?? '',
      sku: product?.sku ?? '',
      name,
      catalogItemId: product?.item?.id ?? null,
    },
    status: statusOf(found, changes),
    findings: found,
    changes,
    annualLines,
    ...(asked.length === 0 ? {} : { askedLines: asked }),
    quantityBefore: quantity(zero),
    steps: [],
    invoiced: reconciliation.invoiced,
    billed: reconciliation.billed,
    reconciliation,
  }
}

const orderOf = ({ product, subscriptionId }: SubscriptionPlan): string =>
  `${product.name} ${subscriptionKey(subscriptionId)} ${product.sku}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
