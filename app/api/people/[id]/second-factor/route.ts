import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/process/invite.ts'
import { resetFactor } from '#lib/auth/second-factor.ts'

export const DELETE = serve('DELETE /api/people/{id}/second-factor', ({ principal, path }) =>
  resetFactor(peopleContext(principal), path.id),
)
