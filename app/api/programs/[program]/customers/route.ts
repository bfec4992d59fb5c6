import { serve } from '#app/http/serve.ts'
import { customersFound } from '#app/views/customers.ts'

export const GET = serve('GET /api/programs/{program}/customers', ({ principal, path, query }) =>
  customersFound(principal.organisationId, path.program.slug, query),
)
