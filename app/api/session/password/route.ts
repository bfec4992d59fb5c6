import { callerOf } from '#app/http/caller.ts'
import { serve } from '#app/http/serve.ts'
import { personOf, signedIn } from '#app/http/session.ts'
import { peopleContext } from '#app/process/invite.ts'
import { changePassword } from '#lib/auth/own-account.ts'

export const PUT = serve('PUT /api/session/password', async ({ request, principal, body }) => {
  await changePassword({ ctx: peopleContext(principal), caller: callerOf(request), input: body })
  return signedIn(await personOf(principal))
})
