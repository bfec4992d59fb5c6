import { serve } from '#app/http/serve.ts'
import { shownMonth } from '#app/views/months.ts'

export const GET = serve(
  'GET /api/programs/{program}/months/{period}',
  ({ principal, path: { program, period }, query }) =>
    shownMonth(principal.organisationId, program.slug, period, query),
)
