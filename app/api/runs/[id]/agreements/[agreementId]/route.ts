import { refuse } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { runAgreement } from '#app/views/runs.ts'

export const GET = serve('GET /api/runs/{id}/agreements/{agreementId}', async ({ principal, path }) => {
  const found = await runAgreement(principal.organisationId, path.id, path.agreementId)
  if (found === null) throw refuse('not-found', 'There is no such agreement in the run.')
  return found
})
