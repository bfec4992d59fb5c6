import { serve } from '#app/http/serve.ts'
import { planOfUndo } from '#app/process/previews.ts'

export const GET = serve('GET /api/runs/{id}/agreements/{agreementId}/undo', ({ principal, path }) =>
  planOfUndo(principal, path),
)
