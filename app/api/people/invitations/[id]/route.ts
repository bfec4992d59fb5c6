import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/process/invite.ts'
import { withdraw } from '#lib/auth/invitations.ts'

export const DELETE = serve('DELETE /api/people/invitations/{id}', ({ principal, path }) =>
  withdraw({ ctx: peopleContext(principal), input: path }),
)
