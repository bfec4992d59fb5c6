import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/process/invite.ts'
import { revokeToken } from '#lib/auth/api-tokens.ts'

export const DELETE = serve('DELETE /api/tokens/{id}', ({ principal, path }) =>
  revokeToken({ ctx: peopleContext(principal), input: path }),
)
