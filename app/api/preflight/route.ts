import { programOf, refuse } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { preflightContext, shownPreflight } from '#app/process/preflight.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { freshPreflight, lookAgain } from '#lib/setup/preflight.ts'

export const GET = serve('GET /api/preflight', async ({ principal, query }) => {
  const { organisationId, actor, role, via } = principal
  const isAgain = query.again === 'yes'
  if (isAgain && !mayDo(role, 'preflight.fix', via))
    throw refuse('not-allowed', 'Only who may mend what is found may look again at once.')
  const ctx = await preflightContext(organisationId, programOf(query.program))
  return shownPreflight(await (isAgain ? lookAgain({ ctx: { ...ctx, actor } }) : freshPreflight({ ctx })))
})
