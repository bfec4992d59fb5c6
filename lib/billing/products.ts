/**
 * Which product a line is for, and which catalog item bills it (docs/billing-rules.md, "Products"; D1, D4,
 * D6).
 */

import * as findings from './findings.ts'
import { itemChoice } from './item-choice.ts'
import { type SubscriptionKey, skuKey, subscriptionKey } from './keys.ts'
import type { Cycle, Motion } from './motion.ts'
import { once, onceEach } from './once.ts'
import { mendedBy, onlyOneMayHave, someMustHave } from './still-wrong.ts'
import { cutText } from './text.ts'
import type {
  CatalogItem,
  CreateCatalogItemChange,
  Day,
  Finding,
  InvoiceLine,
  Product,
  Situation,
  Subscription,
  UnreadableItem,
} from './types.ts'

export interface ResolvedProduct {
  /** Equal for lines of the same product: the catalog item's id, else the SKU. */
  readonly key: string
  readonly productId: string
  readonly sku: string
  readonly name: string
  readonly item: CatalogItem | null
  /** The product to create the catalog item from, where it is missing. */
  readonly missing: Product | null
}

export type Resolution = { readonly product: ResolvedProduct } | { readonly finding: Finding }

const suffix = ' (NCE Product)'
/** The offer's name as the price list has it (docs/facts/prism.md, "Invoice CSV"). */
export const productName = (offerName: string): string =>
  offerName.endsWith(suffix) ? offerName.slice(0, -suffix.length) : offerName

const distinct = (products: readonly Product[]): Product[] => [
  ...new Map(products.map((product) => [skuKey(product.sku), product])).values(),
]

/** What of a line names its product. */
type NamingLine = Pick<InvoiceLine, 'subscriptionId' | 'offerName'> & Partial<Cycle>

/** Looks products and catalog items up by what names them; built once a plan. */
export interface ProductLookup {
  readonly resolve: (line: NamingLine, hasSeveralOffers: boolean) => Resolution
  /** What is equal for catalog items of one product, whatever their motion. */
  readonly kindOf: (itemId: number) => string
  /** The kind of the product that PRISM lists for a subscription; `null` where the catalog has no item of it, or several. */
  readonly kindOfSubscription: (subscription: Subscription) => string | null
  /** The same of lines' product. */
  readonly kindOfProduct: (product: ResolvedProduct) => string
  /** How the term of what the item bills is billed; `null`: it does not say. */
  readonly motionOf: (itemId: number) => Motion | null
  readonly item: (id: number) => CatalogItem | undefined
  /** Why nobody knows what the item is; `null` where it can be read, or ConnectWise did not list it. */
  readonly unreadable: (itemId: number) => UnreadableItem | null
  /** The product of any stored price list with the SKU. */
  readonly bySku: (sku: string) => Product | undefined
  /** The product of any stored price list that a catalog item names (F9). */
  readonly productOf: (item: CatalogItem) => Product | undefined
}

export const subscriptionsById = ({
  subscriptions,
}: Pick<Situation, 'subscriptions'>): ReadonlyMap<SubscriptionKey, Subscription> =>
  new Map(subscriptions.map((each) => [subscriptionKey(each.id), each]))

const groupBy = <T, K>(values: readonly T[], key: (value: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const name = key(value)
    const group = groups.get(name)
    if (group) group.push(value)
    else groups.set(name, [value])
  }
  return groups
}

/** What a lookup is built of. */
export type ProductSource = Pick<
  Situation,
  'products' | 'catalog' | 'unreadableItems' | 'additions' | 'owned' | 'answers' | 'subscriptions'
>

/** @param stored PRISM's subscriptions. @param from the first day that is planned */
export const productLookup = (
  situation: ProductSource,
  stored: ReadonlyMap<SubscriptionKey, Subscription> = subscriptionsById(situation),
  from: Day | null = null,
): ProductLookup => {
  const byProductId = groupBy(situation.products, (each) => skuKey(each.productId))
  const bySku = groupBy(situation.products, (each) => skuKey(each.sku))
  const byName = once(() => groupBy(situation.products, (each) => productName(each.name)))
  const itemsBySku = groupBy(
    situation.catalog.filter((item) => item.vendorSku.trim() !== ''),
    (item) => skuKey(item.vendorSku),
  )
  const items = new Map(situation.catalog.map((item) => [item.id, item]))
  const unreadable = situation.unreadableItems ?? []
  const unreadableById = new Map(unreadable.map((item) => [item.id, item]))
  const ofSku = (sku: string): UnreadableItem | undefined =>
    unreadable.find(({ vendorSku }) => vendorSku !== null && skuKey(vendorSku) === skuKey(sku))
  const ofAnySku = unreadable.find(({ vendorSku }) => vendorSku === null)
  const carrying = once(() => {
    const owned = new Set(situation.owned.map((each) => each.additionId))
    return new Map(
      situation.additions
        .filter((addition) => addition.serialNumber.trim() !== '' && owned.has(addition.id))
        .map((addition) => [subscriptionKey(addition.serialNumber), addition.catalogItemId]),
    )
  })

  const choice = itemChoice(situation, from)
  const productOf = (item: CatalogItem): Product | undefined => bySku.get(choice.named(item).sku)?.[0]
  const isLinked = (item: CatalogItem): boolean => productOf(item) !== undefined
  const kindOfSku = (sku: string): string => `sku:${skuKey(sku)}`
  const kindOf = onceEach((itemId: number): string => {
    const item = items.get(itemId)
    const product = item && productOf(item)
    return product ? kindOfSku(product.sku) : `item:${itemId}`
  })
  const preferCurrent = (found: readonly Product[]): readonly Product[] => {
    if (found.length < 2) return found
    const current = found.filter((product) => product.current)
    return distinct(current.length > 0 ? current : found)
  }
  const named = (offerName: string): readonly Product[] =>
    preferCurrent(byName().get(productName(offerName)) ?? [])
  const identified = onceEach((productId: string): Product | undefined => {
    const id = skuKey(productId)
    return preferCurrent([...(byProductId.get(id) ?? []), ...(bySku.get(id) ?? [])])[0]
  })

  /** A subscription's state is live: where its name is no longer the line's, and the line's names one product, that is it. */
  const decidesByName = (
    subscription: Subscription | undefined,
    line: NamingLine,
    hasSeveralOffers: boolean,
  ): boolean =>
    subscription === undefined ||
    hasSeveralOffers ||
    (productName(subscription.productName) !== productName(line.offerName) &&
      named(line.offerName).length === 1)

  const linked = (
    item: CatalogItem,
    line: NamingLine,
    product: Product | undefined,
    productId: string,
  ): Resolution => ({
    product: {
      key: `item:${item.id}`,
      productId: product?.productId ?? productId,
      sku: product?.sku ?? productOf(item)?.sku ?? item.vendorSku.trim(),
      name: product?.name ?? productName(line.offerName),
      item,
      missing: null,
    },
  })

  const resolve = (line: NamingLine, hasSeveralOffers: boolean): Resolution => {
    const subscription = stored.get(subscriptionKey(line.subscriptionId))
    const byOffer = decidesByName(subscription, line, hasSeveralOffers)
    const found = byOffer ? named(line.offerName) : []
    if (found.length > 1) return { finding: findings.productUnknown(productName(line.offerName)) }
    const productId = byOffer ? (found[0]?.productId ?? '') : (subscription?.productId ?? '')
    const product = byOffer ? found[0] : identified(productId)
    for (const sku of [product?.sku, productId]) {
      if (!sku) continue
      const odd = ofSku(sku)
      if (odd) return { finding: findings.productUnreadable(sku, odd) }
      const alike = itemsBySku.get(skuKey(sku)) ?? []
      const chosen = choice.choose(sku, line, alike)
      if (chosen === 'several') {
        const those = onlyOneMayHave(alike.map(({ identifier }) => identifier))
        return { finding: mendedBy(findings.multipleProducts(sku), those) }
      }
      if (chosen) return linked(chosen, line, product, productId)
    }
    // Only of an addition of ours: a hand-made one may bill anything.
    const carriedId = carrying().get(subscriptionKey(line.subscriptionId)) ?? -1
    const odd = unreadableById.get(carriedId)
    if (odd) return { finding: findings.productUnreadable(product?.sku ?? productId, odd) }
    const carried = items.get(carriedId)
    if (carried && !hasSeveralOffers && !isLinked(carried)) return linked(carried, line, product, productId)
    if (product?.current) {
      const { sku, name } = product
      if (ofAnySku) return { finding: findings.productUnreadable(sku, ofAnySku) }
      return {
        product: {
          key: `sku:${skuKey(sku)}`,
          productId: product.productId,
          sku,
          name,
          item: null,
          missing: product,
        },
      }
    }
    return {
      finding: mendedBy(
        findings.productRetired(productName(line.offerName)),
        someMustHave(product?.sku ?? ''),
      ),
    }
  }

  return {
    resolve,
    kindOf,
    kindOfProduct: ({ item, sku }) => (item ? kindOf(item.id) : kindOfSku(sku)),
    kindOfSubscription: ({ productId }) => {
      const sku = identified(productId)?.sku ?? productId
      const [item, another] = sku === '' ? [] : (itemsBySku.get(skuKey(sku)) ?? [])
      if (another) return null
      if (item) return kindOf(item.id)
      return choice.hasOthers(sku) ? kindOfSku(sku) : null
    },
    motionOf: (itemId) => {
      const item = items.get(itemId)
      return item ? choice.named(item).motion : null
    },
    item: (id) => items.get(id),
    unreadable: (itemId) => unreadableById.get(itemId) ?? null,
    bySku: (sku) => bySku.get(skuKey(sku))?.[0],
    productOf,
  }
}

/**
 * ConnectWise's limit on identifier and description of a catalog item (docs/facts/connectwise.md, "Records").
 */
const maxNameLength = 60

/** A product's name as ConnectWise can hold it. */
export const cutName = (name: string): string => cutText(name, maxNameLength)

/** D2: the catalog item of a product that has none. */
export const newCatalogItem = (
  product: Product,
  { defaults }: Pick<Situation['options'], 'defaults'>,
): CreateCatalogItemChange => ({
  kind: 'createCatalogItem',
  reason: { rule: 'missing-product' },
  sku: product.sku,
  identifier: cutText(product.sku, maxNameLength),
  description: cutName(product.name),
  customerDescription: product.name,
  unitCost: product.unitCost,
  unitPrice: product.unitPrice,
  ...defaults,
})
