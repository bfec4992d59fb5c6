import { and, eq, lt, or, sql } from 'drizzle-orm'
import { skuKey } from '#lib/billing/keys.ts'
import type { Product } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isNoneOf, isOneOf } from '../rows.ts'
import { cutNameOf, keyOf, products } from './tables.ts'

const ofProgram = (organisationId: string, program: string) =>
  and(eq(products.organisationId, organisationId), eq(products.program, program))

/**
 * Stores the current price list; entries that it has no more stay, as not current (D4).
 * @param kept ProductIds and SKUs of entries that were set aside: they stay as they are; `null`: it may be any
 */
export const storePriceList = async (
  db: Database,
  organisationId: string,
  program: string,
  list: readonly Product[],
  kept: readonly string[] | null = [],
): Promise<void> => {
  const seenAt = new Date()
  const distinct = new Map(list.map((each) => [JSON.stringify([each.productId, each.sku]), each]))
  await db.transaction(async (tx) => {
    for (const part of batches([...distinct.values()]))
      await tx
        .insert(products)
        .values(part.map((each) => ({ ...each, organisationId, program, current: true, seenAt })))
        .onConflictDoUpdate({
          target: [products.organisationId, products.program, products.productId, products.sku],
          set: {
            name: sql`excluded.name`,
            unitCost: sql`excluded.unit_cost`,
            unitPrice: sql`excluded.unit_price`,
            current: sql`excluded.current`,
            seenAt: sql`excluded.seen_at`,
          },
        })
    if (kept === null) return
    await tx
      .update(products)
      .set({ current: false })
      .where(
        and(
          ofProgram(organisationId, program),
          eq(products.current, true),
          lt(products.seenAt, seenAt),
          isNoneOf(products.productId, kept),
          isNoneOf(products.sku, kept),
        ),
      )
  })
}

/** What names a product: a ProductId or SKU, or a whole product name (`names` without the invoice's NCE suffix). */
export interface ProductNames {
  readonly idsOrSkus: readonly string[]
  readonly names: readonly string[]
}

/** Stored products that any of `wanted` names; ids and SKUs without regard to case and surrounding spaces, names exactly. */
export const productsNamed = async (
  db: Database,
  organisationId: string,
  program: string,
  wanted: ProductNames,
): Promise<Product[]> => {
  const keys = [...new Set(wanted.idsOrSkus.map((each) => skuKey(each)))].filter((each) => each !== '')
  const names = [...new Set(wanted.names)]
  if (keys.length === 0 && names.length === 0) return []
  const matches = [
    isOneOf(keyOf(products.productId), keys),
    isOneOf(keyOf(products.sku), keys),
    isOneOf(cutNameOf(products.name), names),
  ]
  const rows = await db
    .select()
    .from(products)
    .where(and(ofProgram(organisationId, program), or(...matches)))
    .orderBy(products.sku, products.productId)
  return rows.map(toProduct)
}

/** Every product ever stored, by SKU. */
export const allProducts = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Product[]> => {
  const rows = await db
    .select()
    .from(products)
    .where(ofProgram(organisationId, program))
    .orderBy(products.sku, products.productId)
  return rows.map(toProduct)
}

const toProduct = ({
  productId,
  sku,
  name,
  unitCost,
  unitPrice,
  current,
}: typeof products.$inferSelect): Product => ({
  productId,
  sku,
  name,
  unitCost,
  unitPrice,
  current,
})
