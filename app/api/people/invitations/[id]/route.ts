import { authorise, nothing, route, uuidOf } from '#app/http/route.ts'
import { peopleContext } from '#app/process/invite.ts'
import { withdraw } from '#lib/auth/invitations.ts'

/** Withdraws an invitation: its link works no more. */
export const DELETE = route<{ id: string }>(async (request, params) => {
  const principal = await authorise(request, 'people.write')
  await withdraw({ ctx: peopleContext(principal), input: { id: uuidOf(params.id) } })
  return nothing()
})
