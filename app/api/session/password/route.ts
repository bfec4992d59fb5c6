import { callerOf } from '#app/server/caller.ts'
import { peopleContext } from '#app/server/people.ts'
import { authorise, bodyOf, route } from '#app/server/route.ts'
import { personOf, signedIn } from '#app/server/session.ts'
import { changePassword } from '#lib/auth/own-account.ts'
import { passwordChangeSchema } from '../../schemas/people.ts'

/** Changes the person's own password: other sessions end, this one goes on. */
export const PUT = route(async (request) => {
  const principal = await authorise(request, 'own-account.write')
  const input = await bodyOf(request, passwordChangeSchema)
  await changePassword({ ctx: peopleContext(principal), caller: callerOf(request), input })
  return signedIn(await personOf(principal))
})
