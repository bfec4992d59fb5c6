import { serve } from '#app/http/serve.ts'
import { savedRule } from '#app/process/price-rules.ts'
import { shownRules } from '#app/views/price-rules.ts'

export const GET = serve(
  'GET /api/programs/{program}/price-rules',
  ({ principal, path: { program }, query }) => shownRules(principal.organisationId, program, query),
)

export const PUT = serve(
  'PUT /api/programs/{program}/price-rules',
  ({ principal, path: { program }, body }) => savedRule(principal, program, body),
)
