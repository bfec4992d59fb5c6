import { serve } from '#app/http/serve.ts'
import { companiesFound } from '#app/process/connectwise-records.ts'

export const GET = serve('GET /api/connectwise/companies', ({ principal, query }) =>
  companiesFound(principal.organisationId, query.search),
)
