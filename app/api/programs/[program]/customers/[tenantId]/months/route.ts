import { serve } from '#app/http/serve.ts'
import { customerMonths } from '#app/views/customer-months.ts'

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/months',
  ({ principal, path, query }) =>
    customerMonths(principal.organisationId, path.program.slug, path.tenantId, query.page),
)
