import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { inboxLines } from '#app/views/inbox-csv.ts'

export const maxDuration = 60

export const GET = serve('GET /api/inbox/csv', async ({ principal, query }) => ({
  name: 'to-do',
  lines: csvStream(await inboxLines(principal, query)),
}))
