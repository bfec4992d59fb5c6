import { authorise, queryOf, refuse, reply, route, uuidOf } from '#app/http/route.ts'
import { runContent } from '#app/views/runs.ts'
import { runQuerySchema, runSchema } from '../../schemas/runs.ts'

export const GET = route<{ id: string }>(async (request, params) => {
  const id = uuidOf(params.id)
  const { organisationId } = await authorise(request, 'runs.read')
  const { detail } = queryOf(request, runQuerySchema)
  const found = await runContent(organisationId, id, detail)
  if (found === null) throw refuse('not-found', 'There is no such run.')
  return reply(runSchema, found)
})
