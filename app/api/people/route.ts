import { server } from '#app/server/process.ts'
import { authorise, reply, route } from '#app/server/route.ts'
import { openInvitations } from '#db/queries/invitations.ts'
import { usersOf } from '#db/queries/people.ts'
import { stateOf } from '#lib/auth/people.ts'
import { peopleSchema } from '../schemas/people.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'people.read')
  const { db } = server()
  const [people, invitations] = await Promise.all([
    usersOf(db, organisationId),
    openInvitations(db, organisationId),
  ])
  return reply(peopleSchema, {
    people: people.map((person) => ({
      id: person.id,
      email: person.email,
      name: person.name,
      role: person.role,
      state: stateOf(person),
      withPassword: person.passwordHash !== null,
      withPrism: person.withPrism,
      createdAt: person.createdAt.toISOString(),
    })),
    invitations: invitations.map(({ id, email, role, expiresAt }) => ({
      id,
      email,
      role,
      expiresAt: expiresAt.toISOString(),
    })),
  })
})
