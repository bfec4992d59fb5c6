import { serve } from '#app/http/serve.ts'
import { refuse } from '#app/server/route.ts'
import { runContent } from '#app/server/shown-run.ts'

export const GET = serve('GET /api/runs/{id}', async ({ principal, path, query }) => {
  const found = await runContent(principal.organisationId, path.id, query.detail)
  if (found === null) throw refuse('not-found', 'There is no such run.')
  return found
})
