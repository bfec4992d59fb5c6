import { z } from 'zod'
import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { shownRun } from '#app/server/shown-run.ts'
import { runsOf } from '#db/queries/runs.ts'
import { programs } from '#lib/programs/registry.ts'
import { runsSchema } from '../schemas/runs.ts'

const PAGE_SIZE = 50

const querySchema = z.object({
  program: z.string().default(programs[0].slug),
  kind: z.enum(['customers', 'products']).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'runs.read')
  const { program, kind, page } = queryOf(request, querySchema)
  const runs = await runsOf(server().db, organisationId, programOf(program).slug, {
    ...(kind === undefined ? {} : { kind }),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  return reply(runsSchema, { runs: runs.map(shownRun), page, pageSize: PAGE_SIZE })
})
