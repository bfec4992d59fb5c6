/** What a product sync works with and what it decides; plain values, made and read anywhere. */
import { z } from 'zod'
import type { SkuKey } from '#lib/billing/keys.ts'
import {
  type CatalogDefaults,
  catalogItemSchema,
  createCatalogItemChangeSchema,
  moneySchema,
  type Product,
  type UnreadableItem,
  unreadableItemSchema,
} from '#lib/billing/types.ts'

/** A catalog item with what the sync compares; `description` only tells items apart on a screen. */
const catalogEntrySchema = catalogItemSchema.extend({
  description: z.string(),
  unitCost: moneySchema,
  unitPrice: moneySchema,
})
export type CatalogEntry = Readonly<z.infer<typeof catalogEntrySchema>>

export interface ProductSituation {
  /** The current price list, and retired products that stored invoices of syncing customers still name. */
  readonly products: readonly Product[]
  /** The whole catalog, or at least every item whose Vendor SKU is one of the products', or that names one of them; inactive ones too. */
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
 * - `take-over`: not linked, and wanted; one item names its SKU, and gets it as Vendor SKU, with the price list's cost and price.
 * - `claimed`: not linked, and wanted; several items name its SKU, or one that is inactive: a person says which it is.
 * - `not-in-use`: not linked, and not wanted as long as nobody uses it (C3).
 * - `ambiguous`: several items have its SKU as Vendor SKU (D6).
 * - `contradictory`: the price list has its SKU several times, with different prices.
 * - `unreadable`: an item that is, or may be, linked cannot be read; it is neither created nor written.
 * - `retired`: not on the current price list; linked, so that it can be billed, and never written (D4).
 * - `retired-missing`: not on the current price list and not linked (D4).
 */
export const productStateSchema = z.enum([
  'same',
  'change',
  'create',
  'take-over',
  'claimed',
  'not-in-use',
  'ambiguous',
  'contradictory',
  'unreadable',
  'retired',
  'retired-missing',
])
export type ProductState = z.infer<typeof productStateSchema>

/** Unit cost and unit price of a catalog item. */
export const amountsSchema = z.object({ unitCost: moneySchema, unitPrice: moneySchema })

export const updateCatalogItemChangeSchema = z.object({
  kind: z.literal('updateCatalogItem'),
  sku: z.string(),
  catalogItemId: z.number().int(),
  before: amountsSchema,
  after: amountsSchema,
  /** Of an item that is taken over; left out: its Vendor SKU stays. */
  vendorSku: z.object({ before: z.string(), after: z.string() }).optional(),
})
export type UpdateCatalogItemChange = Readonly<z.infer<typeof updateCatalogItemChangeSchema>>

const productChangeSchema = z.discriminatedUnion('kind', [
  createCatalogItemChangeSchema,
  updateCatalogItemChangeSchema,
])
export type ProductChange = Readonly<z.infer<typeof productChangeSchema>>

/** One SKU: what is wanted, what ConnectWise has, and what would be written. */
const plannedProductSchema = z.object({
  sku: z.string(),
  name: z.string(),
  unitCost: moneySchema,
  unitPrice: moneySchema,
  state: productStateSchema,
  inUse: z.boolean(),
  /** The linked item, the one that is taken over, or the several of `ambiguous` and `claimed`. */
  items: z.array(catalogEntrySchema),
  /** Of `unreadable`: the item that cannot be read. */
  unreadable: unreadableItemSchema.nullable(),
  /** `null`: nothing is written. */
  change: productChangeSchema.nullable(),
  /** Other SKUs whose names become equal when cut to 60 characters (D5). */
  sameWhenCut: z.array(z.string()),
})
export type PlannedProduct = Readonly<z.infer<typeof plannedProductSchema>>

export const productPlanSchema = z.object({
  /** By SKU. */
  products: z.array(plannedProductSchema),
  counts: z.record(productStateSchema, z.number().int()),
})
export type ProductPlan = Readonly<z.infer<typeof productPlanSchema>>
