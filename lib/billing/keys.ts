/**
 * By what subscriptions and products are compared and looked up. PRISM, people and ConnectWise write their ids with other
 * capitals and with spaces around them (F5, D1); only these functions make the keys, so that no id is one by mistake.
 */

/** A subscription's id, or an addition's serial number. `''`: none. */
export type SubscriptionKey = string & { readonly __brand: 'SubscriptionKey' }
/** A product's SKU, or its id where PRISM gives that in its place; a catalog item's Vendor SKU. `''`: none. */
export type SkuKey = string & { readonly __brand: 'SkuKey' }

/** What is known of subscriptions, each by its key. */
export type BySubscription<T> = Readonly<Record<SubscriptionKey, T>>

const key = (text: string): string => text.trim().toLowerCase()

export const subscriptionKey = (id: string): SubscriptionKey => key(id) as SubscriptionKey
/** The key of what names no subscription. */
export const noSubscription = subscriptionKey('')

/**
 * What the key of a line that names no subscription begins with. The rest tells the customer and the offer that it names, so that what
 * a person said of it holds on every invoice.
 */
export const withoutSubscription = 'without-subscription-'

export const isWithoutSubscription = (id: string): boolean => key(id).startsWith(withoutSubscription)

export const skuKey = (sku: string): SkuKey => key(sku) as SkuKey

/** The keys of what is known of subscriptions. */
export const subscriptionKeysIn = (by: BySubscription<unknown>): SubscriptionKey[] =>
  Object.keys(by) as SubscriptionKey[]
