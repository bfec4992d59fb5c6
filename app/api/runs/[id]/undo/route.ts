import { serve } from '#app/http/serve.ts'
import { undoRun } from '#app/process/requests.ts'

export const POST = serve('POST /api/runs/{id}/undo', ({ principal, path, body }) =>
  undoRun(principal, path.id, body),
)
