import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { runLines } from '#app/views/run-csv.ts'

export const maxDuration = 60

export const GET = serve('GET /api/runs/{id}/csv', async ({ principal, path: { id } }) => ({
  name: 'sync',
  lines: csvStream(await runLines(principal.organisationId, id)),
}))
