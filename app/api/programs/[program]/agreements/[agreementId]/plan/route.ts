import { serve } from '#app/http/serve.ts'
import { planOfOneTime } from '#app/process/one-time.ts'

export const maxDuration = 60

export const GET = serve('GET /api/programs/{program}/agreements/{agreementId}/plan', ({ principal, path }) =>
  planOfOneTime(principal, path),
)
