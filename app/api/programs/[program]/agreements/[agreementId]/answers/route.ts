import { serve } from '#app/http/serve.ts'
import { answersOf } from '#app/views/answers.ts'

export const GET = serve(
  'GET /api/programs/{program}/agreements/{agreementId}/answers',
  ({ principal, path }) => answersOf(principal.organisationId, path.program.slug, path.agreementId),
)
