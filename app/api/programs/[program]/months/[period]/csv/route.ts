import { serve } from '#app/http/serve.ts'
import { monthCsv } from '#app/views/month-csv.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/months/{period}/csv',
  async ({ principal, path: { program, period }, query }) => ({
    name: `month-${period}`,
    lines: await monthCsv(principal.organisationId, program.slug, period, query),
  }),
)
