import { z } from 'zod'
import { preflightContext, shownPreflight } from '#app/server/preflight.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { programs } from '#lib/programs/registry.ts'
import { freshPreflight, runPreflight } from '#lib/setup/preflight.ts'
import { preflightSchema } from '../schemas/preflight.ts'

/** `again=yes` looks now, whatever is stored. */
const querySchema = z.object({
  program: z.string().default(programs[0].slug),
  again: z.enum(['yes', 'no']).default('no'),
})

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'preflight.read')
  const { program, again } = queryOf(request, querySchema)
  const ctx = await preflightContext(organisationId, programOf(program))
  const found = await (again === 'yes' ? runPreflight({ ctx }) : freshPreflight({ ctx }))
  return reply(preflightSchema, shownPreflight(found))
})
