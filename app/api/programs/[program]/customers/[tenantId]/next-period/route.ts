import { serve } from '#app/http/serve.ts'
import { startAt } from '#app/process/positions.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/customers/{tenantId}/next-period',
  ({ principal, path, body }) => startAt(principal, path, body),
)
