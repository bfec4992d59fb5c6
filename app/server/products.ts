/** The preview of a product sync (D5), for the API, its CSV and the page. */
import type { z } from 'zod'
import type { productsQuerySchema, ShownProducts } from '#app/api/schemas/products.ts'
import type { PlannedProduct } from '#lib/catalog/types.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewProducts } from '#lib/sync/sync-products.ts'
import { csvLine } from './csv.ts'
import { syncContextOf } from './worker.ts'

type ProductsQuery = z.infer<typeof productsQuerySchema>

interface Asked {
  readonly organisationId: string
  readonly program: Program
  readonly actor: string
  readonly query: ProductsQuery
}

const PAGE_SIZE = 100

export async function productsPage(asked: Asked): Promise<ShownProducts> {
  const { counts, fitting } = await fittingProducts(asked)
  const { page } = asked.query
  const products = fitting.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(shown)
  return { counts: { ...counts }, products, page, pageSize: PAGE_SIZE, total: fitting.length }
}

async function fittingProducts({ organisationId, program, actor, query }: Asked) {
  const { search, state } = query
  const plan = await previewProducts({ ctx: await syncContextOf(organisationId, program.slug, actor) })
  const text = search.toLowerCase()
  const fitting = plan.products.filter(
    (product) =>
      (state === '' || (state === 'written' ? product.change !== null : product.state === state)) &&
      (product.sku.toLowerCase().includes(text) || product.name.toLowerCase().includes(text)),
  )
  return { counts: plan.counts, fitting }
}

const shown = ({ change: _, items, sameWhenCut, ...product }: PlannedProduct) => ({
  ...product,
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
