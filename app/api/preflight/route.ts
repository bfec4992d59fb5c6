import { authorise, programOf, queryOf, refuse, reply, route } from '#app/http/route.ts'
import { preflightContext, shownPreflight } from '#app/process/preflight.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { freshPreflight, lookAgain } from '#lib/setup/preflight.ts'
import { preflightQuerySchema, preflightSchema } from '../schemas/preflight.ts'

export const GET = route(async (request) => {
  const { organisationId, actor, role, via } = await authorise(request, 'preflight.read')
  const { program, again } = queryOf(request, preflightQuerySchema)
  if (again === 'yes' && !mayDo(role, 'preflight.fix', via))
    throw refuse('not-allowed', 'Only who may mend what is found may look again at once.')
  const ctx = await preflightContext(organisationId, programOf(program))
  const found = await (again === 'yes' ? lookAgain({ ctx: { ...ctx, actor } }) : freshPreflight({ ctx }))
  return reply(preflightSchema, shownPreflight(found))
})
