import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { stopProgram } from '#lib/jobs/stop.ts'

export const POST = serve('POST /api/programs/{program}/stop', async ({ principal, path }) => {
  const ctx = { ...principal, db: server().db }
  return { runIds: await stopProgram({ ctx, input: { program: path.program.slug } }) }
})
