import { serve } from '#app/http/serve.ts'
import { auditPage } from '#app/views/audit.ts'

export const GET = serve('GET /api/audit', ({ principal, query }) =>
  auditPage(principal.organisationId, query),
)
