import { serve } from '#app/http/serve.ts'
import { peopleContext } from '#app/process/invite.ts'
import { shownToken, shownTokens } from '#app/views/people.ts'
import { makeApiToken } from '#lib/auth/api-tokens.ts'

export const GET = serve('GET /api/tokens', ({ principal, query }) =>
  shownTokens(principal.organisationId, query.page),
)

export const POST = serve('POST /api/tokens', async ({ principal, body }) => {
  const { stored, token } = await makeApiToken({ ctx: peopleContext(principal), input: body })
  return { ...shownToken(stored), token }
})
