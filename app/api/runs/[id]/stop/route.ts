import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { stopRun } from '#lib/jobs/stop.ts'

export const POST = serve('POST /api/runs/{id}/stop', async ({ principal, path }) => {
  const ctx = { ...principal, db: server().db }
  return { stopping: await stopRun({ ctx, input: { runId: path.id } }) }
})
