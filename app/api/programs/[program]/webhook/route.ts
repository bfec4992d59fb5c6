import { serve } from '#app/http/serve.ts'
import { removeWebhook, setWebhook } from '#app/process/notifications.ts'

export const PUT = serve('PUT /api/programs/{program}/webhook', ({ principal, path, body }) =>
  setWebhook(principal, path.program, body),
)

export const DELETE = serve('DELETE /api/programs/{program}/webhook', ({ principal, path }) =>
  removeWebhook(principal, path.program),
)
