import { programOf } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { agreementsFound } from '#app/process/connectwise-records.ts'

export const GET = serve('GET /api/connectwise/companies/{id}/agreements', ({ principal, path, query }) =>
  agreementsFound(principal.organisationId, programOf(query.program).slug, path.id, query),
)
