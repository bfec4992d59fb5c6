import { serve } from '#app/http/serve.ts'
import { clearMapping, putMapping } from '#app/process/mapping.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/customers/{tenantId}/mapping',
  ({ principal, path, body }) => putMapping(principal, path, body),
)

export const DELETE = serve(
  'DELETE /api/programs/{program}/customers/{tenantId}/mapping',
  ({ principal, path, query }) => clearMapping(principal, path, query),
)
