import { serve } from '#app/http/serve.ts'
import { renewalsCsv } from '#app/views/renewals-csv.ts'

export const GET = serve(
  'GET /api/programs/{program}/renewals/csv',
  async ({ principal, path: { program }, query }) => ({
    name: 'renewals',
    lines: await renewalsCsv(principal.organisationId, program, query.within),
  }),
)
