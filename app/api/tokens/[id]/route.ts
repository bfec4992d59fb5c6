import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/server/people.ts'
import { revokeToken } from '#lib/auth/api-tokens.ts'

export const DELETE = serve('DELETE /api/tokens/{id}', ({ principal, path }) =>
  revokeToken({ ctx: peopleContext(principal), input: path }),
)
