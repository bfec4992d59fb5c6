import { serve } from '#app/http/serve.ts'
import { acceptMatches } from '#app/process/accepted-matches.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/match', ({ principal, path, body }) =>
  acceptMatches(principal, path.program, body),
)
