import { serve } from '#app/http/serve.ts'
import { agreementMonth } from '#app/views/agreement-months.ts'

export const GET = serve('GET /api/hosted/agreements/{id}/months/{period}', ({ principal, path, query }) =>
  agreementMonth(principal.organisationId, path.id, path.period, query.invoiceId),
)
