import { serve } from '#app/http/serve.ts'
import { shownMutes } from '#app/views/mutes.ts'

export const GET = serve('GET /api/programs/{program}/mutes', ({ principal, path: { program } }) =>
  shownMutes(principal.organisationId, program.slug),
)
