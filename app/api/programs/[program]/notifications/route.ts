import { serve } from '#app/http/serve.ts'
import { shownNotifications } from '#app/views/notifications.ts'

export const GET = serve('GET /api/programs/{program}/notifications', ({ principal, path }) =>
  shownNotifications(principal.organisationId, path.program.slug),
)
