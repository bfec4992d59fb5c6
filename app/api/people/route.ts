import { shownPeople } from '#app/server/people-shown.ts'
import { authorise, reply, route } from '#app/server/route.ts'
import { peopleSchema } from '../schemas/people.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'people.read')
  return reply(peopleSchema, await shownPeople(organisationId))
})
