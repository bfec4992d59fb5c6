/** What a product sync works with and what it decides; plain values, made and read anywhere. */
import type { SkuKey } from '#lib/billing/keys.ts'
import type {
  CatalogDefaults,
  CatalogItem,
  CreateCatalogItemChange,
  Money,
  Product,
  UnreadableItem,
} from '#lib/billing/types.ts'

/** A catalog item with what the sync compares; `description` only tells items apart on a screen. */
export interface CatalogEntry extends CatalogItem {
  readonly description: string
  readonly unitCost: Money
  readonly unitPrice: Money
}

export interface ProductSituation {
  /** The current price list, and retired products that stored invoices of syncing customers still name. */
  readonly products: readonly Product[]
  /** The whole catalog, or at least every item whose Vendor SKU is one of the products'; inactive ones too. */
  readonly catalog: readonly CatalogEntry[]
  /** Items of these products, or that may be, that cannot be read. */
  readonly unreadable?: readonly UnreadableItem[]
  /** C3: create items for the whole price list, or only for products that are in use. */
  readonly mode: 'all' | 'in-use'
  /** Of the products that syncing customers' stored invoices name. */
  readonly inUse: ReadonlySet<SkuKey>
  readonly defaults: CatalogDefaults
}

/**
 * - `same`: linked, and cost and price are the price list's; nothing to write.
 * - `change`: linked; cost or price become the price list's (D3).
 * - `create`: not linked, and wanted (D2).
 * - `not-in-use`: not linked, and not wanted as long as nobody uses it (C3).
 * - `ambiguous`: several items have its SKU as Vendor SKU (D6).
 * - `contradictory`: the price list has its SKU several times, with different prices.
 * - `unreadable`: an item that is, or may be, linked cannot be read; it is neither created nor written.
 * - `retired`: not on the current price list; linked, so that it can be billed, and never written (D4).
 * - `retired-missing`: not on the current price list and not linked (D4).
 */
export type ProductState =
  | 'same'
  | 'change'
  | 'create'
  | 'not-in-use'
  | 'ambiguous'
  | 'contradictory'
  | 'unreadable'
  | 'retired'
  | 'retired-missing'

export interface UpdateCatalogItemChange {
  readonly kind: 'updateCatalogItem'
  readonly sku: string
  readonly catalogItemId: number
  readonly before: { readonly unitCost: Money; readonly unitPrice: Money }
  readonly after: { readonly unitCost: Money; readonly unitPrice: Money }
}

export type ProductChange = CreateCatalogItemChange | UpdateCatalogItemChange

/** One SKU: what is wanted, what ConnectWise has, and what would be written. */
export interface PlannedProduct {
  readonly sku: string
  readonly name: string
  readonly unitCost: Money
  readonly unitPrice: Money
  readonly state: ProductState
  readonly inUse: boolean
  /** The linked item, or the several of `ambiguous`. */
  readonly items: readonly CatalogEntry[]
  /** Of `unreadable`: the item that cannot be read. */
  readonly unreadable: UnreadableItem | null
  /** `null`: nothing is written. */
  readonly change: ProductChange | null
  /** Other SKUs whose names become equal when cut to 60 characters (D5). */
  readonly sameWhenCut: readonly string[]
}

export interface ProductPlan {
  /** By SKU. */
  readonly products: readonly PlannedProduct[]
  readonly counts: Readonly<Record<ProductState, number>>
}
