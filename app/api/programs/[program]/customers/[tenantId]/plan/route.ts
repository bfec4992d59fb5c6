import { serve } from '#app/http/serve.ts'
import { planOfCustomer } from '#app/process/previews.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/plan',
  ({ principal, path, query }) => planOfCustomer(principal, path, query.others === 'yes'),
)
