import type { People, Tokens } from '#app/api/schemas/people.ts'
import { server } from '#app/process/process.ts'
import { type ApiToken, apiTokensOf } from '#db/people/api-tokens.ts'
import { openInvitations } from '#db/people/invitations.ts'
import { usersOf } from '#db/people/people.ts'
import { peopleWithSecondFactor } from '#db/people/second-factors.ts'
import { stateOf } from '#lib/auth/people.ts'

/** Everybody of the organisation, and who is invited, as the API shows them. */
export async function shownPeople(organisationId: string): Promise<People> {
  const { db } = server()
  const [people, withFactor, invitations] = await Promise.all([
    usersOf(db, organisationId),
    peopleWithSecondFactor(db, organisationId),
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
      withSecondFactor: withFactor.has(person.id),
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

const TOKENS_A_PAGE = 20

/** A page of the organisation's API tokens; `page` counts from 1, and past the last one that one is shown. */
export async function shownTokens(organisationId: string, page: number): Promise<Tokens> {
  const part = { limit: TOKENS_A_PAGE, offset: (page - 1) * TOKENS_A_PAGE }
  const { tokens, total } = await apiTokensOf(server().db, organisationId, part)
  const last = Math.max(1, Math.ceil(total / TOKENS_A_PAGE))
  if (page > last) return shownTokens(organisationId, last)
  return { tokens: tokens.map(shownToken), page, pageSize: TOKENS_A_PAGE, total }
}

export const shownToken = ({ id, name, role, createdBy, createdAt, expiresAt, lastUsedAt }: ApiToken) => ({
  id,
  name,
  role,
  createdBy,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})
