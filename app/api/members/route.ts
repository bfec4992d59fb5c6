import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { shownMembers } from '#app/views/members.ts'
import { setMembersRight } from '#lib/members/rights.ts'

export const GET = serve('GET /api/members', ({ principal }) => shownMembers(principal.organisationId))

export const PUT = serve('PUT /api/members', async ({ principal, body }) => {
  await setMembersRight({ ctx: { ...principal, db: server().db }, input: body })
  return shownMembers(principal.organisationId)
})
