import { programOf } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { foundRuns } from '#app/views/found-runs.ts'

export const GET = serve('GET /api/runs/found', ({ principal, query: { program, search, page } }) =>
  foundRuns(principal.organisationId, { program: programOf(program).slug, search, page }),
)
