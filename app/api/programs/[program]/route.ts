import { serve } from '#app/http/serve.ts'
import { putProgram } from '#app/process/programs.ts'
import { storedProgram } from '#app/views/program.ts'

export const GET = serve('GET /api/programs/{program}', ({ principal, path }) =>
  storedProgram(principal.organisationId, path.program),
)

export const PUT = serve('PUT /api/programs/{program}', ({ principal, path, body }) =>
  putProgram(principal, path.program, body),
)
