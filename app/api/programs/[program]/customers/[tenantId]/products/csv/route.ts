import { authorise, csvReply, programOf, queryOf, route } from '#app/http/route.ts'
import { productsCsv } from '#app/views/products.ts'
import { productsQuerySchema } from '../../../../../../schemas/products.ts'

export const maxDuration = 60

export const GET = route<{ program: string; tenantId: string }>(
  async (request, { program: slug, tenantId }) => {
    const program = programOf(slug)
    const { organisationId, actor } = await authorise(request, 'products.read')
    const query = queryOf(request, productsQuerySchema)
    return csvReply('products', await productsCsv({ organisationId, program, actor, query, tenantId }))
  },
)
