import { serve } from '#app/http/serve.ts'
import { syncCustomers } from '#app/process/requests.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/sync', ({ principal, path, body }) =>
  syncCustomers(principal, path.program, body),
)
