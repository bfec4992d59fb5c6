import { serve } from '#app/http/serve.ts'
import { skip } from '#app/process/positions.ts'

export const POST = serve(
  'POST /api/programs/{program}/customers/{tenantId}/skip',
  ({ principal, path, body }) => skip(principal, path, body),
)
