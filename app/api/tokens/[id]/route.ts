import { authorise, nothing, route, uuidOf } from '#app/http/route.ts'
import { peopleContext } from '#app/process/invite.ts'
import { revokeToken } from '#lib/auth/api-tokens.ts'

export const DELETE = route<{ id: string }>(async (request, params) => {
  const principal = await authorise(request, 'tokens.write')
  await revokeToken({ ctx: peopleContext(principal), input: { id: uuidOf(params.id) } })
  return nothing()
})
