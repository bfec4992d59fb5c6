import { serve } from '#app/http/serve.ts'
import { inviteByMail, peopleContext } from '#app/process/invite.ts'

export const POST = serve('POST /api/people/invitations', ({ principal, body }) =>
  inviteByMail(peopleContext(principal), body),
)
