/**
 * Lines that cannot be read (docs/billing-rules.md, "Lines"). What they charge is not known, and unknown is
 * never zero: the subscription that such a line names, or may be of, is neither planned nor gone.
 */
import type { Context, Group } from './context.ts'
import { addPair, decimal, type Pair, sumPairs, zero } from './decimal.ts'
import * as findings from './findings.ts'
import { type SubscriptionKey, subscriptionKey } from './keys.ts'
import { type ProductLookup, productName } from './products.ts'
import { invoicedTotal } from './reconcile.ts'
import type { BadLine, Finding } from './types.ts'

/** Groups of subscriptions that are on the invoice with bad lines only. */
export const badGroups = (
  bad: readonly BadLine[],
  groups: readonly Group[],
  lookup: ProductLookup,
): Group[] => {
  const first = new Map<SubscriptionKey, BadLine>()
  for (const line of [...bad].sort((a, b) => a.row - b.row)) {
    const id = subscriptionKey(line.subscriptionId)
    if (!first.has(id) && !groups.some((group) => group.id === id)) first.set(id, line)
  }
  return [...first].map(([id, line]) => {
    const resolution = lookup.resolve(line, false)
    const product = 'product' in resolution ? resolution.product : null
    const { subscriptionId, tenantId, offerName } = line
    return {
      id,
      subscriptionId,
      tenantId,
      product,
      finding: null,
      name: product?.name ?? productName(offerName),
      lines: [],
    }
  })
}

/** What the bad lines charge, as far as it can be read. */
export const badTotal = (lines: readonly BadLine[]): Pair =>
  sumPairs(
    lines.map(({ cost, price }) => ({
      cost: cost === null ? zero : decimal(cost),
      price: price === null ? zero : decimal(price),
    })),
  )

/** What the invoice charges for a group; a subscription's bad lines count with its first. */
export const chargedTotal = ({ classified, groups }: Context, group: Group): Pair => {
  const isFirst = groups.find((each) => each.id === group.id) === group
  const bad = isFirst
    ? classified.bad.filter((line) => subscriptionKey(line.subscriptionId) === group.id)
    : []
  return addPair(invoicedTotal(group.lines), badTotal(bad))
}

/**
 * An Error where a line without a subscription id may be this one's: it has its product and its customer, or no customer at all
 * and the invoice has no other line of the subscription. A credit is nobody's usage.
 */
export const mayBeIts = ({ classified }: Context, group: Group): Finding | null => {
  if (classified.unplaced.length === 0) return null
  const names = new Set([group.name, group.product?.name ?? group.name].map(productName))
  const line = classified.unplaced.find(
    (each) =>
      !isCredit(each) &&
      (each.tenantId === ''
        ? group.lines.length === 0 && names.has(productName(each.offerName))
        : each.tenantId === group.tenantId &&
          (each.offerName === '' || names.has(productName(each.offerName)))),
  )
  return line ? findings.lineMayBeIts(line) : null
}

const isCredit = ({ cost, price }: BadLine): boolean =>
  [cost, price].some((value) => value !== null && decimal(value).lt(0))

/** Unplaced lines of customers of this agreement; those of unknown customers are the invoice's. */
export const unplacedHere = ({ classified }: Pick<Context, 'classified'>): readonly BadLine[] =>
  classified.unplaced.filter((line) => line.tenantId !== '' && !classified.badAzure.includes(line))
