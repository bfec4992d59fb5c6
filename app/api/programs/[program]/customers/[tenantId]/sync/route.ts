import { serve } from '#app/http/serve.ts'
import { syncCustomer } from '#app/process/requests.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/{tenantId}/sync', ({ principal, path }) =>
  syncCustomer(principal, path.program, path.tenantId),
)
