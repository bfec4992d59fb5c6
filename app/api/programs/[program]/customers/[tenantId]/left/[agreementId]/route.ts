import { serve } from '#app/http/serve.ts'
import { endWhatWasLeft } from '#app/process/mapping.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/customers/{tenantId}/left/{agreementId}',
  ({ principal, path, body }) => endWhatWasLeft(principal, path, body),
)
