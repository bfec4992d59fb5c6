import { serve } from '#app/http/serve.ts'
import { priceRulesCsv } from '#app/views/price-rules.ts'

export const GET = serve(
  'GET /api/programs/{program}/price-rules/csv',
  async ({ principal, path: { program }, query }) => ({
    name: 'price-rules',
    lines: await priceRulesCsv(principal.organisationId, program, query),
  }),
)
