import { serve } from '#app/http/serve.ts'
import { confirmAndSync } from '#app/process/requests.ts'

export const POST = serve('POST /api/runs/{id}/confirm', ({ principal, path, body }) =>
  confirmAndSync(principal, path.id, body),
)
