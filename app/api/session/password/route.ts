import { callerOf } from '#app/http/caller.ts'
import { authorise, bodyOf, route } from '#app/http/route.ts'
import { personOf, signedIn } from '#app/http/session.ts'
import { peopleContext } from '#app/process/invite.ts'
import { changePassword } from '#lib/auth/own-account.ts'
import { passwordChangeSchema } from '../../schemas/people.ts'

/** Changes the person's own password: other sessions end, this one goes on. */
export const PUT = route(async (request) => {
  const principal = await authorise(request, 'own-account.write')
  const input = await bodyOf(request, passwordChangeSchema)
  await changePassword({ ctx: peopleContext(principal), caller: callerOf(request), input })
  return signedIn(await personOf(principal))
})
