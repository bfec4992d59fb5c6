import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { runJobs } from '#app/process/worker.ts'
import { enqueueLooks } from '#lib/jobs/enqueue-looks.ts'

export const maxDuration = 60

export const GET = serve('GET /api/cron/sync', async ({ query }) => {
  if (query.detect === 'yes') await enqueueLooks(server().db)
  return runJobs()
})
