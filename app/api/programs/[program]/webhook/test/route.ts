import { serve } from '#app/http/serve.ts'
import { testWebhook } from '#app/process/notifications.ts'

export const POST = serve('POST /api/programs/{program}/webhook/test', ({ principal, path }) =>
  testWebhook(principal, path.program),
)
