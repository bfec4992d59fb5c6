import { programOf } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { runsPage } from '#app/views/runs.ts'

export const GET = serve('GET /api/runs', ({ principal, query: { program, kind, page } }) =>
  runsPage(principal.organisationId, programOf(program).slug, { kind, page }),
)
