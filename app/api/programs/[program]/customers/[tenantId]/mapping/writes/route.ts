import { serve } from '#app/http/serve.ts'
import { writesAsMapped } from '#app/process/doubled.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/mapping/writes',
  ({ principal, path: { program, tenantId }, query }) =>
    writesAsMapped(principal, program, { tenantId, ...query }),
)
