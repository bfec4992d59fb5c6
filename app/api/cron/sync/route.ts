import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { runJobs } from '#app/process/worker.ts'
import { enqueueLooks } from '#lib/jobs/enqueue-looks.ts'

export const maxDuration = 60

export const GET = serve('GET /api/cron/sync', async ({ query }) => {
  if (query.detect !== 'no') await enqueueLooks(server().db, { all: query.detect === 'yes' })
  return runJobs()
})
