import { serve } from '#app/http/serve.ts'
import { mappingSuggestions } from '#app/views/customers-to-match.ts'

export const maxDuration = 60

export const GET = serve('GET /api/programs/{program}/suggestions', ({ principal, path, query }) =>
  mappingSuggestions(principal.organisationId, path.program, query),
)
