import { serve } from '#app/http/serve.ts'
import { callerOf } from '#app/server/caller.ts'
import { peopleContext } from '#app/server/people.ts'
import { personOf, signedIn } from '#app/server/session.ts'
import { changePassword } from '#lib/auth/own-account.ts'

export const PUT = serve('PUT /api/session/password', async ({ request, principal, body }) => {
  await changePassword({ ctx: peopleContext(principal), caller: callerOf(request), input: body })
  return signedIn(await personOf(principal))
})
