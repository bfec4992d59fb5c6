import { serve } from '#app/http/serve.ts'
import { forget, putPrism } from '#app/process/connecting.ts'

export const PUT = serve('PUT /api/connections/prism', ({ principal, body }) => putPrism(principal, body))

export const DELETE = serve('DELETE /api/connections/prism', ({ principal }) => forget(principal, 'prism'))
