import { authorise, programOf, refuse, reply, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { lookForInvoices, runJobsAfterwards } from '#app/process/worker.ts'
import { programSettings } from '#db/prism/programs.ts'
import { requestProducts } from '#lib/jobs/enqueue.ts'
import { startedRunSchema } from '../../../../schemas/jobs.ts'

export const maxDuration = 60

/** Starts a product sync, or answers with the one under way; only while the program's Sync is on (D9). */
export const POST = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId, actor, via } = await authorise(request, 'products.sync')
  const { db } = server()
  if (!(await programSettings(db, organisationId, program.slug))?.enabled)
    throw refuse('sync-off', `Sync is switched off for ${program.name}.`)
  // The price list of this moment.
  await lookForInvoices(organisationId, program.slug, { kind: 'products' })
  const runId = await requestProducts(db, { organisationId, program: program.slug, trigger: via, actor })
  runJobsAfterwards()
  return reply(startedRunSchema, { runId }, { status: 202 })
})
