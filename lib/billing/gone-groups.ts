/** Groups that are no line's of the invoice: what is gone, and what cannot be read; and which additions are a group's. */
import { type CountedAddition } from './additions.ts'
import type { Context, Group } from './context.ts'
import * as findings from './findings.ts'
import { subscriptionKey } from './keys.ts'
import type { Matching } from './matching.ts'
import type { Untouched } from './unreadable.ts'

/** Matched additions whose product is on none of the subscription's lines: it is gone, or moved to another offer. */
export const goneGroups = (context: Context, matching: Matching): Group[] => {
  const { lookup, stored } = context
  return [...matching.matched].flatMap(([id, items]) => {
    const own = context.groupsOf(id)
    if (own.some((group) => group.product === null)) return []
    return [...items].flatMap(([itemId, held]): Group[] => {
      if (own.some((group) => group.product?.item?.id === itemId)) return []
      const item = lookup.item(itemId) ?? null
      const unreadable = lookup.unreadable(itemId)
      const product = item ? lookup.productOf(item) : undefined
      const serial = held.find((each) => subscriptionKey(each.addition?.serialNumber ?? '') === id)?.addition
        ?.serialNumber
      return [
        {
          id,
          subscriptionId: stored.get(id)?.id ?? serial ?? id,
          tenantId: context.customers.get(id) ?? '',
          product: {
            key: `item:${itemId}`,
            productId: product?.productId ?? '',
            sku: product?.sku ?? item?.vendorSku ?? '',
            name: product?.name ?? item?.identifier ?? stored.get(id)?.productName ?? '',
            item: item ?? { id: itemId, identifier: '', vendorSku: '', inactive: false, taxable: true },
            missing: null,
          },
          finding:
            unreadable === null ? null : findings.productUnreadable(unreadable.vendorSku ?? '', unreadable),
          name: product?.name ?? stored.get(id)?.productName ?? item?.identifier ?? '',
          lines: [],
        },
      ]
    })
  })
}

/** Subscriptions of which nothing is left to plan but an addition that cannot be read: they are not gone. */
export const unreadableGroups = (
  { stored }: Context,
  { subscriptions }: Untouched,
  groups: readonly Group[],
): Group[] => {
  const known = new Set(groups.map((group) => group.id))
  return [...subscriptions]
    .filter(([id]) => !known.has(id))
    .map(([id, [finding = null]]) => ({
      id,
      subscriptionId: stored.get(id)?.id ?? id,
      tenantId: stored.get(id)?.tenantId ?? '',
      product: null,
      finding,
      name: stored.get(id)?.productName ?? '',
      lines: [],
    }))
}

export const heldOf = (
  matched: Matching['matched'],
  group: Group,
  groups: readonly Group[],
): readonly CountedAddition[] => {
  const items = matched.get(group.id)
  if (!items) return []
  const itemId = group.product?.item?.id
  if (itemId !== undefined) return items.get(itemId) ?? []
  const isFirstUnresolved = groups.find((each) => each.id === group.id && each.product === null) === group
  if (!isFirstUnresolved) return []
  const resolved = new Set(
    groups.filter((each) => each.id === group.id).map((each) => each.product?.item?.id),
  )
  return [...items].filter(([id]) => !resolved.has(id)).flatMap(([, held]) => held)
}
