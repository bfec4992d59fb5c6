import { serve } from '#app/http/serve.ts'
import { clearOneTime, putOneTime } from '#app/process/one-time-mapping.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/customers/{tenantId}/one-time-mapping',
  ({ principal, path, body }) => putOneTime(principal, path, body),
)

export const DELETE = serve(
  'DELETE /api/programs/{program}/customers/{tenantId}/one-time-mapping',
  ({ principal, path }) => clearOneTime(principal, path),
)
