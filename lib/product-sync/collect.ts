/** Every read of a product sync: the stored price list and invoices, and ConnectWise's catalog. */
import { type InvoicedProduct, invoicedProducts, productsOfTenant } from '#db/prism/invoices.ts'
import { allProducts } from '#db/prism/products.ts'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import { productName } from '#lib/billing/products.ts'
import type { Product } from '#lib/billing/types.ts'
import type { ProductSituation } from '#lib/catalog/types.ts'
import type { ListedItems } from '#lib/connectwise/values.ts'
import type { ProductSyncContext } from './context.ts'

type Ctx = Pick<ProductSyncContext, 'db' | 'organisationId' | 'program' | 'options' | 'connectWise'>

/** The price list is the one that the last look at PRISM stored. */
export async function collectProducts({ ctx }: { ctx: Ctx }): Promise<ProductSituation> {
  const { db, organisationId, program, connectWise } = ctx
  const { stored, inUse } = await storedProducts(
    ctx,
    await invoicedProducts(db, organisationId, program.slug),
  )
  const products = wanted(stored, inUse)
  return {
    ...situation(ctx, products, inUse),
    ...catalogOf(await connectWise.catalogOfProducts(skus(products))),
  }
}

/** The same for what one customer has, as if it synced; `skus` are its products. */
export async function collectCustomerProducts({
  ctx,
  tenantId,
}: {
  ctx: Ctx
  tenantId: string
}): Promise<{ situation: ProductSituation; skus: ReadonlySet<SkuKey> }> {
  const { db, organisationId, program, connectWise } = ctx
  const { stored, inUse } = await storedProducts(
    ctx,
    await productsOfTenant(db, organisationId, program.slug, tenantId),
  )
  const products = wanted(stored, inUse)
  const own = products.filter(({ sku }) => inUse.has(skuKey(sku)))
  const catalog = catalogOf(await connectWise.catalogOfProducts(skus(own)))
  return { situation: { ...situation(ctx, products, inUse), ...catalog }, skus: inUse }
}

const catalogOf = ({ items, unreadable }: ListedItems) => ({ catalog: items, unreadable })

const skus = (products: readonly Product[]): string[] => products.map(({ sku }) => sku)

async function storedProducts(
  { db, organisationId, program }: Ctx,
  invoiced: readonly InvoicedProduct[],
): Promise<{ stored: readonly Product[]; inUse: ReadonlySet<SkuKey> }> {
  const listed = await allProducts(db, organisationId, program.slug)
  const { skus: inUse, unlisted } = resolved(listed, invoiced)
  for (const { sku } of unlisted) inUse.add(skuKey(sku))
  return { stored: [...listed, ...unlisted], inUse }
}

/** The current price list, and what is used though it is retired. */
const wanted = (stored: readonly Product[], inUse: ReadonlySet<SkuKey>): readonly Product[] =>
  stored.filter(({ current, sku }) => current || inUse.has(skuKey(sku)))

const situation = ({ options }: Ctx, products: readonly Product[], inUse: ReadonlySet<SkuKey>) => ({
  products,
  mode: options.productMode,
  inUse,
  defaults: options.defaults,
})

/**
 * A line's product is its subscription's ProductId, else the offer that it names; of several the current ones. One that no
 * price list ever had goes by its ProductId, which a Vendor SKU may be too (D4).
 */
function resolved(
  listed: readonly Product[],
  invoiced: readonly InvoicedProduct[],
): { skus: Set<SkuKey>; unlisted: readonly Product[] } {
  const byId = new Map<SkuKey, Product[]>()
  const byName = new Map<string, Product[]>()
  for (const product of listed) {
    for (const key of [skuKey(product.productId), skuKey(product.sku)]) add(byId, key, product)
    add(byName, productName(product.name), product)
  }
  const found = new Set<SkuKey>()
  const unlisted = new Map<SkuKey, Product>()
  for (const { productId, offerName, unitCost, unitPrice } of invoiced) {
    const known = byId.get(skuKey(productId)) ?? byName.get(productName(offerName)) ?? []
    const current = known.filter((product) => product.current)
    for (const { sku } of current.length > 0 ? current : known) found.add(skuKey(sku))
    if (known.length > 0 || productId === '' || unitCost === null || unitPrice === null) continue
    const name = productName(offerName)
    unlisted.set(skuKey(productId), {
      productId,
      sku: productId,
      name,
      unitCost,
      unitPrice,
      current: false,
    })
  }
  return { skus: found, unlisted: [...unlisted.values()] }
}

function add(groups: Map<string, Product[]>, key: string, product: Product): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [product])
  else group.push(product)
}
