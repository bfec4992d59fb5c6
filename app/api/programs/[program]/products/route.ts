import { serve } from '#app/http/serve.ts'
import { productsPage } from '#app/views/products.ts'

export const maxDuration = 60

export const GET = serve('GET /api/programs/{program}/products', ({ principal, path, query }) =>
  productsPage({ ...principal, ...path, query, tenantId: null }),
)
