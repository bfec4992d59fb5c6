import { queryOf, reply, requireBearer, route } from '#app/http/route.ts'
import { server } from '#app/process/process.ts'
import { enqueueLooks, runJobs } from '#app/process/worker.ts'
import { cronQuerySchema, drainedSchema } from '../../schemas/jobs.ts'

export const maxDuration = 60

/** The scheduled call (H7): enqueues the looks for invoices that are due and runs jobs; the next call carries on. */
export const GET = route(async (request) => {
  requireBearer(request, server().env.cronSecret, 'The scheduled call needs the bearer secret CRON_SECRET.')
  const { detect } = queryOf(request, cronQuerySchema)
  if (detect !== 'no') await enqueueLooks({ all: detect === 'yes' })
  return reply(drainedSchema, await runJobs())
})
