import { serve } from '#app/http/serve.ts'
import { cutoverOf } from '#app/process/cutover.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/questions', ({ principal, path, body }) =>
  cutoverOf(principal, path.program, body.tenantIds),
)
