import { serve } from '#app/http/serve.ts'
import { installOurPods, lookAtOurPods, removeOurPods } from '#app/process/hosted-setups.ts'

export const GET = serve('GET /api/hosted/setups', ({ principal }) => lookAtOurPods(principal.organisationId))

export const POST = serve('POST /api/hosted/setups', ({ principal, body }) => installOurPods(principal, body))

export const DELETE = serve('DELETE /api/hosted/setups', ({ principal, query }) =>
  removeOurPods(principal, query),
)
