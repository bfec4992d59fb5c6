import { serve } from '#app/http/serve.ts'
import { beginAndSync } from '#app/process/requests.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/begin', ({ principal, path, body }) =>
  beginAndSync(principal, path.program, body),
)
