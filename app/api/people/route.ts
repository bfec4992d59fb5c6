import { authorise, reply, route } from '#app/http/route.ts'
import { shownPeople } from '#app/views/people.ts'
import { peopleSchema } from '../schemas/people.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'people.read')
  return reply(peopleSchema, await shownPeople(organisationId))
})
