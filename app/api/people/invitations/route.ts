import { authorise, bodyOf, reply, route } from '#app/http/route.ts'
import { inviteByMail, peopleContext } from '#app/process/invite.ts'
import { invitationInputSchema, sentInvitationSchema } from '../../schemas/people.ts'

export const POST = route(async (request) => {
  const principal = await authorise(request, 'people.write')
  const input = await bodyOf(request, invitationInputSchema)
  return reply(sentInvitationSchema, await inviteByMail(peopleContext(principal), input), { status: 201 })
})
