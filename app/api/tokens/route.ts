import { peopleContext } from '#app/server/people.ts'
import { server } from '#app/server/process.ts'
import { authorise, bodyOf, reply, route } from '#app/server/route.ts'
import { type ApiToken, apiTokensOf } from '#db/queries/api-tokens.ts'
import { makeApiToken } from '#lib/auth/api-tokens.ts'
import { newTokenSchema, tokenInputSchema, tokensSchema } from '../schemas/people.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'tokens.read')
  const tokens = await apiTokensOf(server().db, organisationId)
  return reply(tokensSchema, { tokens: tokens.map(shown) })
})

export const POST = route(async (request) => {
  const principal = await authorise(request, 'tokens.write')
  const input = await bodyOf(request, tokenInputSchema)
  const { stored, token } = await makeApiToken({ ctx: peopleContext(principal), input })
  return reply(newTokenSchema, { ...shown(stored), token }, { status: 201 })
})

const shown = ({ id, name, role, createdBy, createdAt, lastUsedAt }: ApiToken) => ({
  id,
  name,
  role,
  createdBy,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})
