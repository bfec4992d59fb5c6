import { serve } from '#app/http/serve.ts'
import { missedMonths } from '#app/process/programs.ts'

export const GET = serve('GET /api/programs/{program}/missed', ({ principal, path }) =>
  missedMonths(principal.organisationId, path.program),
)
