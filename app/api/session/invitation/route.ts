import { callerOf } from '#app/http/caller.ts'
import { bodyOf, reply, route } from '#app/http/route.ts'
import { signedIn } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { organisation } from '#db/directory/organisations.ts'
import { acceptInvitation, invitationOf } from '#lib/auth/invitations.ts'
import { acceptInvitationSchema, invitationTokenSchema, invitedSchema } from '../../schemas/people.ts'

/** Whom a link invites. PUT, because the token must not be in an address; it changes nothing. */
export const PUT = route(async (request) => {
  const { db } = server()
  const { token } = await bodyOf(request, invitationTokenSchema)
  const { email, role, organisationId } = await invitationOf(db, token)
  const found = await organisation(db, organisationId)
  return reply(invitedSchema, { email, role, organisation: found?.name ?? '' })
})

/** Accepts an invitation and signs in. */
export const POST = route(async (request) => {
  const input = await bodyOf(request, acceptInvitationSchema)
  return signedIn(await acceptInvitation({ db: server().db, caller: callerOf(request), input }))
})
