import { programOf } from '#app/http/api-route.ts'
import { serve } from '#app/http/serve.ts'
import { invoicesCsv } from '#app/views/invoices-csv.ts'

export const GET = serve('GET /api/invoices/csv', async ({ principal, query }) => ({
  name: 'invoices',
  lines: await invoicesCsv(principal.organisationId, programOf(query.program)),
}))
