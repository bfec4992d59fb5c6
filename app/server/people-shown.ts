import type { People, Tokens } from '#app/api/schemas/people.ts'
import { type ApiToken, apiTokensOf } from '#db/queries/api-tokens.ts'
import { openInvitations } from '#db/queries/invitations.ts'
import { usersOf } from '#db/queries/people.ts'
import { stateOf } from '#lib/auth/people.ts'
import { server } from './process.ts'

/** Everybody of the organisation, and who is invited, as the API shows them. */
export async function shownPeople(organisationId: string): Promise<People> {
  const { db } = server()
  const [people, invitations] = await Promise.all([
    usersOf(db, organisationId),
    openInvitations(db, organisationId),
  ])
  return {
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
  }
}

export const shownTokens = async (organisationId: string): Promise<Tokens> => ({
  tokens: (await apiTokensOf(server().db, organisationId)).map(shownToken),
})

export const shownToken = ({ id, name, role, createdBy, createdAt, lastUsedAt }: ApiToken) => ({
  id,
  name,
  role,
  createdBy,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})
