import { authorise, bodyOf, nothing, route, uuidOf } from '#app/http/route.ts'
import { peopleContext } from '#app/process/invite.ts'
import { changePerson } from '#lib/auth/people.ts'
import { personChangeSchema } from '../../schemas/people.ts'

/** Another role, switched off, on again, or let in who waits. */
export const PUT = route<{ id: string }>(async (request, params) => {
  const principal = await authorise(request, 'people.write')
  const userId = uuidOf(params.id)
  const change = await bodyOf(request, personChangeSchema)
  await changePerson({ ctx: peopleContext(principal), input: { userId, change } })
  return nothing()
})
