/** Whether a text that a clerk wrote names a product of PRISM's. */
import type { Context } from './context.ts'
import { type SkuKey, type SubscriptionKey, skuKey } from './keys.ts'
import { productName } from './products.ts'

/** A product by which an addition may be known. */
export interface Namesake {
  readonly id: SubscriptionKey
  readonly name: string
  readonly sku: string
}

/** A name of so many characters may have been cut (docs/facts/connectwise.md, "Records"); a shorter one is whole. */
const cutAt = 60
/** A shorter SKU may stand in a text by chance. */
const tellingSku = 8

const nameKey = (text: string): string =>
  productName(text.trim())
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Whether one of the texts is the product's name, whatever stands between its words, or has its SKU in it. */
export const isCalled = (
  texts: readonly string[],
  { name, sku }: Pick<Namesake, 'name' | 'sku'>,
): boolean => {
  const called = nameKey(name)
  const key: SkuKey = skuKey(sku)
  return texts.some((text) => {
    const own = nameKey(text)
    if (own === '') return false
    if (key.length >= tellingSku && text.toLowerCase().includes(key)) return true
    return own === called || (text.trim().length >= cutAt && called.startsWith(own))
  })
}

/** What is on the invoice and was never synced, but for what a person says is billed elsewhere. */
export const namesakesIn = ({ situation, groups }: Context): Namesake[] => {
  const { synced, good, starts = {}, tenants } = situation
  const known = new Set(synced ?? [])
  const isElsewhere = (tenantId: string): boolean =>
    tenants.some(
      ({ id, firstSync }) =>
        id === tenantId && firstSync?.isChosen === true && firstSync.begin === 'elsewhere',
    )
  return groups.flatMap(({ id, tenantId, product, lines }) =>
    product === null ||
    lines.length === 0 ||
    known.has(id) ||
    (good[id] ?? []).length > 0 ||
    starts[id] !== undefined ||
    isElsewhere(tenantId)
      ? []
      : [{ id, name: product.name, sku: product.sku }],
  )
}
