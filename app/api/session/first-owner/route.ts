import { callerOf } from '#app/server/caller.ts'
import { server } from '#app/server/process.ts'
import { bodyOf, route } from '#app/server/route.ts'
import { signedIn } from '#app/server/session.ts'
import { useFirstOwnerLink } from '#lib/auth/first-owner.ts'
import { firstOwnerSchema } from '../../schemas/people.ts'

/** Makes the first organisation and its owner by the link that was printed at the first start. */
export const POST = route(async (request) => {
  const input = await bodyOf(request, firstOwnerSchema)
  return signedIn(await useFirstOwnerLink({ db: server().db, caller: callerOf(request), input }))
})
