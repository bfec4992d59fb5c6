import { serve } from '#app/http/serve.ts'
import { beginningOn } from '#app/views/beginning.ts'

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/beginning',
  ({ principal, path, query }) =>
    beginningOn(principal.organisationId, path.program, path.tenantId, query.agreementId),
)
