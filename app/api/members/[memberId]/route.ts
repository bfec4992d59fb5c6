import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { shownMembers } from '#app/views/members.ts'
import { setMemberRight } from '#lib/members/rights.ts'

export const PUT = serve('PUT /api/members/{memberId}', async ({ principal, path, body }) => {
  await setMemberRight({ ctx: { ...principal, db: server().db }, input: { ...path, ...body } })
  return shownMembers(principal.organisationId)
})
