import { serve } from '#app/http/serve.ts'
import { unskip } from '#app/process/positions.ts'

export const POST = serve(
  'POST /api/programs/{program}/customers/{tenantId}/unskip',
  ({ principal, path, body }) => unskip(principal, path, body),
)
