import { serve } from '#app/http/serve.ts'
import { shownConnections } from '#app/process/connecting.ts'

export const GET = serve('GET /api/connections', ({ principal }) =>
  shownConnections(principal.organisationId),
)
