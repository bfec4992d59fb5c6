import { serve } from '#app/http/serve.ts'
import { companyContent } from '#app/process/pods.ts'

export const GET = serve('GET /api/hosted/companies/{id}', ({ principal, path }) =>
  companyContent(principal.organisationId, path.id),
)
