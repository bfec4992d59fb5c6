import { serve } from '#app/http/serve.ts'
import { createOrganisationWithOwner } from '#app/process/invite.ts'

export const POST = serve('POST /api/organisations', ({ body }) => createOrganisationWithOwner(body))
