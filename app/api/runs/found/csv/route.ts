import { programOf } from '#app/http/api-route.ts'
import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { foundLines } from '#app/views/run-csv.ts'

export const GET = serve('GET /api/runs/found/csv', async ({ principal, query: { program, search } }) => ({
  name: 'syncs',
  lines: csvStream(foundLines(principal.organisationId, programOf(program).slug, search)),
}))
