import { serve } from '#app/http/serve.ts'
import { subscribe } from '#app/process/notifications.ts'

export const POST = serve(
  'POST /api/programs/{program}/notifications/subscriptions',
  ({ principal, path, body }) => subscribe(principal, path.program, body),
)
