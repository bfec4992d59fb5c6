import { z } from 'zod'
import { peopleContext } from '#app/server/people.ts'
import { shownToken, shownTokens } from '#app/server/people-shown.ts'
import { authorise, bodyOf, queryOf, reply, route } from '#app/server/route.ts'
import { makeApiToken } from '#lib/auth/api-tokens.ts'
import { newTokenSchema, tokenInputSchema, tokensSchema } from '../schemas/people.ts'

const querySchema = z.object({ page: z.coerce.number().int().min(1).max(1000).default(1) })

export const GET = route(async (request) => {
  const { organisationId } = await authorise(request, 'tokens.read')
  const { page } = queryOf(request, querySchema)
  return reply(tokensSchema, await shownTokens(organisationId, page))
})

export const POST = route(async (request) => {
  const principal = await authorise(request, 'tokens.write')
  const input = await bodyOf(request, tokenInputSchema)
  const { stored, token } = await makeApiToken({ ctx: peopleContext(principal), input })
  return reply(newTokenSchema, { ...shownToken(stored), token }, { status: 201 })
})
