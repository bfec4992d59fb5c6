import { inviteByMail, peopleContext } from '#app/server/people.ts'
import { authorise, bodyOf, reply, route } from '#app/server/route.ts'
import { invitationInputSchema, sentInvitationSchema } from '../../schemas/people.ts'

export const POST = route(async (request) => {
  const principal = await authorise(request, 'people.write')
  const input = await bodyOf(request, invitationInputSchema)
  return reply(sentInvitationSchema, await inviteByMail(peopleContext(principal), input), { status: 201 })
})
