import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { signedIn } from '#app/http/session.ts'
import { invitedBy } from '#app/process/invite.ts'
import { server } from '#app/process/process.ts'
import { acceptInvitation } from '#lib/auth/invitations.ts'

export const PUT = serve('PUT /api/session/invitation', ({ body }) => invitedBy(body.token))

export const POST = serve('POST /api/session/invitation', async ({ request, body }) =>
  signedIn(await acceptInvitation({ db: server().db, caller: callerOf(request), input: body })),
)
