import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { syncContextOf } from '#app/server/worker.ts'
import type { PlannedProduct } from '#lib/catalog/types.ts'
import { previewProducts } from '#lib/sync/sync-products.ts'
import { productsQuerySchema, productsSchema } from '../../../schemas/products.ts'

export const maxDuration = 60

const PAGE_SIZE = 100

/** What a product sync would write now, and nothing written (D5). */
export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor } = await authorise(request, 'products.read')
  const { search, state, page } = queryOf(request, productsQuerySchema)
  const plan = await previewProducts({ ctx: await syncContextOf(organisationId, program.slug, actor) })
  const text = search.toLowerCase()
  const fitting = plan.products.filter(
    (product) =>
      (state === '' || (state === 'written' ? product.change !== null : product.state === state)) &&
      (product.sku.toLowerCase().includes(text) || product.name.toLowerCase().includes(text)),
  )
  const products = fitting.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(shown)
  return reply(productsSchema, {
    counts: { ...plan.counts },
    products,
    page,
    pageSize: PAGE_SIZE,
    total: fitting.length,
  })
})

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
