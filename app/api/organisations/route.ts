import { serve } from '#app/http/serve.ts'
import { createOrganisationWithOwner } from '#app/server/people.ts'

export const POST = serve('POST /api/organisations', ({ body }) => createOrganisationWithOwner(body))
