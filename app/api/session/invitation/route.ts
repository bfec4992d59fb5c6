import { serve } from '#app/http/serve.ts'
import { callerOf } from '#app/server/caller.ts'
import { invitedBy } from '#app/server/people.ts'
import { server } from '#app/server/process.ts'
import { signedIn } from '#app/server/session.ts'
import { acceptInvitation } from '#lib/auth/invitations.ts'

export const PUT = serve('PUT /api/session/invitation', ({ body }) => invitedBy(body.token))

export const POST = serve('POST /api/session/invitation', async ({ request, body }) =>
  signedIn(await acceptInvitation({ db: server().db, caller: callerOf(request), input: body })),
)
