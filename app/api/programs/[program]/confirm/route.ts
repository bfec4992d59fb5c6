import { serve } from '#app/http/serve.ts'
import { confirmCauseAndSync } from '#app/process/requests.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/confirm', ({ principal, path, body }) =>
  confirmCauseAndSync(principal, path.program.slug, body),
)
