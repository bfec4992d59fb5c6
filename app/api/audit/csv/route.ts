import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { auditLines } from '#app/views/audit.ts'

export const GET = serve('GET /api/audit/csv', async ({ principal, query }) => ({
  name: 'audit',
  lines: csvStream(auditLines(principal.organisationId, query)),
}))
