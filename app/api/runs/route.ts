import { authorise, programOf, queryOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { shownRun } from '#app/views/runs.ts'
import { runsOf } from '#db/runs/runs.ts'
import { runsQuerySchema, runsSchema } from '../schemas/runs.ts'

const PAGE_SIZE = 50

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'runs.read')
  const { program, kind, page } = queryOf(request, runsQuerySchema)
  const runs = await runsOf(server().db, organisationId, programOf(program).slug, {
    ...(kind === undefined ? {} : { kind }),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  return reply(runsSchema, { runs: runs.map(shownRun), page, pageSize: PAGE_SIZE })
})
