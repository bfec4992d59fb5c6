import { serve } from '#app/http/serve.ts'
import { customerEvents } from '#app/views/customer-events.ts'

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/events',
  ({ principal, path, query }) =>
    customerEvents(principal.organisationId, path.program.slug, path.tenantId, query.page),
)
