import { ReadableStream } from 'node:stream/web'
import { serve } from '#app/http/serve.ts'
import { mappingsCsv } from '#app/views/customers.ts'

export const GET = serve('GET /api/programs/{program}/mappings/csv', async ({ principal, path, query }) => {
  const lines = ReadableStream.from(mappingsCsv(principal.organisationId, path.program.slug, query))
  // Node's class is the platform's, but TypeScript has a type for each.
  return { name: 'mappings', lines: lines as unknown as BodyInit }
})
