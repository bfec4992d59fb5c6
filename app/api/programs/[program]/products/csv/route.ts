import { productsCsv } from '#app/server/products.ts'
import { authorise, programOf, queryOf, route } from '#app/server/route.ts'
import { productsQuerySchema } from '../../../../schemas/products.ts'

export const maxDuration = 60

export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor } = await authorise(request, 'products.read')
  const query = queryOf(request, productsQuerySchema)
  return new Response(await productsCsv({ organisationId, program, actor, query }), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="prism-pod-products.csv"',
      'cache-control': 'no-store',
    },
  })
})
