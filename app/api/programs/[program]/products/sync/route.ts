import { serve } from '#app/http/serve.ts'
import { syncProducts } from '#app/process/requests.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/products/sync', ({ principal, path }) =>
  syncProducts(principal, path.program),
)
