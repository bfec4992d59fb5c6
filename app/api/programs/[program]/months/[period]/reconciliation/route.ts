import { serve } from '#app/http/serve.ts'
import { reconciliation } from '#app/views/reconciliation.ts'

export const GET = serve(
  'GET /api/programs/{program}/months/{period}/reconciliation',
  ({ principal, path: { program, period }, query }) =>
    reconciliation(principal.organisationId, program.slug, period, query, query.page),
)
