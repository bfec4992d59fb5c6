import { authorise, bodyOf, queryOf, reply, route } from '#app/http/route.ts'
import { peopleContext } from '#app/process/invite.ts'
import { shownToken, shownTokens } from '#app/views/people.ts'
import { makeApiToken } from '#lib/auth/api-tokens.ts'
import { newTokenSchema, tokenInputSchema, tokensQuerySchema, tokensSchema } from '../schemas/people.ts'

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'tokens.read')
  const { page } = queryOf(request, tokensQuerySchema)
  return reply(tokensSchema, await shownTokens(organisationId, page))
})

export const POST = route(async (request) => {
  const principal = await authorise(request, 'tokens.write')
  const input = await bodyOf(request, tokenInputSchema)
  const { stored, token } = await makeApiToken({ ctx: peopleContext(principal), input })
  return reply(newTokenSchema, { ...shownToken(stored), token }, { status: 201 })
})
