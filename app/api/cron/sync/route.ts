import { queryOf, reply, requireBearer, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { runJobs } from '#app/process/worker.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import { log } from '#lib/base/log.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import { programs } from '#lib/programs/registry.ts'
import { cronQuerySchema, drainedSchema } from '../../schemas/jobs.ts'

export const maxDuration = 60

/** The scheduled call (H7): looks for invoices in every organisation and runs jobs; the next call carries on. */
export const GET = route(async (request) => {
  requireBearer(request, server().env.cronSecret, 'The scheduled call needs the bearer secret CRON_SECRET.')
  const { detect } = queryOf(request, cronQuerySchema)
  if (detect === 'yes') await enqueueDetects()
  return reply(drainedSchema, await runJobs())
})

/**
 * Organisations with both connections: without one of them nothing could be carried. One whose look could not be enqueued
 * has to wait for the next call, and no other waits for it.
 */
async function enqueueDetects(): Promise<void> {
  const { db } = server()
  for (const organisationId of await organisationIds(db)) {
    try {
      if ((await connectionsOf(db, organisationId)).length < 2) continue
      for (const { slug } of programs) await enqueueDetect(db, { organisationId, program: slug })
    } catch (error) {
      log.unexpected(error, { during: 'enqueueing looks', organisationId })
    }
  }
}
