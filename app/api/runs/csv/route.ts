import { programOf } from '#app/http/api-route.ts'
import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { historyLines } from '#app/views/run-csv.ts'

export const GET = serve('GET /api/runs/csv', async ({ principal, query: { program, kind } }) => ({
  name: 'history',
  lines: csvStream(historyLines(principal.organisationId, programOf(program).slug, kind)),
}))
