import { serve } from '#app/http/serve.ts'
import { reconciliationCsv } from '#app/views/reconciliation-csv.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/months/{period}/reconciliation/csv',
  async ({ principal, path: { program, period }, query }) => ({
    name: `reconciliation-${period}`,
    lines: await reconciliationCsv(principal.organisationId, program.slug, period, query),
  }),
)
