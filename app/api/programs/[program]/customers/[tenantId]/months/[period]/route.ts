import { serve } from '#app/http/serve.ts'
import { customerMonth } from '#app/views/customer-months.ts'

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/months/{period}',
  ({ principal, path, query }) =>
    customerMonth(
      principal.organisationId,
      path.program.slug,
      path.tenantId,
      path.period,
      query.agreementId,
      query.invoiceId,
    ),
)
