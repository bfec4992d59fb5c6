import { authorise, bodyOf, refuse, reply, route, uuidOf } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { runJobsAfterwards } from '#app/process/worker.ts'
import { programSettings } from '#db/prism/programs.ts'
import { run } from '#db/runs/runs.ts'
import { requestSync } from '#lib/jobs/enqueue.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { confirmWaiting } from '#lib/setup/confirm.ts'
import { confirmInputSchema } from '../../../schemas/answers.ts'
import { startedRunSchema } from '../../../schemas/jobs.ts'

/** Says yes to what waits in a run (F18), all of it or what the body names, and syncs the agreements concerned. */
export const POST = route<{ id: string }>(async (request, params) => {
  const runId = uuidOf(params.id)
  const { organisationId, actor, via } = await authorise(request, 'customers.sync')
  const which = await bodyOf(request, confirmInputSchema)
  const { db } = server()
  const program = (await run(db, organisationId, runId))?.program
  if (program === undefined) throw refuse('not-found', 'There is no such run.')
  if (!(await programSettings(db, organisationId, program))?.enabled)
    throw refuse('sync-off', `Sync is switched off for ${programBySlug(program)?.name ?? program}.`)
  const ctx = { db, organisationId, program, actor }
  const agreementIds = await confirmWaiting({ ctx, input: { runId, which } })
  const started = await requestSync(db, { organisationId, program, agreementIds, trigger: via, actor })
  runJobsAfterwards()
  return reply(startedRunSchema, { runId: started }, { status: 202 })
})
