import { serve } from '#app/http/serve.ts'
import { auditPage } from '#app/server/audit.ts'

export const GET = serve('GET /api/audit', ({ principal, query }) =>
  auditPage(principal.organisationId, query),
)
