import { serve } from '#app/http/serve.ts'
import { reviewChanges } from '#app/process/mapping-changes.ts'

export const maxDuration = 60

export const POST = serve(
  'POST /api/programs/{program}/customers/match/review',
  ({ principal, path, body }) => reviewChanges(principal, path.program, body),
)
