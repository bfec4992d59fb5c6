import { ReadableStream } from 'node:stream/web'
import { serve } from '#app/http/serve.ts'
import { auditCsv } from '#app/views/audit.ts'

export const GET = serve('GET /api/audit/csv', async ({ principal, query }) => {
  const lines = ReadableStream.from(auditCsv(principal.organisationId, query))
  // Node's class is the platform's, but TypeScript has a type for each.
  return { name: 'audit', lines: lines as unknown as BodyInit }
})
