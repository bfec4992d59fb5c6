import { serve } from '#app/http/serve.ts'
import { saveChanges } from '#app/process/mapping-changes.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/switch', ({ principal, path, body }) =>
  saveChanges(principal, path.program, body, body),
)
