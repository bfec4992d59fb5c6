import { authorise, refuse, reply, route, uuidOf } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { audit } from '#db/people/audit.ts'
import { requestStop, run } from '#db/runs/runs.ts'
import { stoppedRunSchema } from '../../../schemas/jobs.ts'

/** Asks a run to end after the write in flight (F16). */
export const POST = route<{ id: string }>(async (request, params) => {
  const id = uuidOf(params.id)
  const { organisationId, actor } = await authorise(request, 'runs.stop')
  const { db } = server()
  if ((await run(db, organisationId, id)) === null) throw refuse('not-found', 'There is no such run.')
  const stopping = await db.transaction(async (tx) => {
    const asked = await requestStop(tx, organisationId, id, actor)
    if (asked) await audit(tx, organisationId, { actor, action: 'stop-run', subject: id })
    return asked
  })
  return reply(stoppedRunSchema, { stopping })
})
