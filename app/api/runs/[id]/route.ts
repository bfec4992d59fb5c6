import { refuse } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { runContent } from '#app/views/runs.ts'

export const GET = serve('GET /api/runs/{id}', async ({ principal, path, query }) => {
  const found = await runContent(principal.organisationId, path.id, query.detail)
  if (found === null) throw refuse('not-found', 'There is no such run.')
  return found
})
