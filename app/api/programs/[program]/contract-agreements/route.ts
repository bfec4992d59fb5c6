import { serve } from '#app/http/serve.ts'
import { contractAgreementsOf } from '#app/process/contract-agreements.ts'

export const GET = serve('GET /api/programs/{program}/contract-agreements', ({ principal, path }) =>
  contractAgreementsOf(principal.organisationId, path.program),
)
