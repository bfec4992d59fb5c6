import { csvStream } from '#app/http/file.ts'
import { serve } from '#app/http/serve.ts'
import { customerMonthsLines } from '#app/views/customer-months-csv.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/months/csv',
  async ({ principal, path: { program, tenantId } }) => ({
    name: 'customer-months',
    lines: csvStream(await customerMonthsLines(principal.organisationId, program.slug, tenantId)),
  }),
)
