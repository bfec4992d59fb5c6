import { authorise, programOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { programOptions } from '#lib/intake/context.ts'
import { missedByProgram } from '#lib/sync/missed.ts'
import { missedSchema } from '../../../schemas/programs.ts'

/** What the program's customers missed while its Sync was off (E6). */
export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId } = await authorise(request, 'program.write')
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  const months = await missedByProgram({ db, organisationId, program, options })
  return reply(missedSchema, { months: [...months] })
})
