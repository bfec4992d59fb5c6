import { serve } from '#app/http/serve.ts'
import { forget, putConnectWise } from '#app/process/connecting.ts'

export const PUT = serve('PUT /api/connections/connectwise', ({ principal, body }) =>
  putConnectWise(principal, body),
)

export const DELETE = serve('DELETE /api/connections/connectwise', ({ principal }) =>
  forget(principal, 'connectwise'),
)
