import { serve } from '#app/http/serve.ts'
import { agreementFitness } from '#app/views/agreement-fitness.ts'

export const GET = serve('GET /api/hosted/agreements/{id}/fitness', ({ principal, path }) =>
  agreementFitness(principal.organisationId, path.id),
)
