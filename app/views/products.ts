/** The preview of a product sync (D5), for the API, its CSV and the page. */
import type { z } from 'zod'
import { productStates, type productsQuerySchema, type ShownProducts } from '#app/api/schemas/products.ts'
import { csvLine } from '#app/http/csv.ts'
import { server } from '#app/process/process.ts'
import { syncContextOf } from '#app/process/worker.ts'
import { customerOf } from '#db/mappings/customers.ts'
import { productPreview, putProductPreview } from '#db/runs/product-previews.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PlannedProduct, ProductPlan } from '#lib/catalog/types.ts'
import { previewCustomerProducts, previewProducts } from '#lib/product-sync/run.ts'
import type { Program } from '#lib/programs/registry.ts'

type ProductsQuery = z.infer<typeof productsQuerySchema>

interface Asked {
  readonly organisationId: string
  readonly program: Program
  readonly actor: string
  readonly query: ProductsQuery
  /** One customer's products, as if it synced; `null`: the whole price list. */
  readonly tenantId: string | null
}

const PAGE_SIZE = 100

export async function productsPage(asked: Asked): Promise<ShownProducts> {
  const { id, readAt, counts, fitting } = await fittingProducts(asked)
  const { page } = asked.query
  const products = fitting.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(shown)
  return {
    preview: id,
    readAt: readAt.toISOString(),
    counts: { ...counts },
    products,
    page,
    pageSize: PAGE_SIZE,
    total: fitting.length,
  }
}

async function fittingProducts(asked: Asked) {
  const { search, state } = asked.query
  const { id, readAt, plan } = await previewOf(asked)
  const text = search.toLowerCase()
  const fitting = plan.products.filter(
    (product) =>
      (state === '' || (state === 'written' ? product.change !== null : product.state === state)) &&
      (product.sku.toLowerCase().includes(text) || product.name.toLowerCase().includes(text)),
  )
  return { id, readAt, counts: plan.counts, fitting }
}

const collator = new Intl.Collator('en')

/** What is wrong first, then what is new, then the rest; by name. */
const inOrder = ({ counts, products }: ProductPlan): ProductPlan => ({
  counts,
  products: [...products].sort((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name)),
})

const rank = ({ state }: PlannedProduct): number => productStates.indexOf(state)

/** The preview that is asked for by its id, where it is still the last one; else ConnectWise is read. */
async function previewOf({ organisationId, program, actor, tenantId, query }: Asked) {
  const { db } = server()
  const kept =
    query.preview === undefined || tenantId !== null
      ? null
      : await productPreview(db, organisationId, program.slug, query.preview)
  if (kept !== null) return kept
  if (tenantId !== null && (await customerOf(db, organisationId, program.slug, tenantId)) === null)
    throw new ProductError('not-found', 'PRISM has no such customer.')
  const ctx = await syncContextOf(organisationId, program.slug, actor)
  if (tenantId !== null)
    return { id: null, readAt: new Date(), plan: inOrder(await previewCustomerProducts({ ctx, tenantId })) }
  return putProductPreview(db, organisationId, program.slug, inOrder(await previewProducts({ ctx })))
}

const shown = ({ change: _, items, sameWhenCut, unreadable, ...product }: PlannedProduct) => ({
  ...product,
  unreadable: unreadable === null ? null : { record: unreadable.record, reason: unreadable.reason },
  items: items.map(({ id, identifier, description, inactive, unitCost, unitPrice }) => ({
    id,
    identifier,
    description,
    inactive,
    unitCost,
    unitPrice,
  })),
  sameWhenCut: [...sameWhenCut],
})

const HEADINGS = [
  'SKU',
  'Name',
  'State',
  'In use',
  'Cost (PRISM)',
  'Price (PRISM)',
  'Product ID (ConnectWise)',
  'Cost (ConnectWise)',
  'Price (ConnectWise)',
  'Same name when cut',
]

/** All fitting products, whatever the page. */
export async function productsCsv(asked: Asked): Promise<string> {
  const { fitting } = await fittingProducts(asked)
  const lines = fitting.map(({ sku, name, state, inUse, unitCost, unitPrice, items, sameWhenCut }) => [
    sku,
    name,
    state,
    inUse ? 'yes' : 'no',
    unitCost,
    unitPrice,
    items.map(({ identifier }) => identifier).join(' | '),
    items.map((item) => item.unitCost).join(' | '),
    items.map((item) => item.unitPrice).join(' | '),
    sameWhenCut.join(' | '),
  ])
  return [HEADINGS, ...lines].map(csvLine).join('')
}
