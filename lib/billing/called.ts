/** Whether a text that a clerk wrote names a product of PRISM's. */
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
