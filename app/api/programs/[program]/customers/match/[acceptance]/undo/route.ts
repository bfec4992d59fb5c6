import { serve } from '#app/http/serve.ts'
import { takeBackMatches } from '#app/process/accepted-matches.ts'

export const maxDuration = 60

export const POST = serve(
  'POST /api/programs/{program}/customers/match/{acceptance}/undo',
  ({ principal, path: { program, acceptance } }) => takeBackMatches(principal, program, acceptance),
)
