import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { signedIn } from '#app/http/session.ts'
import { invitedBy } from '#app/process/invite.ts'
import { server } from '#app/process/process.ts'
import { acceptInvitation } from '#lib/auth/invitations.ts'
import { requireNoFactor } from '#lib/auth/second-factor.ts'

export const PUT = serve('PUT /api/session/invitation', ({ body }) => invitedBy(body.token))

export const POST = serve('POST /api/session/invitation', async ({ request, body }) => {
  const { db, sealer } = server()
  const person = await acceptInvitation({ db, caller: callerOf(request), input: body })
  await requireNoFactor({ db, sealer }, person)
  return signedIn(person)
})
