import { authorise, programOf, queryOf, refuse, reply, route } from '#app/http/route.ts'
import { preflightContext, shownPreflight } from '#app/process/preflight.ts'
import { fixCheck } from '#lib/setup/preflight.ts'
import { checkIdSchema, fixedSchema } from '../../../schemas/preflight.ts'
import { programQuerySchema } from '../../../schemas/programs.ts'

/** Creates or activates in ConnectWise what the check found wanting (A4), and says what it did. */
export const POST = route<{ check: string }>(async (request, params) => {
  const { organisationId, actor } = await authorise(request, 'preflight.fix')
  const check = checkIdSchema.safeParse(params.check)
  if (!check.success) throw refuse('not-found', `There is no check '${params.check.slice(0, 40)}'.`)
  const { program } = queryOf(request, programQuerySchema)
  const ctx = { ...(await preflightContext(organisationId, programOf(program))), actor }
  const { did, preflight } = await fixCheck({ ctx, input: { check: check.data } })
  return reply(fixedSchema, { ...shownPreflight(preflight), did: [...did] })
})
