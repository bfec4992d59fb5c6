import { serve } from '#app/http/serve.ts'
import { productsCsv } from '#app/views/products.ts'

export const maxDuration = 60

export const GET = serve('GET /api/programs/{program}/products/csv', async ({ principal, path, query }) => ({
  name: 'products',
  lines: await productsCsv({ ...principal, ...path, query, tenantId: null }),
}))
