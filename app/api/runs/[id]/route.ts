import { authorise, refuse, reply, route, uuidOf } from '#app/server/route.ts'
import { runContent } from '#app/server/shown-run.ts'
import { runSchema } from '../../schemas/runs.ts'

export const GET = route<{ id: string }>(async (request, params) => {
  const id = uuidOf(params.id)
  const { organisationId } = await authorise(request, 'runs.read')
  const found = await runContent(organisationId, id)
  if (found === null) throw refuse('not-found', 'There is no such run.')
  return reply(runSchema, found)
})
