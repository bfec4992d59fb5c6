import { serve } from '#app/http/serve.ts'
import { agreementContent } from '#app/views/agreement-content.ts'

export const GET = serve('GET /api/hosted/agreements/{id}', ({ principal, path }) =>
  agreementContent(principal, path.id),
)
