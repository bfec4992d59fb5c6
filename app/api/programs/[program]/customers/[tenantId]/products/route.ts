import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { productsPage } from '#app/views/products.ts'
import { productsQuerySchema, productsSchema } from '../../../../../schemas/products.ts'

export const maxDuration = 60

/** What a product sync would write for this customer, as if it synced, and nothing written (D5). */
export const GET = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'products.read')
    const query = queryOf(request, productsQuerySchema)
    return reply(productsSchema, await productsPage({ organisationId, program, actor, query, tenantId }))
  },
)
