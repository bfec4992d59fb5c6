/** The price list of a day (docs/facts/prism.md, "Price list"). */
import type { Day } from './calendar.ts'
import { isListed, type Product, priceOn } from './history.ts'

/** `{ProductGroups: [{Products}]}`: products on the list on `day`, at that day's prices. */
export function priceListOn(products: readonly Product[], day: Day) {
  const listed = Object.groupBy(
    products.filter((product) => isListed(product, day)),
    (product) => product.group,
  )
  return {
    ProductGroups: Object.values(listed).map((group = []) => ({
      Products: group.map((product) => entry(product, day)),
    })),
  }
}

function entry(product: Product, day: Day) {
  const price = priceOn(product, day)
  // JSON numbers, as PRISM writes them; two decimals are exact in a number's text form.
  const cost = Number(price.cost)
  const rrp = Number(price.rrp)
  return {
    ProductId: product.productId,
    ProductSku: product.sku,
    ProductName: product.name,
    ProductGroup: product.group,
    ProductGroupId: product.group.toLowerCase().replaceAll(' ', '-'),
    ProductUnit: product.unit,
    ProductFrequencies: ['1 Month'],
    MinQty: 1,
    MaxQty: 999999,
    Qty: 1,
    Price: cost,
    UnitPrice: cost,
    RetailPrice: rrp,
    RetailUnitPrice: rrp,
    CommitmentValue: null,
    CommitmentValueUnitPrice: null,
    TieredProductSku: null,
    ProductType: 'NON-SPECIFIC',
    ProductDescription: product.name,
    ProductShortDescription: product.name,
    ProductRestrictions: null,
    IsTrialProduct: false,
    BillingCycleOptions: 2,
    BillingCycleDuration: 1,
  }
}
