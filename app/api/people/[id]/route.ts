import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/process/invite.ts'
import { changePerson } from '#lib/auth/people.ts'

export const PUT = serve('PUT /api/people/{id}', ({ principal, path, body }) =>
  changePerson({ ctx: peopleContext(principal), input: { userId: path.id, change: body } }),
)
