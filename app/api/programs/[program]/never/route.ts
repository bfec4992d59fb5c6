import { serve } from '#app/http/serve.ts'
import { shownNeverMapped } from '#app/views/never-mapped.ts'

export const GET = serve('GET /api/programs/{program}/never', ({ principal, path: { program } }) =>
  shownNeverMapped(principal.organisationId, program.slug),
)
