import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { changeOrganisationOptions } from '#lib/auth/organisation.ts'

export const PUT = serve('PUT /api/organisation', ({ principal, body }) => {
  const { organisationId, actor } = principal
  return changeOrganisationOptions({ ctx: { db: server().db, organisationId, actor }, input: body })
})
