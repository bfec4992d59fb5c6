import { peopleContext } from '#app/server/people.ts'
import { authorise, nothing, route, uuidOf } from '#app/server/route.ts'
import { withdraw } from '#lib/auth/invitations.ts'

/** Withdraws an invitation: its link works no more. */
export const DELETE = route<{ id: string }>(async (request, params) => {
  const principal = await authorise(request, 'people.write')
  await withdraw({ ctx: peopleContext(principal), input: { id: uuidOf(params.id) } })
  return nothing()
})
