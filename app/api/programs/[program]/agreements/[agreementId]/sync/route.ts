import { serve } from '#app/http/serve.ts'
import { syncOneTime } from '#app/process/one-time.ts'

export const maxDuration = 60

export const POST = serve(
  'POST /api/programs/{program}/agreements/{agreementId}/sync',
  ({ principal, path }) => syncOneTime(principal, path),
)
