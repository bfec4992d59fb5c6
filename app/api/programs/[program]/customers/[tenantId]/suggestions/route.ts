import { serve } from '#app/http/serve.ts'
import { suggestedCompanies } from '#app/views/suggested-companies.ts'

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/suggestions',
  ({ principal, path }) => suggestedCompanies(principal.organisationId, path.program.slug, path.tenantId),
)
