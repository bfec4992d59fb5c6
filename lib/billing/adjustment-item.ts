/** The organisation's own catalog item, for adjustments of which no product is known (docs/billing-rules.md, "Reserved serial numbers"). */
import { skuKey } from './keys.ts'
import type { ResolvedProduct } from './products.ts'
import type { Money, Product, Situation } from './types.ts'

/** What its catalog item is created from; by its Vendor SKU it is found again. */
export const adjustments: Product = {
  productId: '',
  sku: 'PRISM-ADJUSTMENT',
  name: 'Microsoft CSP adjustment',
  unitCost: '0' as Money,
  unitPrice: '0' as Money,
  current: true,
}

export const adjustmentProduct = ({ catalog }: Pick<Situation, 'catalog'>): ResolvedProduct => {
  const [item] = catalog
    .filter(({ vendorSku }) => skuKey(vendorSku) === skuKey(adjustments.sku))
    .toSorted((a, b) => a.id - b.id)
  return {
    key: item === undefined ? `sku:${adjustments.sku}` : `item:${item.id}`,
    productId: '',
    sku: adjustments.sku,
    name: adjustments.name,
    item: item ?? null,
    missing: item === undefined ? adjustments : null,
  }
}
