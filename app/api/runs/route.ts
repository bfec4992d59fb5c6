import { serve } from '#app/http/serve.ts'
import { programOf } from '#app/server/route.ts'
import { runsPage } from '#app/server/shown-run.ts'

export const GET = serve('GET /api/runs', ({ principal, query: { program, kind, page } }) =>
  runsPage(principal.organisationId, programOf(program).slug, { kind, page }),
)
