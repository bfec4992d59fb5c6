import { serve } from '#app/http/serve.ts'
import { mappingConsequences } from '#app/process/mapping.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/customers/{tenantId}/mapping/consequences',
  ({ principal, path, query }) => mappingConsequences(principal, path, query.agreementId),
)
