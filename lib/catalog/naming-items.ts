/**
 * Items of a catalog that name a product otherwise than by its Vendor SKU: what PRISM Connect made, and what a clerk made by hand
 * (docs/billing-rules.md, "Products"). One by itself is taken over; several are asked about.
 */
import { namedProduct } from '#lib/billing/item-names.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import type { CatalogEntry } from './types.ts'

/**
 * By SKU. One that is billed for a year at once has a year's price, and one with a Vendor SKU of its own is that product's: they
 * are nobody else's.
 */
export function itemsNaming(catalog: readonly CatalogEntry[]): ReadonlyMap<SkuKey, readonly CatalogEntry[]> {
  const bySku = new Map<SkuKey, CatalogEntry[]>()
  for (const item of catalog) {
    const { sku, motion } = namedProduct(item)
    if (sku === '' || motion === 'annual' || sku === skuKey(item.vendorSku)) continue
    bySku.set(sku, [...(bySku.get(sku) ?? []), item])
  }
  return bySku
}
