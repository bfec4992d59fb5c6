import { serve } from '#app/http/serve.ts'
import { agreementMonths } from '#app/views/agreement-months.ts'

export const GET = serve('GET /api/hosted/agreements/{id}/months', ({ principal, path }) =>
  agreementMonths(principal.organisationId, path.id),
)
