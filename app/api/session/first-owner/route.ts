import { callerOf } from '#app/http/caller.ts'
import { bodyOf, route } from '#app/http/route.ts'
import { signedIn } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { useFirstOwnerLink } from '#lib/auth/first-owner.ts'
import { firstOwnerSchema } from '../../schemas/people.ts'

/** Makes the first organisation and its owner by the link that was printed at the first start. */
export const POST = route(async (request) => {
  const input = await bodyOf(request, firstOwnerSchema)
  return signedIn(await useFirstOwnerLink({ db: server().db, caller: callerOf(request), input }))
})
