import { serve } from '#app/http/serve.ts'
import { shownRenewals } from '#app/views/renewals.ts'

export const GET = serve('GET /api/programs/{program}/renewals', ({ principal, path: { program }, query }) =>
  shownRenewals(principal.organisationId, program, query.within),
)
