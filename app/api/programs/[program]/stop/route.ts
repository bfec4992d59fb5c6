import { authorise, programOf, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { audit } from '#db/people/audit.ts'
import { requestStopOfProgram } from '#db/runs/runs.ts'
import { stoppedRunsSchema } from '../../../schemas/jobs.ts'

/** Asks every run of the program to end after the write in flight (F16). */
export const POST = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor } = await authorise(request, 'runs.stop')
  const runIds = await server().db.transaction(async (tx) => {
    const asked = await requestStopOfProgram(tx, organisationId, program.slug, actor)
    await audit(tx, organisationId, {
      actor,
      action: 'stop-program',
      subject: program.slug,
      detail: { runs: asked },
    })
    return asked
  })
  return reply(stoppedRunsSchema, { runIds })
})
