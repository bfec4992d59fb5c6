import { serve } from '#app/http/serve.ts'
import { mappingSuggestions } from '#app/views/suggested-companies.ts'

export const GET = serve('GET /api/programs/{program}/suggestions', ({ principal, path, query }) =>
  mappingSuggestions(principal.organisationId, path.program.slug, query),
)
